// Tells a screen reader, once and politely, what has begun and what was changed.
const MOST_TITLES = 3;
// What comes together is said together.
const PAUSE_MILLISECONDS = 500;

export function start(element) {
  let known = null;
  let waiting = [];
  let timer = 0;
  const say = (text) => {
    waiting.push(text);
    clearTimeout(timer);
    timer = setTimeout(() => {
      element.textContent = waiting.join(" ");
      waiting = [];
    }, PAUSE_MILLISECONDS);
  };
  document.addEventListener("turned", ({ detail }) => {
    const titles = [...new Set(detail.now.map((s) => s.node.querySelector("[data-part=title]").textContent))];
    const text = titles.length > MOST_TITLES ? `${titles.length} sessions are on now.` : titles.length ? `Now: ${titles.join("; ")}.` : "Nothing on now.";
    if (known !== null && known !== text) say(text);
    known = text;
  });
  document.addEventListener("reminded", ({ detail }) => say(detail));
  document.addEventListener("revised", ({ detail }) => {
    const words = detail.changes.map(changed).filter(Boolean);
    if (words.length > MOST_TITLES) say(`${words.length} sessions have changed.`);
    else if (words.length) say(words.join(" "));
  });
}

/** What a listener must know of a change: a new time or room, or that it does not take place. */
function changed({ before, after }) {
  if (!before || !after) return "";
  if (before.status !== after.status && after.status === "cancelled") return `Cancelled: ${after.title}.`;
  if (before.start !== after.start) return `${after.title} is at ${after.start.slice(11, 16)} now.`;
  return before.room === after.room ? "" : `${after.title} is in ${after.room_name} now.`;
}
