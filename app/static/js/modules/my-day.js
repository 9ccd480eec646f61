// The page of a reader's stars. Only the device knows them: the page is delivered with all sessions, hidden.
import { address, isStaticCopy, setText } from "../core/page-context.js";
import { allAsPending, applyServerStars, EMPTY, inTurn, requestWithKey, starEvents, stars, syncStars, updateStars } from "../stars/star-storage.js";

const KEY_PLACEHOLDER = "0".repeat(22);
const KEY_IN_HASH = /^#([\w-]{43})$/;
const NO_NETWORK = "There is no network now. Try again later.";

let page;
// The key of a link, until the reader confirms it; and the feed's key in the page's addresses, or its placeholder.
let offeredKey = "";
let shownKey = KEY_PLACEHOLDER;
// QR codes as data URLs, by target and key.
const codes = new Map();

export function start(element) {
  page = element;
  page.addEventListener("click", ({ target }) => target.dataset.myDo in actions && inTurn(actions[target.dataset.myDo]));
  page.addEventListener("change", ({ target }) => target.dataset.myDo === "remind" && updateStars({ remind: target.checked }));
  starEvents.addEventListener("changed", show);
  addEventListener("hashchange", openLink);
  if (KEY_IN_HASH.test(location.hash)) openLink();
  else syncStars();
}

const actions = {
  join,
  stay: () => (part("joining").hidden = true),
  renew: async () => {
    const response = await requestWithKey("my/picks/address", { method: "POST" }).catch(() => null);
    if (response?.ok) applyServerStars(await response.json());
    showMessage(response?.ok ? "The calendar has a new address. Subscribe to it anew." : NO_NETWORK);
  },
  forget: async () => {
    const response = await requestWithKey("my/picks", { method: "DELETE" }).catch(() => null);
    const isForgotten = response?.ok || response?.status === 404;
    if (isForgotten) updateStars(EMPTY);
    showMessage(isForgotten ? "Your stars are forgotten." : NO_NETWORK);
  },
};

const part = (name) => page.querySelector(`[data-my=${name}]`);

function showMessage(text) {
  setText(part("said"), text);
  part("said").hidden = false;
}

/** Opens a link from another device: removes its key from the address bar; a device without stars joins at once. */
function openLink() {
  [, offeredKey] = KEY_IN_HASH.exec(location.hash) ?? ["", ""];
  if (!offeredKey) return;
  history.replaceState(null, "", location.pathname + location.search);
  if (offeredKey === stars.keys?.write) showMessage("This device has these stars already.");
  else if (Object.keys(stars.starred).length === 0) inTurn(join);
  else part("joining").hidden = false;
}

async function join() {
  part("joining").hidden = true;
  const response = await requestWithKey("my/picks", {}, offeredKey).catch(() => null);
  if (response?.status === 404) return showMessage("This link leads nowhere any more. Take a new one from the other device.");
  if (!response?.ok) return showMessage(NO_NETWORK);
  // This device's own stars are sent under the new key.
  updateStars({ pending: allAsPending() });
  applyServerStars(await response.json());
  showMessage(`Both devices have the same stars now: ${Object.keys(stars.starred).length}.`);
}

/** A fresh page is the same for all readers: adds this reader's stars and keys. */
export function refreshed() {
  shownKey = KEY_PLACEHOLDER;
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
  const removed = ids.filter((id) => !page.querySelector(`[data-session="${id}"]`)).map((id) => starred[id]?.title ?? id);
  part("vanished").hidden = removed.length === 0;
  setText(part("vanished"), `Not in the program any more: ${removed.join("; ")}`);
  if (isStaticCopy) return;
  for (const name of ["feed", "transfer", "more"]) part(name).hidden = !keys || ids.length === 0;
  if (keys) showKeys(keys);
  const unsent = Object.keys(pending).length ? "Your latest stars are kept here, and go out when there is a network. " : "";
  setText(part("seen"), `${unsent}${told?.calendar ?? ""}`);
}

/** Writes the keys into the page's links and fields, and shows the QR codes. */
function showKeys({ read, write: key }) {
  if (shownKey === read) return;
  for (const link of page.querySelectorAll(`a[href*="${shownKey}"]`)) link.href = link.getAttribute("href").replaceAll(shownKey, read);
  for (const field of page.querySelectorAll(`input[value*="${shownKey}"]`)) field.setAttribute("value", field.value.replaceAll(shownKey, read));
  shownKey = read;
  page.querySelector("[data-my-link]").setAttribute("value", `${new URL(address("my"), location)}#${key}`);
  page.querySelectorAll("[data-my-code]").forEach(showCode);
}

/** Fetches a QR code with the key in a request header, which no log and no browser history contains. */
async function showCode(figure) {
  const key = shownKey;
  const name = `${figure.dataset.myCode} ${key}`;
  figure.hidden = true;
  if (!codes.has(name)) {
    const response = await requestWithKey(`my/code.svg?of=${figure.dataset.myCode}`).catch(() => null);
    if (!response?.ok) return;
    codes.set(name, `data:image/svg+xml,${encodeURIComponent(await response.text())}`);
  }
  if (key !== shownKey) return;
  figure.querySelector("img").src = codes.get(name);
  figure.hidden = false;
}
