// Hears of new revisions. The open tabs of one browser share one stream, since a browser allows few connections to
// a host: a shared worker, which runs this same file, holds it and tells every tab. Where a browser has no shared
// workers, each tab has a stream of its own while it is in view.

const STREAM = new URL("../../../../live", import.meta.url).pathname;
const BACK_MILLISECONDS = 5_000;

/** Calls hear({ type, ... }) for `open`, `error` and `revision` ({ revision, spread }). */
export function listen(hear) {
  if (!globalThis.SharedWorker) return whileInView(hear);
  const { port } = new SharedWorker(import.meta.url, { type: "module", name: "stream" });
  port.onmessage = ({ data }) => hear(data);
  port.start();
  return undefined;
}

function whileInView(hear) {
  let stream = hold(hear);
  document.addEventListener("visibilitychange", () => {
    stream.close();
    if (!document.hidden) stream = hold(hear);
  });
}

/** Holds a stream, and comes back to it also where the browser has given it up. */
function hold(hear) {
  let stream;
  let timer = 0;
  const open = () => {
    stream = new EventSource(STREAM);
    stream.onopen = () => hear({ type: "open" });
    stream.onerror = () => {
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
  // The stream may be open, and have spoken, before the first tab is connected.
  let latest = null;
  globalThis.onconnect = ({ ports: [port] }) => {
    ports.add(port);
    if (latest) port.postMessage(latest);
  };
  hold((news) => {
    latest = news;
    for (const port of ports) port.postMessage(news);
  });
}
