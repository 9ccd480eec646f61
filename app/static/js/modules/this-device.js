// Shows the one of several choices that fits this device: of the elements with data-for (platforms with spaces between)
// the first that names this platform, else the one for "other".
const PLATFORMS = [["apple", /iPhone|iPad|iPod|Mac/i], ["android", /Android/i], ["windows", /Windows/i]];

const platform = PLATFORMS.find(([, pattern]) => pattern.test(navigator.userAgentData?.platform || navigator.userAgent))?.[0];

export function refreshed(element) {
  const choices = [...element.querySelectorAll("[data-for]")];
  const choiceFor = (name) => choices.find(({ dataset }) => dataset.for.split(" ").includes(name));
  const shown = choiceFor(platform) ?? choiceFor("other");
  for (const choice of choices) choice.hidden = choice !== shown;
}
