// Finds sessions in the pages that this device keeps, where no service answers a search: without network, and in a frozen
// copy. Its rows have titles and names; the result is a document like the service's, for the one way of merging.
import { now } from "./clock.js";
import { historyShown, isStaticCopy, request, revisionShown } from "./page-context.js";
import { hasTerm, termsOf, wordsOf } from "./search-words.js";

// The pages of the days as documents, each with its text, for one revision and path.
let kept = { key: "", pages: Promise.resolve([]) };

/**
 * The kept page at an address with the rows that it asks for; null without rows. As with the service, words are looked for
 * on all days unless one is named, and filters select from the day that is shown.
 */
export async function searchKept(address, where) {
  const query = new URL(address, location).searchParams;
  const pages = await keptPages(address);
  const day = query.get("day");
  const page = parse((pages.find((one) => day && shownDay(one.page)?.dataset.day === day) ?? pages[0]).text);
  if (!page.querySelector("[data-day] li [data-session]")) return null;
  const terms = termsOf(query.get("q") ?? "");
  const allDays = pages.flatMap((one) => [...one.page.querySelectorAll("[data-day]")]);
  const days = terms.length && !day ? allDays : [shownDay(page)];
  if (!isStaticCopy) page.documentElement.dataset.kept = "";
  fillForms(page, query);
  if (isSearch(page, query)) showFound(page, onePerDay(days), query, terms, where);
  return page;
}

const shownDay = (page) => page.querySelector("[data-day]:not([hidden])");

const parse = (text) => new DOMParser().parseFromString(text, "text/html");

async function keptPages(address) {
  const { pathname } = new URL(address, location);
  const key = `${pathname} ${revisionShown()} ${historyShown()}`;
  if (kept.key !== key) kept = { key, pages: readDays(pathname) };
  const pages = await kept.pages;
  return pages.length ? pages : [openPage()];
}

/** The open page, without what scripts have added to it. */
function openPage() {
  const page = parse(document.documentElement.outerHTML);
  for (const added of page.querySelectorAll("[data-added]")) added.remove();
  return { text: page.documentElement.outerHTML, page };
}

/** The page itself and those of its days, each once, as far as they are kept. */
async function readDays(pathname) {
  const links = [...document.querySelectorAll("nav.days a[href]")].map((link) => new URL(link.href));
  const addresses = new Set([pathname, ...links.map((link) => link.pathname + link.search)]);
  const texts = await Promise.all([...addresses].map((one) => readPage(one).catch(() => null)));
  return texts.filter(Boolean).map((text) => ({ text, page: parse(text) }));
}

async function readPage(address) {
  const fromHost = () => request(address, { cache: isStaticCopy ? "no-cache" : "force-cache" });
  const fromCache = () => globalThis.caches?.match(address);
  const response = isStaticCopy ? await fromHost().catch(fromCache) : (await fromCache()) ?? (await fromHost());
  return response?.ok ? response.text() : null;
}

/** One section of each day: the page of another day may have an empty or hidden one. */
function onePerDay(sections) {
  const byDay = new Map();
  for (const one of sections) {
    const { day } = one.dataset;
    if (!byDay.get(day)?.querySelector("[data-session]")) byDay.set(day, one);
  }
  return [...byDay.keys()].sort().map((day) => byDay.get(day));
}

const fieldsOf = (page) => [...page.querySelectorAll("form[data-in-place] [name]:not([type=hidden], button)")];

/** Whether the query has something in a field that a reader fills in. */
const isSearch = (page, query) => fieldsOf(page).some(({ name }) => query.get(name));

/** Makes the forms say what is asked for, as the service does. */
function fillForms(page, query) {
  for (const field of fieldsOf(page)) {
    const value = query.get(field.name) ?? "";
    for (const option of field.options ?? []) option.toggleAttribute("selected", option.value === value);
    if (field.localName === "select") continue;
    if (field.type === "checkbox") field.toggleAttribute("checked", field.value === value);
    else field.setAttribute("value", value);
  }
}

/** Puts the rows of days that fit in place of the page's own day, and says how many there are. */
function showFound(page, days, query, terms, where) {
  const isFound = (row) => fits(row.querySelector("[data-session]"), query) && hasTerms(row, terms);
  const lists = days.map((day) => listOf(page, day, isFound));
  const [first, ...others] = page.querySelectorAll("[data-day]");
  first.replaceWith(...lists);
  for (const other of others) other.remove();
  const found = lists.flatMap((list) => [...list.querySelectorAll("li:not([hidden])")]).length;
  const line = page.querySelector("[data-found]");
  const tracks = query.get("track") ? ` Tracks are not told apart ${where}.` : "";
  const places = terms.length ? ` in titles and names. Abstracts are not searched ${where}.` : ".";
  if (line) line.textContent = `${found} found${places}${tracks}`;
}

/** A day as a list under its heading. What is not found is hidden in it, since slots for what is now copy from there. */
function listOf(page, day, isFound) {
  const rows = new Map(rowsOf(day).map((row) => [row.querySelector("[data-session]").dataset.session, row]));
  const inOrder = [...rows.values()].sort((one, other) => startOf(one) - startOf(other));
  const section = Object.assign(page.createElement("section"), { id: day.id, className: "timeline" });
  section.dataset.day = day.dataset.day;
  section.setAttribute("aria-labelledby", day.getAttribute("aria-labelledby"));
  const list = Object.assign(page.createElement("ol"), { className: inOrder[0]?.parentElement.className ?? "" });
  list.dataset.sources = "";
  list.append(...inOrder.map((row) => page.importNode(row, true)));
  for (const row of list.children) row.hidden = !isFound(row);
  const heading = day.querySelector("h2");
  section.append(...(heading ? [page.importNode(heading, true)] : []), list);
  section.hidden = !list.querySelector("li:not([hidden])");
  return section;
}

const rowsOf = (day) => [...day.querySelectorAll("li")].filter((row) => row.querySelector("[data-session]"));
const startOf = (row) => Date.parse(row.querySelector("[data-session]").dataset.start);

/** Whether a session is what the filters ask for that its data say; one for all rooms is in each. */
function fits({ dataset: { room, kind, end } }, query) {
  const isOf = (value, name) => !query.get(name) || !value || value === query.get(name);
  return isOf(room, "room") && isOf(kind, "kind") && !(query.get("coming") && Date.parse(end) <= now());
}

/** Whether the title or the names have each term. */
function hasTerms(row, terms) {
  const texts = ["title", "people"].map((part) => wordsOf(row.querySelector(`[data-part=${part}]`)?.textContent ?? ""));
  return terms.every((term) => texts.some((words) => hasTerm(words, term)));
}
