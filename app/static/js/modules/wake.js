// Keeps a projector's screen awake, and says so when the browser cannot.
export function start(element) {
  const hold = async () => {
    element.hidden = (await navigator.wakeLock?.request("screen").then(() => true, () => false)) ?? false;
  };
  hold();
  // The browser lets go of it when the page is hidden.
  document.addEventListener("visibilitychange", () => document.hidden || hold());
}
