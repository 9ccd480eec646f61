// Follows new revisions: by the server's stream, else by asking, more slowly while hidden.
import { contact, frozen, now, sync } from "./clock.js";
import { show as showAnnouncements } from "./announcements.js";
import { hear, heard, missed } from "./news.js";
import { address, copied, kept } from "./page.js";
import { misplaced, patch } from "./patch.js";
import { lacks, present, read, turn } from "./timeline.js";

const ASK_MILLISECONDS = 5_000;
const ASK_HIDDEN_MILLISECONDS = 60_000;

const root = document.documentElement;
let stream = null;
// A page from the phone's store that cannot show all that was heard: with network it is taken anew.
let outgrown = false;

export function follow() {
  if (frozen) return;
  const news = kept ? heard() : null;
  if (news) outgrown = !apply(news, false);
  else if (!missed(shown())) hear({ revision: shown(), changes: [], announcements: [] });
  // A page from the phone's store may be of another day: it listens once it knows who answers.
  if (!kept) listen();
  // The clock's answer names the revision too: a stream that is open but dead is found out.
  contact.addEventListener("made", ({ detail }) => {
    if (outgrown) location.reload();
    if (detail.revision > shown() || missed(shown())) catchUp(detail.revision);
    if (!stream) listen();
  });
  if (!copied) setTimeout(ask, ASK_MILLISECONDS);
}

function shown() {
  return Number(root.dataset.revision);
}

/** A frozen copy has nobody who speaks: its clock asks which copy the host has. */
function listen() {
  if (copied) return;
  stream = new EventSource(`/live?since=${shown()}`);
  stream.addEventListener("revision", (event) => apply(JSON.parse(event.data)));
  // Lost or found again: the clock's question tells how things stand, and the notice of old data follows it.
  for (const event of ["open", "error"]) stream.addEventListener(event, sync);
}

function ask() {
  const open = stream?.readyState === EventSource.OPEN;
  if (!stream) sync();
  else if (!open) catchUp();
  if (stream?.readyState === EventSource.CLOSED) listen();
  setTimeout(ask, document.hidden ? ASK_HIDDEN_MILLISECONDS : ASK_MILLISECONDS);
}

/** Takes the whole program; the browser sends the ETag, so that an unchanged one costs nothing. */
async function catchUp(latest) {
  try {
    const path = copied ? `${address("api/program.json")}?${latest}` : address("api/program");
    const response = await fetch(path, { cache: "no-cache", signal: AbortSignal.timeout(8_000) });
    if (!response.ok) return;
    const { revision, sessions, announcements } = await response.json();
    const changes = sessions.map((after) => ({ session: after.id, before: after, after }));
    hear({ revision, changes, announcements });
    apply({ revision, changes, announcements });
  } catch { /* the clock's next question notices that the network is gone, and says so */ }
}

/** Brings the page to a revision in place, and gives whether that shows all; a page that cannot is loaded anew. */
function apply({ revision, changes, announcements }, reload = true) {
  if (revision <= shown()) return true;
  if (changes) hear({ revision, changes, announcements });
  const fits = changes?.every(({ before, after }) => before && after && !lacks(after) && !misplaced(after)) ?? false;
  if (!fits && reload) location.reload();
  if (!fits && reload) return false;
  for (const { after } of changes) patch(after);
  showAnnouncements(announcements);
  root.dataset.revision = revision;
  if (present()) {
    read();
    turn(now());
  }
  document.dispatchEvent(new CustomEvent("revised", { detail: { revision, changes } }));
  return fits;
}
