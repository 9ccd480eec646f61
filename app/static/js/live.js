// Follows new revisions. Until streams are held by the server, a page asks after each clock check.
import { contact, frozen } from "./clock.js";

export function follow() {
  if (frozen) return;
  contact.addEventListener("made", ({ detail }) => {
    const shown = Number(document.documentElement.dataset.revision);
    if (detail.revision > shown && !document.hidden) location.reload();
  });
}
