// Hears of new revisions. The open tabs of one browser share one stream, since a browser allows few connections to
// a host: a shared worker, which runs this same file, holds it and tells every tab. Where a browser has no shared
// workers, each tab has a stream of its own while it is in view.

const STREAM = new URL("../../../../live", import.meta.url).pathname;
const BACK_MILLISECONDS = 5_000;

/** Calls hear({ type, ... }): `revision` ({ revision, spread }) newer than this one; `error`, and `open` after it. */
export function listen(revision, hear) {
  if (!globalThis.SharedWorker) {
    whileInView(revision, hear);
    return;
  }
  const worker = new SharedWorker(import.meta.url, { type: "module", name: "stream" });
  worker.addEventListener("error", () => whileInView(revision, hear), { once: true });
  worker.port.onmessage = ({ data }) => hear(data);
  worker.port.postMessage({ revision });
  addEventListener("pagehide", () => worker.port.postMessage({ gone: true }));
  addEventListener("pageshow", ({ persisted }) => persisted && worker.port.postMessage({ revision }));
}

function whileInView(revision, hear) {
  let stream = hold(revision, hear);
  document.addEventListener("visibilitychange", () => {
    stream.close();
    if (!document.hidden) stream = hold(revision, hear);
  });
}

/** Holds a stream, and comes back to it also where the browser has given it up. */
function hold(revision, hear) {
  let stream;
  let timer = 0;
  let lost = false;
  const open = () => {
    stream = new EventSource(`${STREAM}?since=${revision}`);
    stream.onopen = () => lost && hear({ type: "open" });
    stream.onerror = () => {
      lost = true;
      hear({ type: "error" });
      if (stream.readyState === EventSource.CLOSED) timer = setTimeout(open, BACK_MILLISECONDS);
    };
    stream.addEventListener("revision", ({ data }) => hear({ type: "revision", ...JSON.parse(data) }));
  };
  open();
  return { close: () => (clearTimeout(timer), stream.close()) };
}

if (globalThis.SharedWorkerGlobalScope) {
  const ports = new Set();
  let stream = null;
  let latest = null;
  const tell = (news) => {
    if (news.type === "revision") latest = news;
    for (const port of ports) port.postMessage(news);
  };
  globalThis.onconnect = ({ ports: [port] }) => {
    // The first tab says from which revision on; a later one may have been made before the latest was out.
    port.onmessage = ({ data: { gone, revision } }) => {
      if (gone) return ports.delete(port);
      ports.add(port);
      stream ??= hold(revision, tell);
      if (latest) port.postMessage(latest);
    };
  };
}
