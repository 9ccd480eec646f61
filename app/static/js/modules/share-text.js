// Offers the browser's own way of sharing, where it has one, for the address in the field named by data-shares.
export function start(element) {
  element.addEventListener("click", () => {
    const url = document.getElementById(element.dataset.shares).value;
    // Rejected where the reader closes the sheet.
    navigator.share({ url }).catch(() => {});
  });
}

export function refreshed(element) {
  element.hidden = !navigator.share;
}
