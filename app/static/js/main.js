// Starts a page: its clock, its turning and refreshing, and the modules that elements declare by data-module.
// A module exports some of start(element), refreshed(element), turned(element), tick(element, time) and cue(element, cue).
import { contactEvents, loseStream, minutesAheadOfVenue, now, startClock, takeHeartbeat } from "./core/clock.js";
import { attempt, build, isFrozen, isStaticCopy, registerWorker, reloadForNewBuild, requestCacheUpdate } from "./core/page-context.js";
import { refreshAfterBoundary, refreshEvents, refreshToRevision, refreshToRoomState, startRefreshing } from "./core/refresh.js";
import { announceNews, announceNow, showStaleNotice } from "./core/spoken-status.js";
import { listenToStream } from "./core/stream.js";
import { readPage, turnEvents, turnTo, updateCountdowns } from "./core/time-updates.js";

const startedElements = new WeakSet();
const modules = new WeakMap();
// The latest event of a stage's stream about its cue; null: none came yet.
let latestCue = null;
/** Fulfilled when the modules that the page declared at first have started. */
export let started = null;
const declaringElements = () => document.querySelectorAll("[data-module]");

function callHook(hook, ...values) {
  for (const element of declaringElements()) attempt(() => modules.get(element)?.[hook]?.(element, ...values));
}

/** Starts declared modules that are not started yet; those with data-elsewhere only for readers in another zone. */
function startModules() {
  const elements = [...declaringElements()].filter(({ dataset: { elsewhere } }) => elsewhere === undefined || isElsewhere());
  return Promise.all(elements.filter((element) => !startedElements.has(element)).map(startModule));
}

const isElsewhere = () => Boolean(minutesAheadOfVenue(document.querySelector("[data-session]")?.dataset.start));

async function startModule(element) {
  const { module: name } = element.dataset;
  startedElements.add(element);
  try {
    const module = await import(`./modules/${name}.js`);
    modules.set(element, module);
    attempt(() => module.start?.(element));
    attempt(() => module.refreshed?.(element));
    if (latestCue) attempt(() => module.cue?.(element, latestCue));
    if (!Number.isNaN(now())) attempt(() => module.tick?.(element, now()));
  } catch (error) {
    startedElements.delete(element);
    console.error(name, error);
  }
}

/** Handles an event of the stream. */
function hear({ type, ...data }) {
  if (type === "revision") refreshToRevision(data.revision, data.spread);
  else if (type === "state") refreshToRoomState(data.version);
  else if (type === "cue") callHook("cue", (latestCue = data));
  else if (type === "time") takeHeartbeat(data);
  else loseStream();
}

turnEvents.addEventListener("turned", () => {
  callHook("turned");
  announceNow();
});
refreshEvents.addEventListener("refreshed", () => {
  readPage();
  turnTo(now());
  startModules();
  callHook("refreshed");
  announceNews();
  requestCacheUpdate();
});
contactEvents.addEventListener("made", ({ detail }) => detail.build !== build && reloadForNewBuild());
contactEvents.addEventListener("replaced", reloadForNewBuild);
try {
  readPage();
  showStaleNotice();
  startRefreshing();
  startClock((time) => {
    if (turnTo(time)) refreshAfterBoundary();
    updateCountdowns(time);
    callHook("tick", time);
  });
  if (!isFrozen && !isStaticCopy) listenToStream(hear);
  started = startModules();
  registerWorker();
  requestCacheUpdate();
} finally {
  // The style sheet hides the slots of a stored page while <html> has this attribute.
  delete document.documentElement.dataset.kept;
}
