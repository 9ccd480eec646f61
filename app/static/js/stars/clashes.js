// Starred sessions that are at the same time: said beside each of them.
import { get, onChange } from "./store.js";
import { shownBy } from "./sessions.js";

export function start(main) {
  const show = () => {
    const nodes = [...main.querySelectorAll("[data-sources] > li [data-session]")];
    const clashes = clashesOf(nodes.map(shownBy).filter(({ id }) => id in get().starred));
    for (const node of nodes) write(node.closest("li"), (clashes.get(node.dataset.session) ?? []).map(words).join(" "));
  };
  show();
  onChange(show);
  document.addEventListener("revised", show);
}

/** What each session clashes with, by id: half-open, so that one may begin where another ends. */
export function clashesOf(sessions) {
  const held = sessions.filter(({ status, start, end }) => status !== "cancelled" && Date.parse(start) < Date.parse(end));
  const overlap = (a, b) => a.id !== b.id && Date.parse(a.start) < Date.parse(b.end) && Date.parse(b.start) < Date.parse(a.end);
  return new Map(held.map((one) => [one.id, held.filter((other) => overlap(one, other))]));
}

function words({ title, start, end }) {
  return `Clashes with ${title}, ${start.slice(11, 16)}–${end.slice(11, 16)}.`;
}

function write(row, text) {
  const said = row.querySelector(".clash");
  if ((said?.textContent ?? "") === text) return;
  said?.remove();
  if (text) row.append(Object.assign(document.createElement("p"), { className: "clash", textContent: text }));
}
