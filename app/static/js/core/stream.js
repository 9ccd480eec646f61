// Server-sent events about new revisions. The tabs of one browser share one connection, since browsers allow few to a
// host: a visible tab opens it while it holds a lock, and passes events on over a BroadcastChannel. Without HTTPS (but
// on localhost) or without storage browsers have no locks: each visible tab then opens its own connection.
// <html data-live> names another stream: of open consoles, which hear of the room state too, and share another connection;
// or of a room's stage, which begins with the cue that stands there, so that each tab has its own.
import { contactEvents, SILENCE_MILLISECONDS } from "./clock.js";
import { address, attempt, isFromCache, revisionShown, service } from "./page-context.js";

const [path, query = ""] = (document.documentElement.dataset.live ?? "live").split("?");
const NAME = path === "live" ? `stream ${service}` : `stream ${path} ${service}`;
// Where the browser gave a stream up, as it does with one that is refused: no script can read Retry-After. The least and the
// longest pause before the next try; both double with each refusal in a row, up to those of the second line.
const FIRST_PAUSE_MILLISECONDS = [2_500, 7_500];
const LATER_PAUSE_MILLISECONDS = [20_000, 40_000];
// Within so long after a doubt the stream is opened anew, at a random time: the network of a hall comes back for all at once.
const DOUBT_SPREAD_MILLISECONDS = 1_000;

/**
 * Calls listener({ type, ... }): "revision" ({ revision, spread }), "state" ({ version }), "cue" (on a stage), "time" (a
 * heartbeat, one as soon as a stream opens), and "error" (the stream is lost).
 */
export function listenToStream(listener) {
  const channel = query ? null : attempt(() => new BroadcastChannel(NAME));
  channel?.addEventListener("message", ({ data }) => listener(data));
  const tellAllTabs = (event) => {
    listener(event);
    channel?.postMessage(event);
  };
  let visible = new AbortController();
  const begin = () => {
    visible.abort();
    visible = new AbortController();
    const { signal } = visible;
    const lock = (query ? null : navigator.locks)?.request(NAME, { signal }, () => hold(signal, tellAllTabs)) ?? Promise.reject();
    if (document.hidden) visible.abort();
    lock.catch(() => signal.aborted || hold(signal, listener));
  };
  const start = () => {
    begin();
    document.addEventListener("visibilitychange", begin);
  };
  // A stored page may be of another service's day: it connects after the clock has checked who answers.
  if (isFromCache) contactEvents.addEventListener("made", start, { once: true });
  else start();
}

/**
 * Keeps a connection open until the signal is aborted, and opens it anew where the browser gave up, it fell silent, or it
 * may be dead without a word.
 */
function hold(signal, tell) {
  let stream;
  let timer = 0;
  let refusals = 0;
  let isDoubted = false;
  // What comes of a stream that is doubted changes nothing: it may have come before the doubt, and waited.
  const openAfter = (milliseconds) => {
    if (isDoubted) return;
    clearTimeout(timer);
    timer = setTimeout(() => {
      if (!isDoubted && stream.readyState !== EventSource.CLOSED) lose();
      openAnew();
    }, milliseconds);
  };
  const doubt = () => {
    openAfter(Math.random() * DOUBT_SPREAD_MILLISECONDS);
    isDoubted = true;
  };
  const lose = () => tell({ type: "error" });
  const open = () => {
    stream = new EventSource(`${address(path)}?${query}${query && "&"}since=${revisionShown()}`);
    stream.onerror = () => {
      lose();
      if (stream.readyState === EventSource.CLOSED) openAfter(pauseAfter(refusals++));
    };
    for (const type of ["revision", "state", "cue", "time"]) stream.addEventListener(type, ({ data }) => tell({ type, ...JSON.parse(data) }));
    stream.addEventListener("time", () => {
      refusals = 0;
      openAfter(SILENCE_MILLISECONDS);
    });
    openAfter(SILENCE_MILLISECONDS);
  };
  const openAnew = () => {
    isDoubted = false;
    stream.close();
    open();
  };
  open();
  contactEvents.addEventListener("doubted", doubt, { signal });
  return new Promise((resolve) => {
    signal.addEventListener("abort", () => {
      clearTimeout(timer);
      stream.close();
      resolve();
    });
  });
}

/** How long to wait after so many refusals in a row before this one; random, since many may be refused at one time. */
function pauseAfter(refusals) {
  const [least, longest] = FIRST_PAUSE_MILLISECONDS.map((pause, index) => Math.min(pause * 2 ** refusals, LATER_PAUSE_MILLISECONDS[index]));
  return least + Math.random() * (longest - least);
}
