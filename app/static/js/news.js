// What this phone has heard since it kept its pages: each of them then tells the latest that was heard,
// not what held when it was kept.
import { kept, service } from "./page.js";

const KEPT = `news ${service}`;

/** All that was heard, as {revision, changes, announcements}; null before the first word. */
export function heard() {
  try {
    const { revision, sessions, announcements } = JSON.parse(localStorage.getItem(KEPT));
    return { revision, announcements, changes: Object.values(sessions).map((after) => ({ before: after, after })) };
  } catch {
    return null;
  }
}

/** Keeps a revision's changes over what was heard before; without changes the page says it all. */
export function hear({ revision, changes, announcements }) {
  try {
    const { sessions = {} } = JSON.parse(localStorage.getItem(KEPT)) ?? {};
    for (const { after } of changes) if (after) sessions[after.id] = brief(after);
    localStorage.setItem(KEPT, JSON.stringify({ revision, sessions, announcements }));
  } catch { /* a private window keeps nothing */ }
}

/** Whether something was missed before this page, so that pages kept earlier need the whole program. */
export function missed(revision) {
  const known = heard();
  return known ? known.revision !== revision : kept;
}

/** No page patches the long texts. */
function brief({ abstract, items, links, ...rest }) {
  return rest;
}
