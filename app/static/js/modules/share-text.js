// Shares an address by the browser's own sheet: that in the field named by data-shares, else the page's own. Where the
// browser has no sheet, the page's own is copied; the button beside a field is hidden, since another one copies that.
import { announce } from "../core/spoken-status.js";
import { copied } from "./copy-text.js";

const SAID_MILLISECONDS = 4_000;

export function start(element) {
  element.addEventListener("click", () => {
    const { shares } = element.dataset;
    const url = shares ? document.getElementById(shares).value : location.origin + location.pathname;
    // Rejected where the reader closes the sheet.
    if (navigator.share) navigator.share({ url }).catch(() => {});
    else copy(url, element);
  });
}

export function refreshed(element) {
  element.disabled = false;
  element.hidden = "shares" in element.dataset && !navigator.share;
}

async function copy(url, button) {
  const field = Object.assign(document.createElement("input"), { value: url, readOnly: true });
  button.after(field);
  const isCopied = await copied(field);
  field.remove();
  if (!isCopied) return prompt("The address of this page", url);
  button.focus();
  announce(button.dataset.done);
  if (button.textContent === button.dataset.done) return;
  const words = button.textContent;
  button.textContent = button.dataset.done;
  setTimeout(() => (button.textContent = words), SAID_MILLISECONDS);
}
