// The page of a reader's stars: what is on and next of them, the days, and settings. Only the device knows its stars: the
// page is delivered with all sessions, hidden.
import { formatDuration, now } from "../core/clock.js";
import { address, isStaticCopy, setText } from "../core/page-context.js";
import { allAsPending, applyServerStars, EMPTY, inTurn, requestWithKey, starEvents, stars, syncStars, updateStars } from "../stars/star-storage.js";
import { columnsWithin, composeDay } from "../stars/my-timeline.js";

const KEY_PLACEHOLDER = "0".repeat(22);
const KEY_IN_HASH = /^#([\w-]{43})$/;
// What begins later than this is told by its day and time only.
const SOON_MILLISECONDS = 12 * 60 * 60_000;
const NO_NETWORK = "There is no network now. Try again later.";

let page;
// The key of a link, until the reader confirms it; and the feed's key in the page's addresses, or its placeholder.
let offeredKey = "";
let shownKey = KEY_PLACEHOLDER;
// QR codes as data URLs, by target and key.
const codes = new Map();
let isTargetReached = false;

export function start(element) {
  page = element;
  page.addEventListener("click", ({ target }) => target.dataset.myDo in actions && inTurn(actions[target.dataset.myDo]));
  page.addEventListener("change", ({ target }) => target.dataset.myDo === "remind" && updateStars({ remind: target.checked }));
  starEvents.addEventListener("changed", show);
  addEventListener("hashchange", openLink);
  addEventListener("resize", compose);
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
  part("said").scrollIntoView({ block: "nearest" });
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

/** As the clock goes on, other cards are on and next. */
export function turned() {
  showCurrent();
  tick(page, now());
}

export function tick(_, time) {
  const { start } = page.querySelector("[data-my-slot=next] [data-session]")?.dataset ?? {};
  const left = Date.parse(start) - time;
  setText(page.querySelector("[data-my-slot=next] [data-my-until]"), left > 0 && left < SOON_MILLISECONDS ? `in ${formatDuration(left)}` : "");
}

function show() {
  const { starred, keys, told, pending, remind } = stars;
  const ids = Object.keys(starred);
  showDays(starred);
  showPapers(starred);
  turned();
  part("empty").hidden = ids.length > 0;
  part("reminders").hidden = ids.length === 0;
  page.querySelector("[data-my-do=remind]").checked = remind;
  const isShown = (id) => page.querySelector(`[data-my-day] [data-session="${id}"], [data-my-papers] [data-item="${id}"]`);
  const removed = ids.filter((id) => !isShown(id)).map((id) => starred[id]?.title ?? id);
  part("vanished").hidden = removed.length === 0;
  setText(part("vanished"), `Not in the program any more: ${removed.join("; ")}`);
  if (isStaticCopy) return;
  for (const name of ["feed", "transfer", "more"]) part(name).hidden = !keys || ids.length === 0;
  if (keys) showKeys(keys);
  const unsent = Object.keys(pending).length ? "Your latest stars are kept here, and go out when there is a network. " : "";
  setText(part("seen"), `${unsent}${told?.calendar ?? ""}`);
  showTarget();
}

/** Shows the rows of the starred sessions, and on each day how many there are. */
function showDays(starred) {
  const focusedRow = document.activeElement.closest("[data-my-day] li");
  for (const day of page.querySelectorAll("[data-my-day]")) {
    const rows = [...day.querySelectorAll("li:not([data-added])")];
    for (const row of rows) row.hidden = !(row.querySelector("[data-session]").dataset.session in starred);
    const count = rows.filter(({ hidden }) => !hidden).length;
    day.hidden = count === 0;
    setText(day.querySelector("[data-my-count]"), count === 1 ? "1 star" : `${count} stars`);
  }
  compose();
  if (focusedRow?.hidden) focusAfter(focusedRow);
}

/** Shows the rows of the starred papers, and how many there are of each session. */
function showPapers(starred) {
  const focusedRow = document.activeElement.closest("[data-my-papers] [data-item]");
  for (const section of page.querySelectorAll("[data-my-papers]")) {
    const rows = [...section.querySelectorAll("[data-item]")];
    for (const row of rows) row.hidden = !(row.dataset.item in starred);
    const count = rows.filter(({ hidden }) => !hidden).length;
    section.hidden = count === 0;
    setText(section.querySelector("[data-my-count]"), count === 1 ? "1 star" : `${count} stars`);
  }
  if (focusedRow?.hidden) focusAfter(focusedRow);
}

/** Moves the focus from a row that has left to the star of the next one, or else to the page. */
function focusAfter(row) {
  const shown = [...page.querySelectorAll(":is([data-my-day], [data-my-papers]) li:not([hidden]) [data-star]")];
  const next = shown.find((star) => row.compareDocumentPosition(star) & Node.DOCUMENT_POSITION_FOLLOWING);
  (next ?? page.closest("main")).focus({ preventScroll: true });
}

function compose() {
  const columns = columnsWithin(page.clientWidth);
  for (const list of page.querySelectorAll("[data-my-day] > ol")) composeDay(list, columns);
}

/** Copies the cards of what is on, and of what begins next, to the top. */
function showCurrent() {
  const cards = [...page.querySelectorAll("[data-my-day] li:not([hidden]) [data-session]")].filter(({ dataset }) => dataset.status !== "cancelled");
  const coming = cards.filter(({ dataset }) => ["next", "later"].includes(dataset.state));
  const first = Math.min(...coming.map(({ dataset }) => Date.parse(dataset.start)));
  fillSlot("now", cards.filter(({ dataset }) => dataset.state === "now"));
  fillSlot("next", coming.filter(({ dataset }) => Date.parse(dataset.start) === first));
}

/** Fills a slot with copies of cards; where one of them has changed, what had the focus in the former copies has it again. */
function fillSlot(name, cards) {
  const slot = page.querySelector(`[data-my-slot=${name}]`);
  const holder = slot.querySelector("[data-my-cards]");
  const copies = cards.map((card) => card.cloneNode(true));
  slot.hidden = copies.length === 0;
  if (copies.length === holder.children.length && copies.every((copy, index) => copy.isEqualNode(holder.children[index]))) return;
  const controls = () => [...holder.querySelectorAll("a, button")];
  const focused = controls().indexOf(document.activeElement);
  holder.replaceChildren(...copies);
  controls()[focused]?.focus({ preventScroll: true });
}

/** Scrolls to the calendar, where the address names it, once it is shown. */
function showTarget() {
  if (isTargetReached || location.hash !== "#calendar" || part("feed").hidden) return;
  isTargetReached = true;
  part("feed").scrollIntoView();
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
