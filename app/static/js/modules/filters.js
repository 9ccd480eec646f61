// Finding sessions by words, room and kind: the same rules as the server's (`app/domain/finding.py`).

const NAMES = ["q", "room", "kind", "day"];
const LONGEST_TEXT = 100;
const MOST_WORDS = 8;
const MOST_ITEMS_TOLD = 3;

/** Text without case and accents. */
export function fold(text) {
  return text.toLowerCase().normalize("NFKD").replace(/\p{Mn}/gu, "").replaceAll("ß", "ss");
}

/** What an address asks for, as {q, room, kind, day}, "" for anything. */
export function asked(search) {
  const query = new URLSearchParams(search);
  return Object.fromEntries(NAMES.map((name) => [name, query.get(name) ?? ""]));
}

/** The address that asks for this, all else in it left alone. */
export function address(href, wanted) {
  const url = new URL(href);
  for (const name of NAMES) {
    if (wanted[name]) url.searchParams.set(name, wanted[name]);
    else url.searchParams.delete(name);
  }
  return url.href;
}

/** Whether something is looked for; a day alone only turns the page. */
export function searching({ q, room, kind }) {
  return Boolean(fold(q).trim() || room || kind);
}

/** A test for sessions, given as {text, room, kind} with folded text. */
export function fitting({ q, room, kind }) {
  const words = wordsOf(q);
  return (session) =>
    (!room || session.room === room || session.room === "") &&
    (!kind || session.kind === kind) &&
    words.every((word) => session.text.includes(word));
}

/** The items that hold all words, as the reason why their session was found. */
export function itemsFound(items, { q }) {
  const words = wordsOf(q);
  if (!words.length) return [];
  return items.filter(({ text }) => words.every((word) => text.includes(word))).slice(0, MOST_ITEMS_TOLD);
}

/** What a session of `/api/program` can be found by beside what its row says. */
export function indexed({ abstract, track, items }) {
  const found = items.map(({ title, number, authors }) => ({ title, text: fold([title, number, ...authors].join("\n")) }));
  return { text: [fold(`${abstract}\n${track}`), ...found.map(({ text }) => text)].join("\n"), items: found };
}

function wordsOf(q) {
  return fold(q.slice(0, LONGEST_TEXT)).split(/\s+/).filter(Boolean).slice(0, MOST_WORDS);
}
