// A screen in a hall, light or dark: by the T key or a button, by ?theme= in the address, and as it was chosen on this
// screen before.
const THEMES = ["light", "dark"];
const STORAGE_KEY = "screen theme";
const root = document.documentElement;

export function start() {
  const inAddress = new URLSearchParams(location.search).get("theme");
  const chosen = [inAddress, stored()].find((theme) => THEMES.includes(theme));
  if (chosen) setTheme(chosen);
  addEventListener("keydown", ({ key, ctrlKey, metaKey, altKey }) => {
    if (key.toLowerCase() === "t" && !ctrlKey && !metaKey && !altKey) switchTheme();
  });
  for (const button of document.querySelectorAll("[data-theme-switch]")) {
    button.hidden = false;
    button.addEventListener("click", switchTheme);
  }
}

const switchTheme = () => setTheme(isDark() ? "light" : "dark");

function isDark() {
  return root.dataset.theme ? root.dataset.theme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
}

/** The address says it too: the page that a refresh or a reload gets has the same theme from its first paint on. */
function setTheme(theme) {
  root.dataset.theme = theme;
  const address = new URL(location.href);
  address.searchParams.set("theme", theme);
  history.replaceState(history.state, "", address);
  try {
    localStorage.setItem(STORAGE_KEY, theme);
  } catch { /* the address keeps it */ }
}

function stored() {
  try {
    return localStorage.getItem(STORAGE_KEY);
  } catch {
    return null;
  }
}
