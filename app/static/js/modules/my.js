// The page of a reader's stars. Only this device knows what is starred: the page comes with all sessions, hidden.
import { address, copied } from "../core/page.js";
import { write } from "../core/turning.js";
import { ask, clear, exchange, get, onChange, take, update } from "../stars/store.js";

const NO_KEY = "0".repeat(22);
const KEY = /^#([\w-]{43})$/;
const NO_NETWORK = "There is no network now. Try again later.";

// The key of a link that waits for its reader's yes, and the one that stands in the page's addresses.
let given = "";
let shownKeys = NO_KEY;
// Codes that were asked for already, by what they lead to and the key in them.
const codes = new Map();

export function start(page) {
  const part = (name) => page.querySelector(`[data-my=${name}]`);
  const say = (text) => {
    part("said").textContent = text;
    part("said").hidden = !text;
  };
  page.addEventListener("click", ({ target }) => doing[target.dataset.myDo]?.(say, part));
  page.querySelector("[data-my-do=remind]").addEventListener("change", ({ target }) => update({ remind: target.checked }));
  onChange(() => showAll(page, part));
  addEventListener("hashchange", () => open(say, part));
  if (KEY.test(location.hash)) open(say, part);
  else exchange();
}

/** The page comes for all readers: this one's stars and keys are put in anew. */
export function refreshed(page) {
  shownKeys = NO_KEY;
  showAll(page, (name) => page.querySelector(`[data-my=${name}]`));
}

const doing = {
  join: (say, part) => join(say, part),
  stay: (say, part) => (part("joining").hidden = true),
  renew: async (say) => {
    const answer = await ask("my/picks/address", { method: "POST" }).catch(() => null);
    if (answer?.ok) take(await answer.json());
    say(answer?.ok ? "The calendar has a new address. Subscribe to it anew." : NO_NETWORK);
  },
  forget: async (say) => {
    const answer = await ask("my/picks", { method: "DELETE" }).catch(() => null);
    const gone = answer?.ok || answer?.status === 404;
    if (gone) clear();
    say(gone ? "Your stars are forgotten." : NO_NETWORK);
  },
};

/** A link from another device: its key leaves the address bar, and a device without stars takes it at once. */
function open(say, part) {
  [, given] = KEY.exec(location.hash) ?? ["", ""];
  if (!given) return;
  history.replaceState(null, "", location.pathname + location.search);
  if (given === get().keys?.write) return say("This device has these stars already.");
  if (Object.keys(get().starred).length === 0) return join(say, part);
  part("joining").hidden = false;
}

async function join(say, part) {
  part("joining").hidden = true;
  const answer = await ask("my/picks", {}, given).catch(() => null);
  if (answer?.status === 404) return say("This link leads nowhere any more. Take a new one from the other device.");
  if (!answer?.ok) return say(NO_NETWORK);
  // Its own stars go along: to be sent under the other key.
  update({ pending: Object.fromEntries(Object.keys(get().starred).map((id) => [id, true])) });
  take(await answer.json());
  const count = Object.keys(get().starred).length;
  say(`Both devices have the same stars now: ${count}.`);
}

function showAll(page, part) {
  const { starred, keys, told, pending, remind } = get();
  const ids = Object.keys(starred);
  const here = new Set();
  for (const day of page.querySelectorAll("[data-my-day]")) {
    for (const row of day.querySelectorAll("li")) {
      const { session } = row.querySelector("[data-session]").dataset;
      row.hidden = !(session in starred);
      if (!row.hidden) here.add(session);
    }
    day.hidden = day.querySelector("li:not([hidden])") === null;
  }
  part("empty").hidden = ids.length > 0;
  part("reminders").hidden = ids.length === 0;
  page.querySelector("[data-my-do=remind]").checked = remind;
  showVanished(part("vanished"), ids.filter((id) => !here.has(id)), starred);
  if (copied) return;
  for (const name of ["feed", "transfer", "more"]) part(name).hidden = !keys || ids.length === 0;
  if (keys) showKeys(page, keys);
  write(part("seen"), seen(told, Object.keys(pending).length));
}

function showVanished(list, ids, starred) {
  const wanted = ids.map((id) => `Not in the program any more: ${starred[id]?.title ?? id}`);
  if ([...list.children].map((node) => node.textContent).join() !== wanted.join()) {
    list.replaceChildren(...wanted.map((textContent) => Object.assign(document.createElement("li"), { textContent })));
  }
  list.hidden = ids.length === 0;
}

/** Puts the keys into every address that waits for one, and asks for the codes. */
function showKeys(page, { read, write: key }) {
  if (shownKeys === read) return;
  for (const link of page.querySelectorAll(`a[href*="${shownKeys}"]`)) link.href = link.getAttribute("href").replaceAll(shownKeys, read);
  for (const field of page.querySelectorAll(`input[value*="${shownKeys}"]`)) field.setAttribute("value", field.value.replaceAll(shownKeys, read));
  shownKeys = read;
  page.querySelector("[data-my-link]").setAttribute("value", `${new URL(address("my"), location)}#${key}`);
  for (const figure of page.querySelectorAll("[data-my-code]")) showCode(figure, `${figure.dataset.myCode} ${read}`);
}

/** A code holds a key: it comes by a request that no log and no history keeps. */
async function showCode(figure, name) {
  if (codes.has(name)) return placeCode(figure, codes.get(name));
  const answer = await ask(`my/code.svg?of=${figure.dataset.myCode}`).catch(() => null);
  figure.hidden = !answer?.ok;
  if (!answer?.ok) return;
  codes.set(name, `data:image/svg+xml,${encodeURIComponent(await answer.text())}`);
  placeCode(figure, codes.get(name));
}

function placeCode(figure, src) {
  const image = figure.querySelector("img") ?? new Image(150, 150);
  image.dataset.added = "";
  Object.assign(image, { src, alt: figure.dataset.words });
  if (!image.isConnected) figure.prepend(image);
  figure.hidden = false;
}

/** How far the calendar has followed. */
function seen(told, waiting) {
  const late = waiting ? "Your latest stars are kept here, and go out when there is a network. " : "";
  if (!told?.fetched_at) return `${late}No calendar has asked for this address yet.`;
  const asked = `A calendar last asked at ${told.fetched_at.slice(11, 16)}, ${told.fetched_at.slice(0, 10)}.`;
  if (told.unseen_change_at) return `${late}${asked} It has not seen the ${told.unseen_change_at.slice(11, 16)} change yet.`;
  return `${late}${asked} ${told.unseen_stars ? "It has not seen your latest stars yet." : "It is up to date."}`;
}
