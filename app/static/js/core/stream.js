// Hears of new revisions. The open tabs of one browser share one stream, since a browser allows few connections to a
// host: a tab that is in view holds it, under a lock, and tells the others. Browsers have no locks without HTTPS (but
// on localhost), nor where they may keep nothing: then each tab in view has its own.
import { contact } from "./clock.js";
import { address, attempt, kept, revisionShown, service } from "./page.js";

const NAME = `stream ${service}`;
const AGAIN_MILLISECONDS = 5_000;

/** Calls listener({ type, ... }): `revision` ({ revision, spread }), `error`, and `open` after it. */
export function listen(listener) {
  const channel = attempt(() => new BroadcastChannel(NAME));
  channel?.addEventListener("message", ({ data }) => listener(data));
  const tellAll = (news) => {
    listener(news);
    channel?.postMessage(news);
  };
  let view = new AbortController();
  const begin = () => {
    view.abort();
    view = new AbortController();
    const { signal } = view;
    const locked = navigator.locks?.request(NAME, { signal }, () => hold(signal, tellAll)) ?? Promise.reject();
    if (document.hidden) view.abort();
    locked.catch(() => signal.aborted || hold(signal, listener));
  };
  const follow = () => {
    begin();
    document.addEventListener("visibilitychange", begin);
  };
  // A page from the phone's store may be of another day: it asks once it knows who answers.
  if (kept) contact.addEventListener("made", follow, { once: true });
  else follow();
}

/** Holds a stream until it is aborted, and comes back to it also where the browser has given it up. */
function hold(signal, tell) {
  let stream;
  let timer = 0;
  let isLost = false;
  const open = () => {
    stream = new EventSource(`${address("live")}?since=${revisionShown()}`);
    stream.onopen = () => isLost && tell({ type: "open" });
    stream.onerror = () => {
      isLost = true;
      tell({ type: "error" });
      if (stream.readyState === EventSource.CLOSED) timer = setTimeout(open, AGAIN_MILLISECONDS);
    };
    stream.addEventListener("revision", ({ data }) => tell({ type: "revision", ...JSON.parse(data) }));
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
