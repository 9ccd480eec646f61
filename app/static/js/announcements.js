// Words to all rooms or one: shown while in force.
import { frozen, now, onTick } from "./clock.js";

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
    for (const one of wanted) if (!known.has(String(one.revision))) element.append(made(one, element.dataset.several !== undefined));
  }
}

function made({ revision, until, text, room_name: room }, several) {
  // What is over already is not shown, not even until the next second.
  const node = Object.assign(document.createElement("p"), { className: "announcement", hidden: Date.parse(until) <= now() });
  Object.assign(node.dataset, { revision, until });
  node.textContent = text;
  if (room && several) node.append(" ", Object.assign(document.createElement("span"), { className: "place", textContent: room }));
  return node;
}
