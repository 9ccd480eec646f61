// The button that prints the sheets; it is hidden from readers without scripts.
const button = document.querySelector("[data-print]");
button.hidden = false;
button.addEventListener("click", () => print());
