// Says of a file that is larger than the service takes (data-most-bytes), before anything of it is sent.
const BYTES_A_MEGABYTE = 1_000_000;

export function start(input) {
  input.addEventListener("change", () => check(input));
}

function check(input) {
  const most = Number(input.dataset.mostBytes);
  const isTooLarge = [...input.files].some(({ size }) => size > most);
  const words = `A file has at most ${most / BYTES_A_MEGABYTE} MB. Save it as CSV, or give its address.`;
  input.setCustomValidity(isTooLarge ? words : "");
  if (isTooLarge) input.reportValidity();
}
