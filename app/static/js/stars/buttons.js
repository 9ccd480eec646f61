// The star beside each session.
import { get, onChange, star, starred } from "./store.js";
import { shownBy } from "./sessions.js";

const SHAPE = "M12 2.6l2.9 6.3 6.9.8-5.1 4.7 1.4 6.8L12 17.8l-6.1 3.4 1.4-6.8L2.2 9.7l6.9-.8z";

export function start(main) {
  const show = () => main.querySelectorAll("[data-session]").forEach(mark);
  main.addEventListener("click", (event) => {
    const button = event.target.closest("[data-star]");
    if (!button) return;
    const session = shownBy(button.closest("[data-session]"));
    star(session.id, !starred(session.id), session);
  });
  show();
  onChange(show);
  for (const event of ["turned", "revised"]) document.addEventListener(event, show);
}

function mark(node) {
  const button = node.querySelector("[data-star]") ?? made(node);
  const { id, title } = shownBy(node);
  set(button, "aria-label", `Star: ${title}`);
  set(button, "aria-pressed", String(id in get().starred));
}

function made(node) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "star";
  button.dataset.star = "";
  button.innerHTML = `<svg viewBox="0 0 24 24" width="24" height="24" aria-hidden="true"><path d="${SHAPE}"/></svg>`;
  node.append(button);
  return button;
}

function set(node, name, value) {
  if (node.getAttribute(name) !== value) node.setAttribute(name, value);
}
