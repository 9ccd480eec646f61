// Starts a page: its clock, its turning and refreshing, and the modules that its elements declare by data-module.
// A module exports some of start(element), refreshed(element), turned(element) and tick(element, time).
import { begin, contact, minutesAhead, now, sync } from "./core/clock.js";
import { attempt, bringUpKept, build, copied, frozen, keepOnPhone, replaced } from "./core/page.js";
import { follow, refreshAfterBoundary, refreshed, refreshTo } from "./core/refresh.js";
import { sayNews, sayNow, showAge } from "./core/status.js";
import { listen } from "./core/stream.js";
import { count, read, turn, turned } from "./core/turning.js";

const started = new WeakSet();
const modules = new WeakMap();
const declared = () => document.querySelectorAll("[data-module]");

function call(hook, ...values) {
  for (const element of declared()) attempt(() => modules.get(element)?.[hook]?.(element, ...values));
}

/** Starts what is declared and was not started yet. One of readers elsewhere is for them alone. */
function startModules() {
  for (const element of declared()) {
    const { module: name, elsewhere } = element.dataset;
    const isForOthers = elsewhere !== undefined && !minutesAhead(document.querySelector("[data-session]")?.dataset.start);
    if (!started.has(element) && !isForOthers) start(element, name);
  }
}

async function start(element, name) {
  started.add(element);
  try {
    const module = await import(`./modules/${name}.js`);
    modules.set(element, module);
    attempt(() => module.start?.(element));
    attempt(() => module.refreshed?.(element));
    if (!Number.isNaN(now())) attempt(() => module.tick?.(element, now()));
  } catch (error) {
    started.delete(element);
    console.error(name, error);
  }
}

/** Opens the day at what is on, where nothing of it is in sight and the reader chose no place. */
function openAtNow() {
  const list = document.querySelector("[data-opens-at-now]");
  const shown = [...document.querySelectorAll("[data-state=now], [data-state=next], [data-slot=cancelled] [data-session]")];
  const boxes = shown.map((node) => node.getBoundingClientRect()).filter(({ height }) => height > 0);
  const inSight = boxes.some(({ top, bottom }) => top >= 0 && bottom <= innerHeight);
  const chosen = location.hash || scrollY > 0 || performance.getEntriesByType("navigation")[0]?.type === "back_forward";
  if (!list || chosen || inSight) return;
  const row = list.querySelector("[data-state=now]") ?? list.querySelector("[data-state=next]");
  row?.scrollIntoView({ block: "center" });
}

turned.addEventListener("turned", () => {
  call("turned");
  sayNow();
});
refreshed.addEventListener("refreshed", () => {
  read();
  turn(now());
  startModules();
  call("refreshed");
  sayNews();
  bringUpKept();
});
contact.addEventListener("made", ({ detail }) => detail.build !== build && replaced());
contact.addEventListener("replaced", replaced);
try {
  read();
  showAge();
  follow();
  begin((time) => {
    if (turn(time)) refreshAfterBoundary();
    count(time);
    call("tick", time);
  });
  if (!frozen && !copied) listen(({ type, revision, spread }) => (type === "revision" ? refreshTo(revision, spread) : sync()));
  openAtNow();
  startModules();
  keepOnPhone();
  bringUpKept();
} finally {
  // The style hides a kept page's slots until they are right.
  delete document.documentElement.dataset.kept;
}
