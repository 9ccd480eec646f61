// Follows new revisions: by the server's stream, else by asking, more slowly while hidden.
import { contact, frozen, now, sync } from "./clock.js";
import { show as showAnnouncements } from "./announcements.js";
import { patch } from "./patch.js";
import { present, read, turn } from "./timeline.js";

const ASK_MILLISECONDS = 5_000;
const ASK_HIDDEN_MILLISECONDS = 60_000;

const root = document.documentElement;
let stream = null;

export function follow() {
  if (frozen) return;
  listen();
  ask();
  // The clock's answer names the revision too: a stream that is open but dead is found out.
  contact.addEventListener("made", ({ detail }) => detail.revision > shown() && catchUp());
}

function shown() {
  return Number(root.dataset.revision);
}

function listen() {
  stream = new EventSource(`/live?since=${shown()}`);
  stream.addEventListener("revision", (event) => apply(JSON.parse(event.data)));
  // Lost or found again: the clock's question tells how things stand, and the notice of old data follows it.
  for (const event of ["open", "error"]) stream.addEventListener(event, sync);
}

function ask() {
  const open = stream.readyState === EventSource.OPEN;
  if (!open) catchUp();
  if (stream.readyState === EventSource.CLOSED) listen();
  setTimeout(ask, document.hidden ? ASK_HIDDEN_MILLISECONDS : ASK_MILLISECONDS);
}

/** Takes the whole program; the browser sends the ETag, so that an unchanged one costs nothing. */
async function catchUp() {
  try {
    const response = await fetch("/api/program", { cache: "no-cache", signal: AbortSignal.timeout(8_000) });
    if (!response.ok) return;
    const { revision, sessions, announcements } = await response.json();
    apply({ revision, changes: sessions.map((after) => ({ session: after.id, before: after, after })), announcements });
  } catch { /* the clock's next question notices that the network is gone, and says so */ }
}

/** Brings the page to a revision, in place; what cannot be patched is loaded anew. */
function apply({ revision, changes, announcements }) {
  if (revision <= shown()) return;
  if (!changes || changes.some(({ before, after }) => !before || !after)) return location.reload();
  for (const { after } of changes) patch(after);
  showAnnouncements(announcements);
  root.dataset.revision = revision;
  if (present()) {
    read();
    turn(now());
  }
  document.dispatchEvent(new CustomEvent("revised", { detail: { revision, changes } }));
}
