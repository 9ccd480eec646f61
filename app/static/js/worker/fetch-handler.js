// Answers the requests of pages, from the cache or from the network.
const TIMEOUT_MILLISECONDS = 3_000;
const IMMUTABLE_PATH = /^\/(static|identity|icons|pictures)\//;
const RELOADS = ["reload", "no-cache", "no-store"];

addEventListener("install", (event) => event.waitUntil(install().then(() => skipWaiting())));
addEventListener("activate", (event) => event.waitUntil(activate()));
addEventListener("message", (event) => event.waitUntil(updateTo(event.data)));
addEventListener("fetch", (event) => {
  const { method, mode, url } = event.request;
  const address = new URL(url);
  const { origin, pathname, searchParams } = address;
  if (method !== "GET" || origin !== location.origin || searchParams.has("at")) return;
  const path = servicePath(pathname);
  if (mode === "navigate") event.respondWith(isStorable(address) ? pageResponse(event) : fetch(event.request).catch(() => offlineResponse(address)));
  else if (IMMUTABLE_PATH.test(path)) event.respondWith(staticFile(event.request));
  else if (path.endsWith("/qr.svg")) event.respondWith(networkFirst(event.request));
});

async function activate() {
  await deleteOldCaches();
  await clients.claim();
  for (const client of await clients.matchAll()) client.postMessage({ service: RELEASE.service, build: RELEASE.build });
}

/** Updates the stored pages where an open page shows a newer revision, or one of another history. */
async function updateTo({ revision, history }) {
  const cache = await caches.open(CACHE);
  const stored = await storedRevision(cache);
  if (stored.history !== history || stored.revision < revision) await storeReleasePages(cache).catch(() => registration.update().catch(() => {}));
}

/**
 * The page stored under this very address at once (stale-while-revalidate); for a reload, a search or a rehearsal the
 * network's, with a timeout.
 */
async function pageResponse(event) {
  const url = new URL(event.request.url);
  const cache = await caches.open(CACHE);
  const [key, ...others] = keysFor(url);
  const own = await cache.match(key);
  const fresh = fetch(event.request, { cache: "no-cache" });
  const isAsking = [...url.searchParams.keys()].some((name) => name !== "theme" && !new URL(key, url).searchParams.has(name));
  const storing = fresh.then((response) => (isAsking ? null : storeVisit(cache, key, response.clone())));
  event.waitUntil(storing.catch(() => {}));
  if (own && key === addressOf(url) && !RELEASE.rehearsal && !RELOADS.includes(event.request.cache)) return own;
  const stored = own ?? (await firstStored(cache, others));
  if (!stored) return fresh.catch(() => offlineResponse(url));
  return freshOrStored(fresh, stored);
}

/** The network's response, or the stored one where the network fails, is slow or gives a server error. */
function freshOrStored(fresh, stored) {
  const timeout = new Promise((resolve) => setTimeout(resolve, TIMEOUT_MILLISECONDS, stored));
  const usable = fresh.then((response) => (response.status < 500 ? response : stored), () => stored);
  return Promise.race([usable, timeout]);
}

/** Without network: the page as visited in the previous release, else one that says that it is not stored. */
async function offlineResponse(url) {
  return (await firstStored(caches, keysFor(url))) ?? (await caches.open(CACHE)).match(fullPath(RELEASE.notKept));
}

const staticFile = async (request) => (await caches.match(request, { ignoreVary: true })) ?? fetch(request);

/** For codes, which encode the service's present address: the network first, then the cache. */
async function networkFirst(request) {
  const cache = await caches.open(CACHE);
  const stored = await cache.match(request, { ignoreVary: true });
  const fresh = fetch(request).then(async (response) => {
    if (response.ok) await cache.put(request, response.clone());
    return response;
  });
  return stored ? freshOrStored(fresh, stored) : fresh;
}
