// Words to all rooms or one: shown while in force.
import { frozen, onTick } from "./clock.js";

export function start(element) {
  if (frozen) return;
  onTick((time) => {
    for (const node of element.children) node.hidden = Date.parse(node.dataset.until) <= time;
  });
}

/** Shows a new list in every place that shows announcements; what stays is left alone. */
export function show(announcements) {
  for (const element of document.querySelectorAll("[data-announcements]")) {
    const room = element.dataset.announcementsRoom;
    const wanted = announcements.filter((one) => !room || !one.room || one.room === room);
    const known = new Map([...element.children].map((node) => [node.dataset.revision, node]));
    for (const [revision, node] of known) if (!wanted.some((one) => String(one.revision) === revision)) node.remove();
    for (const one of wanted) if (!known.has(String(one.revision))) element.append(made(one));
  }
}

function made({ revision, until, text }) {
  const node = document.createElement("p");
  node.className = "announcement";
  Object.assign(node.dataset, { revision, until });
  node.textContent = text;
  return node;
}
