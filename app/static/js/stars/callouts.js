// What a reader with stars must not miss: a change to a starred session, and a reminder before it begins.
// Each stays until it is put away, on whatever page the reader is.
import { contact, now, onTick } from "../clock.js";
import { address, kept } from "../page.js";
import { get, know, onChange, update } from "./store.js";
import { sessionsHere } from "./sessions.js";

const REMIND_MILLISECONDS = 5 * 60_000;
const MOST_SHOWN = 3;
// A page from the phone's store may be older than what its reader knows: it is brought up to date first.
const CATCH_UP_MILLISECONDS = 1_500;

export function start() {
  const region = Object.assign(document.createElement("section"), { className: "callouts", hidden: true });
  region.setAttribute("aria-label", "Your sessions");
  document.querySelector("[data-stale]").after(region);
  let sessions = sessionsHere();
  const show = () => write(region, wanted(sessions, now()));
  const look = () => {
    sessions = sessionsHere();
    learn(sessions);
    show();
  };
  region.addEventListener("click", ({ target }) => target.dataset.done && putAway(sessions.get(target.dataset.done), target.dataset.sort));
  document.addEventListener("revised", look);
  const begin = () => {
    look();
    onChange(look);
    onTick(show);
  };
  if (kept) contact.addEventListener("made", () => setTimeout(begin, CATCH_UP_MILLISECONDS), { once: true });
  else begin();
}

/** What another device starred is known from the first time that it is seen here. */
function learn(sessions) {
  const { starred } = get();
  const unknown = Object.keys(starred).filter((id) => !starred[id] && sessions.has(id));
  if (unknown.length) update({ starred: { ...starred, ...Object.fromEntries(unknown.map((id) => [id, sessions.get(id)])) } });
}

function wanted(sessions, time) {
  const { starred, remind, reminded } = get();
  const found = [];
  for (const [id, known] of Object.entries(starred)) {
    const session = sessions.get(id);
    if (!session || !known) continue;
    const start = Date.parse(session.start);
    const change = Date.parse(session.end) > time || Date.parse(known.end) > time ? changed(known, session) : "";
    if (change) found.push({ id, sort: "change", text: change });
    const soon = start - REMIND_MILLISECONDS <= time && time < start && session.status !== "cancelled";
    if (remind && soon && reminded[id] !== session.start) found.push({ id, sort: "reminder", text: reminder(session, start - time) });
  }
  return found;
}

/** What is new about a session, for somebody who knew it as it was; "" for nothing. */
export function changed(known, session) {
  const { title, start, end, room, place, status } = session;
  if (status === "cancelled") return known.status === "cancelled" ? "" : `Cancelled: ${title}.`;
  const words = [];
  if (known.status === "cancelled") words.push(`takes place after all, at ${clock(start)}`);
  else if (known.start !== start) words.push(`is at ${day(known.start, start)}${clock(start)} now, it was ${clock(known.start)}`);
  else if (known.end !== end) words.push(`ends at ${clock(end)} now, it was ${clock(known.end)}`);
  if (known.room !== room) words.push(`is in ${place || "another room"} now`);
  if (known.title !== title) words.push(`was called “${known.title}”`);
  return words.length ? `${title} ${words.join(", and ")}.` : "";
}

function reminder({ title, place }, milliseconds) {
  return `In ${Math.ceil(milliseconds / 60_000)} min: ${title}${place ? `, ${place}` : ""}.`;
}

function clock(iso) {
  return iso.slice(11, 16);
}

function day(before, after) {
  return before.slice(0, 10) === after.slice(0, 10) ? "" : `${after.slice(0, 10)}, `;
}

function putAway(session, sort) {
  if (sort === "change") know(session.id, session);
  else update({ reminded: { ...get().reminded, [session.id]: session.start } });
}

/** What stands there already is left alone, but for its text. */
function write(region, callouts) {
  const shown = callouts.slice(0, MOST_SHOWN);
  const names = new Set(shown.map(({ id, sort }) => `${sort} ${id}`));
  for (const node of [...region.children]) if (!names.has(node.dataset.callout)) node.remove();
  for (const { id, sort, text } of shown) {
    const node = region.querySelector(`[data-callout="${sort} ${id}"]`) ?? made(region, id, sort, text);
    const words = node.querySelector("a");
    if (words.textContent !== text) words.textContent = text;
  }
  region.hidden = shown.length === 0;
}

function made(region, id, sort, text) {
  const node = document.createElement("p");
  node.className = "callout";
  node.dataset.callout = `${sort} ${id}`;
  const words = Object.assign(document.createElement("a"), { href: address(`talks/${id}`), dir: "auto" });
  const button = Object.assign(document.createElement("button"), { type: "button", textContent: "OK" });
  Object.assign(button.dataset, { done: id, sort });
  node.append(words, button);
  region.append(node);
  if (sort === "reminder") remind(text);
  return node;
}

/** A change is told to a screen reader by the page itself; a reminder is not. */
function remind(text) {
  navigator.vibrate?.(200);
  document.dispatchEvent(new CustomEvent("reminded", { detail: text }));
}
