// Copies the text of the field whose id stands in data-copies, and says so in the element #copied.
// Without HTTPS there is no clipboard API: the text is selected, and copied the older way where the browser can.
export async function copied(field) {
  try {
    await navigator.clipboard.writeText(field.value);
    return true;
  } catch {
    field.select();
    return document.execCommand("copy");
  }
}

export function start(element) {
  element.addEventListener("click", async () => {
    const isCopied = await copied(document.getElementById(element.dataset.copies));
    document.getElementById("copied").textContent = isCopied ? "Copied" : "Selected: copy it by the browser’s menu";
  });
}

export function refreshed(element) {
  element.disabled = false;
}
