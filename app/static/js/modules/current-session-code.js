// The projector's QR code leads to the session that is on in the room, else to the day; its caption says which.
import { address } from "../core/page-context.js";

export function turned(element) {
  const on = document.querySelector("[data-shows] [data-slot=now] [data-session]")?.dataset.session;
  const image = element.querySelector("[data-code]");
  const source = on ? address(`talks/${on}/qr.svg`) : image.dataset.dayCode;
  if (image.getAttribute("src") !== source) image.setAttribute("src", source);
  for (const caption of element.querySelectorAll("[data-code-of]")) caption.hidden = (caption.dataset.codeOf === "talk") !== Boolean(on);
}
