// The projector's QR code leads to the session that is on in the room, else to the day.
import { address } from "../core/page-context.js";

export function turned(element) {
  const slots = document.querySelectorAll("[data-slot=now]");
  if (slots.length !== 1) return;
  const on = slots[0].querySelector("[data-session]")?.dataset.session;
  const image = element.querySelector("[data-code]");
  const source = on ? address(`talks/${on}/qr.svg`) : image.dataset.dayCode;
  if (image.getAttribute("src") !== source) image.setAttribute("src", source);
}
