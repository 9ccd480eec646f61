// The projector's code follows the session that is on. Pictures are fetched ahead, for when the network goes.
import { address } from "./page.js";

const LATER = 4;

export function start(element) {
  const image = element.querySelector("[data-code]");
  const single = document.querySelectorAll("[data-slot=now]").length === 1;
  if (!single) return;
  const ahead = new Map();
  document.addEventListener("turned", ({ detail }) => {
    const coming = [...document.querySelectorAll("[data-sources] [data-state=next], [data-sources] [data-state=later]")];
    for (const id of [...detail.now.map((s) => s.id), ...coming.slice(0, LATER).map((n) => n.dataset.session)]) fetchAhead(ahead, id);
    const source = detail.now[0] ? path(detail.now[0].id) : image.dataset.dayCode;
    if (image.getAttribute("src") !== source) image.setAttribute("src", source);
  });
}

function fetchAhead(ahead, id) {
  if (ahead.has(id)) return;
  const picture = new Image();
  picture.src = path(id);
  ahead.set(id, picture);
}

function path(id) {
  return address(`talks/${id}/qr.svg`);
}
