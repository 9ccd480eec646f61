// The page of a reader's stars. Only this device knows what is starred: the page comes with all sessions, hidden.
import { address, copied, write } from "../core/page.js";
import { allPending, ask, changes, exchange, NOTHING, stars, take, update } from "../stars/store.js";

const NO_KEY = "0".repeat(22);
const KEY = /^#([\w-]{43})$/;
const NO_NETWORK = "There is no network now. Try again later.";

let page;
// The key of a link that waits for its reader's yes; and the feed's key in the page's addresses, or what stands for it.
let offeredKey = "";
let shownKey = NO_KEY;
// Codes by what they lead to and the key in them.
const codes = new Map();

export function start(element) {
  page = element;
  page.addEventListener("click", ({ target }) => actions[target.dataset.myDo]?.());
  page.addEventListener("change", ({ target }) => target.dataset.myDo === "remind" && update({ remind: target.checked }));
  changes.addEventListener("changed", show);
  addEventListener("hashchange", openLink);
  if (KEY.test(location.hash)) openLink();
  else exchange();
}

const actions = {
  join,
  stay: () => (part("joining").hidden = true),
  renew: async () => {
    const answer = await ask("my/picks/address", { method: "POST" }).catch(() => null);
    if (answer?.ok) take(await answer.json());
    say(answer?.ok ? "The calendar has a new address. Subscribe to it anew." : NO_NETWORK);
  },
  forget: async () => {
    const answer = await ask("my/picks", { method: "DELETE" }).catch(() => null);
    const gone = answer?.ok || answer?.status === 404;
    if (gone) update(NOTHING);
    say(gone ? "Your stars are forgotten." : NO_NETWORK);
  },
};

const part = (name) => page.querySelector(`[data-my=${name}]`);

function say(text) {
  write(part("said"), text);
  part("said").hidden = false;
}

/** A link from another device: its key leaves the address bar, and a device without stars takes it at once. */
function openLink() {
  [, offeredKey] = KEY.exec(location.hash) ?? ["", ""];
  if (!offeredKey) return;
  history.replaceState(null, "", location.pathname + location.search);
  if (offeredKey === stars.keys?.write) say("This device has these stars already.");
  else if (Object.keys(stars.starred).length === 0) join();
  else part("joining").hidden = false;
}

async function join() {
  part("joining").hidden = true;
  const answer = await ask("my/picks", {}, offeredKey).catch(() => null);
  if (answer?.status === 404) return say("This link leads nowhere any more. Take a new one from the other device.");
  if (!answer?.ok) return say(NO_NETWORK);
  // Its own stars go along: to be sent under the other key.
  update({ pending: allPending() });
  take(await answer.json());
  say(`Both devices have the same stars now: ${Object.keys(stars.starred).length}.`);
}

/** The page comes for all readers: this one's stars and keys are put in. */
export function refreshed() {
  shownKey = NO_KEY;
  show();
}

function show() {
  const { starred, keys, told, pending, remind } = stars;
  const ids = Object.keys(starred);
  for (const row of page.querySelectorAll("[data-my-day] li")) row.hidden = !(row.querySelector("[data-session]").dataset.session in starred);
  for (const day of page.querySelectorAll("[data-my-day]")) day.hidden = !day.querySelector("li:not([hidden])");
  part("empty").hidden = ids.length > 0;
  part("reminders").hidden = ids.length === 0;
  page.querySelector("[data-my-do=remind]").checked = remind;
  const vanished = ids.filter((id) => !page.querySelector(`[data-session="${id}"]`)).map((id) => starred[id]?.title ?? id);
  part("vanished").hidden = vanished.length === 0;
  write(part("vanished"), `Not in the program any more: ${vanished.join("; ")}`);
  if (copied) return;
  for (const name of ["feed", "transfer", "more"]) part(name).hidden = !keys || ids.length === 0;
  if (keys) showKeys(keys);
  const late = Object.keys(pending).length ? "Your latest stars are kept here, and go out when there is a network. " : "";
  write(part("seen"), `${late}${told?.calendar ?? ""}`);
}

/** Puts the keys into every address that waits for one, and asks for the codes. */
function showKeys({ read, write: key }) {
  if (shownKey === read) return;
  for (const link of page.querySelectorAll(`a[href*="${shownKey}"]`)) link.href = link.getAttribute("href").replaceAll(shownKey, read);
  for (const field of page.querySelectorAll(`input[value*="${shownKey}"]`)) field.setAttribute("value", field.value.replaceAll(shownKey, read));
  shownKey = read;
  page.querySelector("[data-my-link]").setAttribute("value", `${new URL(address("my"), location)}#${key}`);
  page.querySelectorAll("[data-my-code]").forEach(showCode);
}

/** A code holds a key: it comes by a request that no log and no history keeps. */
async function showCode(figure) {
  const key = shownKey;
  const name = `${figure.dataset.myCode} ${key}`;
  figure.hidden = true;
  if (!codes.has(name)) {
    const answer = await ask(`my/code.svg?of=${figure.dataset.myCode}`).catch(() => null);
    if (!answer?.ok) return;
    codes.set(name, `data:image/svg+xml,${encodeURIComponent(await answer.text())}`);
  }
  if (key !== shownKey) return;
  figure.querySelector("img").src = codes.get(name);
  figure.hidden = false;
}
