// Tells a screen reader, once and politely, what has begun.
export function start(element) {
  let known = null;
  document.addEventListener("turned", ({ detail }) => {
    const titles = detail.now.map((s) => s.node.querySelector("[data-part=title]").textContent).join("; ");
    if (known !== null && known !== titles) element.textContent = titles ? `Now: ${titles}` : "Nothing on now.";
    known = titles;
  });
}
