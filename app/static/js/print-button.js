// The button that prints the sheets, hidden from readers without scripts. It is a file of its own, since sheets load no
// other script and may have none inside.
const button = document.querySelector("[data-print]");
button.hidden = false;
button.addEventListener("click", () => print());
