// Answers what pages ask for, from the store or from the network.
const PATIENCE_MILLISECONDS = 3_000;
const RELOADS = ["reload", "no-cache", "no-store"];

addEventListener("install", (event) => event.waitUntil(install().then(() => skipWaiting())));
addEventListener("activate", (event) => event.waitUntil(activate()));
addEventListener("message", (event) => event.waitUntil(bringUpTo(event.data.revision)));
addEventListener("fetch", (event) => {
  const { method, mode, url } = event.request;
  const { origin, pathname, searchParams } = new URL(url);
  if (method !== "GET" || origin !== location.origin || searchParams.has("at")) return;
  const path = named(pathname);
  if (mode === "navigate") event.respondWith(KEPT.test(path) ? page(event) : fetch(event.request).catch(() => fallback(pathname)));
  else if (path.startsWith("/static/")) event.respondWith(file(event.request));
  else if (path.endsWith("/qr.svg") || pathname === here(RELEASE.searched)) event.respondWith(networkFirst(event.request));
});

async function activate() {
  await forgetOthers();
  await clients.claim();
  for (const client of await clients.matchAll()) client.postMessage({ service: RELEASE.service, build: RELEASE.build });
}

/** A page shows a revision, which may be newer than what is kept. */
async function bringUpTo(revision) {
  const cache = await caches.open(CACHE);
  if ((await revisionKept(cache)) < revision) await bringUp(cache).catch(() => registration.update().catch(() => {}));
}

/** A page at once from the store, and from the network behind it; or from the network, while that does not take long. */
async function page(event) {
  const { pathname, search } = new URL(event.request.url);
  const cache = await caches.open(CACHE);
  const kept = await cache.match(pathname);
  const fresh = fetch(event.request, { cache: "no-cache" });
  const keeping = fresh.then((answer) => (search ? null : keep(cache, pathname, answer.clone())));
  event.waitUntil(keeping.catch(() => {}));
  if (!kept) return fresh.catch(() => fallback(pathname));
  if (!search && !RELEASE.rehearsal && !RELOADS.includes(event.request.cache)) return kept;
  return freshOrKept(fresh, kept);
}

/** What is kept, where the network is not there, slow or in trouble. */
function freshOrKept(fresh, kept) {
  const patience = new Promise((resolve) => setTimeout(resolve, PATIENCE_MILLISECONDS, kept));
  const sound = fresh.then((answer) => (answer.status < 500 ? answer : kept), () => kept);
  return Promise.race([sound, patience]);
}

/** Without network: the page as it was visited in the release before, else one that says that it is not here. */
async function fallback(pathname) {
  return (await caches.match(pathname)) ?? (await caches.open(CACHE)).match(here(RELEASE.notKept));
}

async function file(request) {
  return (await caches.match(request, { ignoreVary: true })) ?? fetch(request);
}

/** A code leads where the service says today, and a search finds what the program says: the network is asked first. */
async function networkFirst(request) {
  const cache = await caches.open(CACHE);
  const kept = await cache.match(request, { ignoreVary: true });
  const fresh = fetch(request).then(async (answer) => {
    if (answer.ok) await cache.put(request, answer.clone());
    return answer;
  });
  return kept ? freshOrKept(fresh, kept) : fresh;
}
