// Copies the text of the field whose id stands in data-copies, and says so in the element #copied and on the button.
// Without HTTPS there is no clipboard API: the text is selected, and copied the older way where the browser can.
export async function copied(field) {
  try {
    await navigator.clipboard.writeText(field.value);
    return true;
  } catch {
    const focused = document.activeElement;
    field.focus({ preventScroll: true });
    field.select();
    const isCopied = document.execCommand("copy");
    if (isCopied) focused?.focus({ preventScroll: true });
    return isCopied;
  }
}

export function start(element) {
  element.addEventListener("click", async () => {
    const isCopied = await copied(document.getElementById(element.dataset.copies));
    for (const other of document.querySelectorAll("[data-copied]")) delete other.dataset.copied;
    if (isCopied) element.dataset.copied = "";
    document.getElementById("copied").textContent = isCopied ? "Copied" : "Selected: copy it by the browser’s menu";
  });
}

export function refreshed(element) {
  element.disabled = false;
}
