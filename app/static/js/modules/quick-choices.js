// Buttons that write their value into a field (`data-field`, its id).
export function start(element) {
  element.addEventListener("click", ({ target }) => {
    const button = target.closest("button");
    const field = document.getElementById(element.dataset.field);
    if (!button || !field) return;
    field.value = button.value;
    field.dispatchEvent(new Event("input", { bubbles: true }));
  });
}
