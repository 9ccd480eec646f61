// Shows the one of several choices that fits this device: <div data-module="this-device"> around elements with data-for, a
// space-separated list of platforms: apple (iPhone, iPad, Mac), android, windows, other. The first that names this
// platform is shown, else the one for "other"; all others are hidden. The server renders all but that for "other" hidden,
// so that there is one choice without scripts too. All have the same size: nothing around them moves when one replaces
// another.
const PLATFORMS = [["apple", /iPhone|iPad|Mac/], ["android", /Android/], ["windows", /Windows/]];

// An iPad's browser gives itself out for a Mac's: both are apple. That of Android names Linux too.
const platform = PLATFORMS.find(([, pattern]) => pattern.test(navigator.userAgent))?.[0] ?? "other";

export function refreshed(element) {
  const choices = [...element.querySelectorAll("[data-for]")];
  const fits = (name) => choices.find(({ dataset }) => dataset.for.split(" ").includes(name));
  const fitting = fits(platform) ?? fits("other");
  for (const choice of choices) choice.hidden = choice !== fitting;
}
