// Keeps a projector's screen awake, and says so when the browser cannot.
export function start(element) {
  const hold = async () => {
    try {
      await navigator.wakeLock.request("screen");
      element.hidden = true;
    } catch {
      element.hidden = false;
    }
  };
  hold();
  // The browser lets go of it when the page is hidden.
  document.addEventListener("visibilitychange", () => document.hidden || hold());
}
