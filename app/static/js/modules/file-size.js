// Says of a file that is larger than the service takes (data-most-bytes, data-too-large), before anything of it is sent.
export function start(input) {
  input.addEventListener("change", () => check(input));
}

function check(input) {
  const isTooLarge = [...input.files].some(({ size }) => size > Number(input.dataset.mostBytes));
  input.setCustomValidity(isTooLarge ? input.dataset.tooLarge : "");
  if (isTooLarge) input.reportValidity();
}
