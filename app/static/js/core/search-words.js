// The words of a search by the rules of `app/domain/search.py`, for the pages that this device searches itself.
const MOST_WORDS = 8;
const MOST_JOINED = 4;
// What is written without spaces, each character of which is a word; "C++" and "C#" are words.
const UNSPACED = "\\u0e00-\\u0eff\\u1000-\\u109f\\u1780-\\u17ff\\u3040-\\u30ff\\u3400-\\u4dbf\\u4e00-\\u9fff\\u{20000}-\\u{3ffff}";
const WORD = new RegExp(`(?:(?![${UNSPACED}])[\\p{L}\\p{N}])+(?:\\+\\+|#(?![\\p{L}\\p{N}_]))?|(?=[\\p{L}\\p{N}])[${UNSPACED}]`, "gu");
const JOINER = /^[-_./&+:'’‐–]?$/;
const LONE_POINT = /(?:^|[^\p{L}\p{N}.])\.$/u;
const SAME_LETTERS = { ß: "ss", æ: "ae", œ: "oe", ø: "o", ł: "l", đ: "d", ð: "d", þ: "th", ı: "i", ς: "σ" };
const LETTERS = new RegExp(`[${Object.keys(SAME_LETTERS).join("")}]`, "g");

/** The terms of what somebody typed, each as the words of a compound. */
export function termsOf(text) {
  return groupsOf(wordsIn(text).slice(0, MOST_WORDS)).map((group) => (group.length === 1 && group[0].isAfterPoint ? [`.${group[0].text}`] : textsOf(group)));
}

/** The words of a text in order, and its compounds. */
export function wordsOf(text) {
  const words = wordsIn(text);
  const joined = groupsOf(words).flatMap((group) => (group.length > 1 && group.length <= MOST_JOINED ? textsOf(group).slice(1).map((_, first) => textsOf(group).slice(first).join("")) : []));
  return { texts: textsOf(words), compounds: [...joined, ...words.filter((word) => word.isAfterPoint).map(({ text: own }) => `.${own}`)] };
}

/** Whether words have a term: its words side by side, the last by its beginning; or one that begins with all of it. */
export function hasTerm({ texts, compounds }, term) {
  const last = term.length - 1;
  const isAt = (end) => end >= last && texts[end].startsWith(term[last]) && term.slice(0, last).every((word, index) => texts[end - last + index] === word);
  const joined = term.join("");
  return texts.some((_, end) => isAt(end)) || [...(last ? texts : []), ...compounds].some((word) => word.startsWith(joined));
}

const textsOf = (words) => words.map(({ text }) => text);

/** The text without case, accents and what cannot be seen. */
function fold(text) {
  const apart = text.normalize("NFKD").toLowerCase().normalize("NFKD").replace(/[\p{M}\p{Cf}]/gu, "");
  return apart.replace(LETTERS, (letter) => SAME_LETTERS[letter]);
}

/** The folded words of a text, whether each is of one compound with the word before, and whether a lone point is before it. */
function wordsIn(text) {
  const folded = fold(text);
  let end = -1;
  return [...folded.matchAll(WORD)].map(({ 0: word, index }) => {
    const isJoined = end >= 0 && JOINER.test(folded.slice(end, index));
    end = index + word.length;
    return { text: word, isJoined, isAfterPoint: LONE_POINT.test(folded.slice(Math.max(index - 3, 0), index)) };
  });
}

/** The words, those of a compound together. */
function groupsOf(words) {
  const groups = [];
  for (const word of words) {
    if (word.isJoined) groups.at(-1).push(word);
    else groups.push([word]);
  }
  return groups;
}
