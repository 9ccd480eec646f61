// From the top of a long day to what begins next.

export function start(link) {
  link.addEventListener("click", (event) => {
    const row = [...document.querySelectorAll("[data-day]:not([hidden]) li:not([hidden])")].find(isComing);
    if (!row) return;
    event.preventDefault();
    row.scrollIntoView({ block: "start" });
    row.querySelector("[data-session] a").focus({ preventScroll: true });
  });
}

function isComing(row) {
  return ["next", "later"].includes(row.querySelector("[data-session]").dataset.state);
}
