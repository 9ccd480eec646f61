// Starts a page: its clock, its turning and refreshing, and the modules that its elements declare by data-module.
// A module exports some of start(element), refreshed(element), turned(element) and tick(element, time).
import { begin, contact, minutesAhead, now, onTick, sync } from "./core/clock.js";
import { attempt, bringUpKept, build, copied, frozen, keepOnPhone, kept, replaced, revisionShown } from "./core/page.js";
import { follow, refreshAfterBoundary, refreshed, refreshTo } from "./core/refresh.js";
import { sayNews, sayNow, showAge } from "./core/status.js";
import { listen } from "./core/stream.js";
import { count, read, turn, turned } from "./core/turning.js";

const modules = new Map();
const started = new WeakSet();
const waiting = new WeakSet();

function declared() {
  return [...document.querySelectorAll("[data-module]")];
}

function call(hook, ...values) {
  for (const element of declared()) {
    if (started.has(element)) attempt(() => modules.get(element.dataset.module)[hook]?.(element, ...values));
  }
}

/** Starts what is declared and was not started yet. A module that waits comes with the focus, or for another zone. */
function startModules() {
  for (const element of declared()) {
    const { module: name, wait } = element.dataset;
    if (started.has(element)) continue;
    if (modules.has(name)) start(element, modules.get(name));
    else if (wait === "focus" && !location.search) loadOnUse(element, name);
    else if (wait !== "elsewhere" || minutesAhead(document.querySelector("[data-session]")?.dataset.start)) load(name);
  }
}

function loadOnUse(element, name) {
  if (waiting.has(element)) return;
  waiting.add(element);
  for (const use of ["focusin", "input"]) element.addEventListener(use, () => load(name), { once: true });
}

async function load(name) {
  try {
    modules.set(name, await import(`./modules/${name}.js`));
    for (const element of declared()) if (element.dataset.module === name && !started.has(element)) start(element, modules.get(name));
  } catch (error) {
    console.error(name, error);
  }
}

function start(element, module) {
  started.add(element);
  attempt(() => module.start?.(element));
  attempt(() => module.refreshed?.(element));
  if (!Number.isNaN(now())) attempt(() => module.tick?.(element, now()));
}

/** Opens the day at what is on, where nothing of it is in sight and the reader chose no place. */
function openAtNow() {
  const list = document.querySelector("[data-opens-at-now]");
  const shown = [...document.querySelectorAll("[data-state=now], [data-state=next], [data-slot=cancelled] [data-session]")];
  const chosen = location.hash || scrollY > 0 || performance.getEntriesByType("navigation")[0]?.type === "back_forward";
  if (!list || chosen || shown.length === 0 || shown.some(inSight)) return;
  const row = list.querySelector("[data-state=now]") ?? list.querySelector("[data-state=next]");
  row?.scrollIntoView({ block: "center" });
}

function inSight(node) {
  const { top, bottom, height } = node.getBoundingClientRect();
  return height > 0 && top >= 0 && bottom <= innerHeight;
}

/** A page from the phone's store may be of another day: it listens once it knows who answers. */
function hear() {
  if (frozen || copied) return;
  const begun = () => listen(revisionShown(), ({ type, revision, spread }) => {
    if (type === "revision") refreshTo(revision, spread);
    else sync();
  });
  if (kept) contact.addEventListener("made", begun, { once: true });
  else begun();
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
for (const event of ["other", "replaced"]) contact.addEventListener(event, replaced);
onTick((time) => {
  if (turn(time)) refreshAfterBoundary();
  count(time);
  call("tick", time);
});
try {
  read();
  showAge();
  follow();
  begin();
  hear();
  openAtNow();
  startModules();
  keepOnPhone();
  bringUpKept();
} finally {
  // The style hides a kept page's slots until they are right.
  delete document.documentElement.dataset.kept;
}
