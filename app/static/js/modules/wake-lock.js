// Keeps a projector's screen awake, and shows a notice where the browser cannot.
export function start(element) {
  const hold = async () => {
    element.hidden = (await navigator.wakeLock?.request("screen").then(() => true, () => false)) ?? false;
  };
  hold();
  // The browser releases the lock when the page is hidden.
  document.addEventListener("visibilitychange", () => document.hidden || hold());
}
