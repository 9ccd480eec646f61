// Server-sent events about new revisions. The tabs of one browser share one connection, since browsers allow few to a
// host: a visible tab opens it while it holds a lock, and passes events on over a BroadcastChannel. Without HTTPS (but
// on localhost) or without storage browsers have no locks: each visible tab then opens its own connection.
// <html data-live> names the stream of open consoles, which hear of the room state too: they share another connection.
import { contactEvents, SILENCE_MILLISECONDS } from "./clock.js";
import { address, attempt, isFromCache, revisionShown, service } from "./page-context.js";

const { live: path = "live" } = document.documentElement.dataset;
const NAME = path === "live" ? `stream ${service}` : `stream ${path} ${service}`;
const RECONNECT_MILLISECONDS = 5_000;

/**
 * Calls listener({ type, ... }): "revision" ({ revision, spread }), "state" ({ version }), "time" (a heartbeat, one as soon as
 * a stream opens), and "error" (the stream is lost).
 */
export function listenToStream(listener) {
  const channel = attempt(() => new BroadcastChannel(NAME));
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
    const lock = navigator.locks?.request(NAME, { signal }, () => hold(signal, tellAllTabs)) ?? Promise.reject();
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

/** Keeps a connection open until the signal is aborted, and opens it anew where the browser gave up or it fell silent. */
function hold(signal, tell) {
  let stream;
  let timer = 0;
  const openAfter = (milliseconds) => {
    clearTimeout(timer);
    timer = setTimeout(() => {
      if (stream.readyState !== EventSource.CLOSED) lose();
      stream.close();
      open();
    }, milliseconds);
  };
  const lose = () => tell({ type: "error" });
  const open = () => {
    stream = new EventSource(`${address(path)}?since=${revisionShown()}`);
    stream.onerror = () => {
      lose();
      if (stream.readyState === EventSource.CLOSED) openAfter(RECONNECT_MILLISECONDS);
    };
    for (const type of ["revision", "state", "time"]) stream.addEventListener(type, ({ data }) => tell({ type, ...JSON.parse(data) }));
    stream.addEventListener("time", () => openAfter(SILENCE_MILLISECONDS));
    openAfter(SILENCE_MILLISECONDS);
  };
  open();
  return new Promise((resolve) => {
    signal.addEventListener("abort", () => {
      clearTimeout(timer);
      stream.close();
      resolve();
    });
  });
}
