// The projector's code follows the session that is on. Pictures are fetched ahead, for when the network goes.
import { address } from "../core/page.js";

const LATER = 4;
const ahead = new Map();

export function turned(element) {
  const slots = document.querySelectorAll("[data-slot=now]");
  if (slots.length !== 1) return;
  const on = slots[0].querySelector("[data-session]")?.dataset.session;
  const coming = [...document.querySelectorAll("[data-sources] [data-state=next], [data-sources] [data-state=later]")];
  for (const id of [on, ...coming.slice(0, LATER).map(({ dataset }) => dataset.session)]) if (id) fetchAhead(id);
  const image = element.querySelector("[data-code]");
  const source = on ? path(on) : image.dataset.dayCode;
  if (image.getAttribute("src") !== source) image.setAttribute("src", source);
}

function fetchAhead(id) {
  if (!ahead.has(id)) ahead.set(id, Object.assign(new Image(), { src: path(id) }));
}

function path(id) {
  return address(`talks/${id}/qr.svg`);
}
