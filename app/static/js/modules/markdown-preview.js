// Shows the Markdown of a text field (`data-field`, its id) under it, as the service renders it.
import { request } from "../core/page-context.js";

export function start(element) {
  const button = element.querySelector("button");
  button.addEventListener("click", async () => {
    if (button.ariaDisabled === "true") return;
    // It keeps the focus, which somebody who types on has elsewhere.
    button.ariaDisabled = "true";
    show(element, await rendered(button.form, document.getElementById(element.dataset.field)));
    button.ariaDisabled = null;
  });
}

/** What the service makes of the text: an element, or a message that says why there is none. */
async function rendered(form, field) {
  const body = new URLSearchParams({ csrf_token: form.elements.csrf_token.value, [field.name]: field.value });
  try {
    const response = await request("/organizer/markdown", { method: "POST", body });
    const fresh = new DOMParser().parseFromString(await response.text(), "text/html");
    return fresh.getElementById("abstract-shown") ?? message("The service does not show this text. It may be too long.");
  } catch {
    return message("No network. Try again.");
  }
}

function message(text) {
  return Object.assign(document.createElement("p"), { className: "fault", textContent: text });
}

function show(element, node) {
  element.parentElement.querySelector(".markdown-preview")?.remove();
  const box = Object.assign(document.createElement("section"), { className: "markdown-preview" });
  box.dataset.added = "";
  box.setAttribute("role", "status");
  box.setAttribute("aria-label", "The abstract, as readers see it");
  box.append(document.adoptNode(node));
  element.after(box);
}
