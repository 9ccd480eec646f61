// What pages say of sessions, and what this phone has heard of those that a page does not show.
import { heard } from "../news.js";

/** A session as an element shows it. */
export function shownBy(node) {
  const { session: id, start, end, room, status } = node.dataset;
  const part = (name) => node.querySelector(`[data-part=${name}]`)?.textContent ?? "";
  return { id, start, end, room, status, title: part("title"), place: part("place") };
}

/** All sessions that this page shows or that were heard of, by id: of both, the later word holds. */
export function sessionsHere() {
  const news = heard();
  const said = (news?.changes ?? []).map(({ after }) => told(after));
  const shown = [...document.querySelectorAll("[data-session]")].map(shownBy);
  const newer = news?.revision > Number(document.documentElement.dataset.revision);
  return new Map((newer ? [...shown, ...said] : [...said, ...shown]).map((session) => [session.id, session]));
}

function told({ id, start, end, room, status, title, room_name: place }) {
  return { id, start, end, room: room ?? "", status, title, place };
}
