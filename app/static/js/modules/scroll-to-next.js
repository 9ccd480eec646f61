// A link that scrolls a long day to the session that begins next.

export function start(link) {
  link.addEventListener("click", (event) => {
    const rows = [...document.querySelectorAll("[data-day]:not([hidden]) li:not([hidden])")];
    const row = rows.find((one) => one.querySelector("[data-state=next], [data-state=later]"));
    if (!row) return;
    event.preventDefault();
    row.scrollIntoView({ block: "start" });
    row.querySelector("[data-session] a").focus({ preventScroll: true });
  });
}
