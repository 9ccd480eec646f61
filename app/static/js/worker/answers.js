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
  if (mode === "navigate" && KEPT.test(named(pathname))) event.respondWith(page(event));
  else if (mode === "navigate") event.respondWith(fetch(event.request).catch(notKept));
  else if (named(pathname).startsWith("/static/")) event.respondWith(file(event.request));
  else if (pathname.endsWith("/qr.svg")) event.respondWith(code(event.request));
});

/** Takes over. The release before stays in store: a page of it may still be open. */
async function activate() {
  const others = (await caches.keys()).filter((name) => name.startsWith(PREFIX) && name !== CACHE);
  await Promise.all(others.slice(0, -1).map((name) => caches.delete(name)));
  await clients.claim();
  const { service, build } = RELEASE;
  for (const client of await clients.matchAll()) client.postMessage({ service, build });
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
  const stored = await cache.match(pathname);
  const fresh = fetch(event.request, { cache: "no-cache" });
  const keeping = fresh.then((answer) => (search ? null : keep(cache, pathname, answer.clone())));
  event.waitUntil(keeping.catch(() => {}));
  if (!stored) return fresh.catch(notKept);
  if (!search && !RELEASE.rehearsal && !RELOADS.includes(event.request.cache)) return stored;
  const patience = new Promise((resolve) => setTimeout(resolve, PATIENCE_MILLISECONDS, stored));
  const sound = fresh.then((answer) => (answer.status < 500 ? answer : stored), () => stored);
  return Promise.race([sound, patience]);
}

async function notKept() {
  return (await caches.open(CACHE)).match(here(RELEASE.notKept));
}

async function file(request) {
  return (await caches.match(request, { ignoreVary: true })) ?? fetch(request);
}

/** A code leads where the service says today, so that the network is asked first. */
async function code(request) {
  const cache = await caches.open(CACHE);
  try {
    const answer = await fetch(request);
    if (answer.ok) await cache.put(request, answer.clone());
    return answer;
  } catch {
    return (await cache.match(request, { ignoreVary: true })) ?? Response.error();
  }
}
