// Stars on every page that readers have.
import { start as startButtons } from "./buttons.js";
import { start as startCallouts } from "./callouts.js";
import { start as startClashes } from "./clashes.js";
import { start as startSync } from "./sync.js";

export function start(main) {
  startButtons(main);
  startClashes(main);
  startCallouts();
  startSync();
}
