// Has the worker keep the day on this phone, and takes up a new release when that disturbs nobody.
// Without HTTPS browsers have no worker (but on localhost): then the page goes on while it is open.
import { contact, frozen } from "./clock.js";
import { address, copied, service } from "./page.js";

const SIGNS_OF_USE = ["pointerdown", "keydown", "wheel"];
const build = import.meta.url.split("/").at(-3);
let used = false;

export function start() {
  if (frozen || location.pathname.startsWith("/organizer")) return;
  for (const sign of SIGNS_OF_USE) addEventListener(sign, () => (used = true), { once: true, passive: true });
  const worker = navigator.serviceWorker;
  if (worker) {
    worker.addEventListener("message", ({ data }) => (data.build !== build || data.service !== service) && takeUp());
    addEventListener("load", () => register(worker));
  }
  watch(worker);
}

function register(worker) {
  worker.register(address("sw.js"), { updateViaCache: "none" }).catch((error) => console.warn("not kept offline:", error));
}

/** The clock's answer names the release, and the day: what answers at this address now may be another's. */
function watch(worker) {
  const registered = () => worker?.getRegistration();
  contact.addEventListener("made", async ({ detail }) => {
    if (detail.build === build) return;
    const registration = await registered();
    if (registration) registration.update().catch(() => {});
    else if (copied) takeUp();
  });
  contact.addEventListener("other", async () => {
    const registration = await registered();
    if (registration) registration.update().catch(() => {});
    else takeUp();
  });
}

/** At once on a page that nobody has touched yet, such as the projector's; else when it is out of sight. */
function takeUp() {
  if (!used || document.hidden) return location.reload();
  document.addEventListener("visibilitychange", () => location.reload(), { once: true });
}
