// This reader's stars as this device has them: kept here first, and sent when there is a network.
// The name of the day's database is part of the key: another day has other stars.
import { service } from "../page.js";

const KEPT = `stars ${service}`;
// starred: what the reader knows of each, by id. pending: what was not sent yet, by id: starred or not.
// keys: {read, write} from the service. told: what it last said. remind: whether reminders are wanted; reminded: of which starts.
const NOTHING = { starred: {}, pending: {}, keys: null, told: null, remind: false, reminded: {} };
const listeners = [];
let state = read() ?? NOTHING;

addEventListener("storage", ({ key }) => {
  if (key !== KEPT) return;
  state = read() ?? NOTHING;
  tell();
});

/** What this device has. */
export function get() {
  return state;
}

/** Writes some fields anew, over what another page of this device may have written meanwhile. */
export function update(fields) {
  state = { ...(read() ?? state), ...fields };
  try {
    localStorage.setItem(KEPT, JSON.stringify(state));
  } catch { /* a private window keeps nothing: the stars last as long as the page */ }
  tell();
}

/** Forgets all of it. */
export function clear() {
  update(NOTHING);
}

export function starred(id) {
  return id in state.starred;
}

/** Stars a session, or takes the star away; to be sent. `known` is what the reader sees of the session. */
export function star(id, on, known) {
  const { [id]: _, ...others } = state.starred;
  update({ starred: on ? { ...others, [id]: known } : others, pending: { ...state.pending, [id]: on } });
}

/** Writes what the reader has seen of a session now. */
export function know(id, known) {
  if (starred(id)) update({ starred: { ...state.starred, [id]: known } });
}

/** Calls listener() whenever something changed, by this page or another one. */
export function onChange(listener) {
  listeners.push(listener);
}

function read() {
  try {
    return JSON.parse(localStorage.getItem(KEPT));
  } catch {
    return null;
  }
}

function tell() {
  for (const listener of listeners) listener();
}
