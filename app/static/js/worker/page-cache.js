// Stores the day's pages and files on the device. `app/web/offline_pages.py` prepends the definition of RELEASE.
// Each release (service and build) has its own cache, since its pages name its files.
// Visited pages are stored besides those of the release; in a large program one may have a megabyte.
const MOST_VISITED = 40;
const STORABLE_PATH = new RegExp(RELEASE.kept);
// A frozen copy may stand below any path; RELEASE then names files relative to the worker's script.
const BASE = new URL(".", location).pathname;
const fullPath = (path) => new URL(path, location).pathname;
const servicePath = (pathname) => `/${pathname.slice(BASE.length).replace(/\/$/, "")}`;
const RELEASE_PATHS = new Set([...RELEASE.files, ...RELEASE.pages, RELEASE.searched].map(fullPath));
// Other copies on the same host have other prefixes.
const PREFIX = `agenda ${BASE} `;
const SERVICE_PREFIX = `${PREFIX}${RELEASE.service} `;
const CACHE = `${SERVICE_PREFIX}${RELEASE.build}`;

async function install() {
  const cache = await caches.open(CACHE);
  await cache.addAll(RELEASE.files);
  await storeReleasePages(cache);
}

/** Deletes other caches but the previous release's, which an open page may need and which has the visited pages. */
async function deleteOldCaches() {
  const others = (await caches.keys()).filter((name) => name.startsWith(PREFIX) && name !== CACHE);
  const previous = others.filter((name) => name.startsWith(SERVICE_PREFIX)).at(-1);
  await Promise.all(others.filter((name) => name !== previous).map((name) => caches.delete(name)));
}

/** Fetches and stores all pages of the release, in one response. */
async function storeReleasePages(cache) {
  const response = await fetch(RELEASE.bundle, { cache: "no-cache" });
  const { build, pages } = await response.json();
  if (build !== RELEASE.build) throw new Error("The response is of another release, which brings its own worker.");
  for (const [path, text] of Object.entries(pages)) await storePage(cache, fullPath(path), text, response.headers);
}

/** The revision of the stored release pages, read from the one that no visit replaces. */
async function storedRevision(cache) {
  const page = await cache.match(fullPath(RELEASE.notKept));
  return Number(/data-revision="(\d+)"/.exec((await page?.text()) ?? "")?.[1] ?? 0);
}

/** Stores a visited page of this release; a page of another release shows that this worker is outdated. */
async function storeVisit(cache, path, response) {
  if (response.status === 404) await cache.delete(path);
  const isHtml = response.headers.get("Content-Type")?.startsWith("text/html");
  if (response.status !== 200 || !isHtml || response.headers.get("Cache-Control")?.includes("no-store")) return;
  const text = await response.text();
  const isOfRelease = text.includes(`data-service="${RELEASE.service}"`) && text.includes(`data-build="${RELEASE.build}"`);
  if (!isOfRelease) return registration.update().catch(() => {});
  await storePage(cache, path, text, response.headers);
  const visited = (await cache.keys()).filter(({ url }) => !RELEASE_PATHS.has(new URL(url).pathname));
  for (const oldest of visited.slice(0, -MOST_VISITED)) await cache.delete(oldest);
}

/** Stores a page with the response's headers, and marks it as stored (<html data-kept>). */
async function storePage(cache, path, text, responseHeaders) {
  const headers = new Headers(responseHeaders);
  for (const name of ["Content-Encoding", "Content-Length", "ETag"]) headers.delete(name);
  headers.set("Content-Type", `${path.endsWith(".svg") ? "image/svg+xml" : "text/html"}; charset=utf-8`);
  await cache.put(path, new Response(text.replace("<html ", "<html data-kept "), { headers }));
}
