// Stores the day's pages and files on the device. `app/web/offline_pages.py` prepends the definition of RELEASE.
// Each release (service and build) has its own cache, since its pages name its files.
// Visited pages are stored besides those of the release; in a large program one may have a megabyte.
const MOST_VISITED = 40;
// All pictures of all stored pages; what exceeds this is not shown while offline.
const MOST_PICTURES = 400;
const MOST_PICTURE_BYTES = 20_000_000;
const PICTURES_AT_ONCE = 4;
const PICTURE_PATH = /^\/pictures\//;
// A frozen copy's root page has "pictures/…", its other pages "../pictures/…".
const PICTURE_SOURCE = /\ssrc="((?:[^"]*\/)?pictures\/[^"]+)"/g;
const STORABLE_PATH = new RegExp(RELEASE.kept);
// A frozen copy may stand below any path; RELEASE then names files relative to the worker's script.
const BASE = new URL(".", location).pathname;
const fullPath = (path) => addressOf(new URL(path, location));
const addressOf = ({ pathname, search }) => pathname + search;
const servicePath = (pathname) => `/${pathname.slice(BASE.length).replace(/\/$/, "")}`;
const RELEASE_ADDRESSES = new Set([...RELEASE.files, ...RELEASE.pages].map(fullPath));
// Other copies on the same host have other prefixes.
const PREFIX = `agenda ${BASE} `;
const SERVICE_PREFIX = `${PREFIX}${RELEASE.service} `;
const CACHE = `${SERVICE_PREFIX}${RELEASE.build}`;

/** Whether a page may be stored; in a frozen copy the other days have paths of their own. */
const isStorable = (url) => STORABLE_PATH.test(servicePath(url.pathname)) || RELEASE_ADDRESSES.has(addressOf(url));

/** The parameters of its query that make a page another one, in their order, as [name, value]. */
function keptQuery({ pathname, searchParams }) {
  const names = RELEASE.queries.find(([pattern]) => new RegExp(pattern).test(servicePath(pathname)))?.[1] ?? [];
  return names.filter((name) => searchParams.has(name)).map((name) => [name, searchParams.get(name)]);
}

/** The address that a page is stored under: its path, and of its query what makes it another page. */
function keyOf(url, query = keptQuery(url)) {
  return url.pathname + (query.length ? `?${new URLSearchParams(query)}` : "");
}

/** The addresses of the pages that stand for one without network: its own, then those that say less and less of it. */
function keysFor(url) {
  const query = keptQuery(url);
  return [...query.keys(), query.length].map((least) => keyOf(url, query.slice(0, query.length - least)));
}

/** The stored response to the first of some addresses that has one. */
async function firstStored(cache, keys) {
  for (const key of keys) {
    const response = await cache.match(key);
    if (response) return response;
  }
}

/** Stores the release. What a failed install leaves would be taken for the previous release, so it is deleted. */
async function install() {
  const isNew = !(await caches.has(CACHE));
  try {
    const cache = await caches.open(CACHE);
    await storeFiles(cache);
    await storeReleasePages(cache);
  } catch (error) {
    if (isNew) await caches.delete(CACHE);
    throw error;
  }
}

/** Stores the release's files, unless the service, which has another revision, gives other files in their place. */
async function storeFiles(cache) {
  await cache.addAll(RELEASE.files);
  const isOther = async (file) => (await cache.match(file, { ignoreVary: true })).headers.has("Content-Location");
  const others = (await Promise.all(RELEASE.files.map(async (file) => ((await isOther(file)) ? [file] : [])))).flat();
  await Promise.all(others.map((file) => cache.delete(file, { ignoreVary: true })));
  if (others.length) throw new Error("The files are of another revision, which brings its own worker.");
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
  await oneAfterAnother(() => updatePictures(cache));
}

/** The revision of the stored release pages and its history, read from the page that no visit replaces. */
async function storedRevision(cache) {
  const page = await cache.match(fullPath(RELEASE.notKept));
  const text = (await page?.text()) ?? "";
  return { revision: Number(/data-revision="(\d+)"/.exec(text)?.[1] ?? 0), history: /data-history="(\w+)"/.exec(text)?.[1] ?? "" };
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
  const oldest = (await visits(cache)).slice(0, -MOST_VISITED);
  for (const request of oldest) await cache.delete(request, { ignoreVary: true });
  await oneAfterAnother(() => (oldest.length ? updatePictures(cache) : storePictures(cache, picturesOf(path, text))));
}

/** The requests of stored pages that are not of the release, the oldest first. */
async function visits(cache) {
  return (await cache.keys()).filter(({ url }) => !RELEASE_ADDRESSES.has(addressOf(new URL(url))) && !isPicture(url));
}

/** Stores a page with the response's headers, and marks it as stored (<html data-kept>). */
async function storePage(cache, path, text, responseHeaders) {
  const headers = new Headers(responseHeaders);
  for (const name of ["Content-Encoding", "Content-Length", "ETag"]) headers.delete(name);
  headers.set("Content-Type", `${path.endsWith(".svg") ? "image/svg+xml" : "text/html"}; charset=utf-8`);
  await cache.put(path, new Response(text.replace("<html ", "<html data-kept "), { headers }));
}

const isPicture = (url) => PICTURE_PATH.test(servicePath(new URL(url).pathname));

/** The paths of the pictures that a page shows. */
function picturesOf(path, text) {
  return [...text.matchAll(PICTURE_SOURCE)].map(([, source]) => new URL(source, new URL(path, location)).pathname);
}

let lastWork = Promise.resolve();

/** Runs work on the stored pictures when the work before it has ended: each counts and deletes what it finds stored. */
function oneAfterAnother(work) {
  const result = lastWork.then(work);
  lastWork = result.catch(() => {});
  return result;
}

/** Deletes the pictures that no stored page shows, and stores those that are missing. */
async function updatePictures(cache) {
  const shown = await picturesOfPages(cache);
  const others = [...(await storedPictures(cache)).keys()].filter((path) => !shown.includes(path));
  await Promise.all(others.map((path) => cache.delete(path, { ignoreVary: true })));
  isFull = false;
  await storePictures(cache, shown);
}

/** The paths of the pictures that stored pages show. One page is read at a time, since each may have a megabyte. */
async function picturesOfPages(cache) {
  const shown = new Set();
  for (const request of await cache.keys()) {
    const response = await cache.match(request, { ignoreVary: true });
    if (!response?.headers.get("Content-Type")?.startsWith("text/html")) continue;
    for (const path of picturesOf(request.url, await response.text())) shown.add(path);
  }
  return [...shown];
}

/** The bytes of each stored picture by its path. */
async function storedPictures(cache) {
  const sizes = (await cache.keys()).filter(({ url }) => isPicture(url)).map(async (request) => {
    const { headers } = await cache.match(request, { ignoreVary: true });
    return [new URL(request.url).pathname, Number(headers.get("Content-Length"))];
  });
  return new Map(await Promise.all(sizes));
}

// Whether a picture did not fit; until some are deleted, none is asked for.
let isFull = false;

/** Fetches and stores those of some pictures that are not stored yet, up to the limits. One that fails is left out. */
async function storePictures(cache, paths) {
  if (!paths.length || isFull) return;
  const stored = await storedPictures(cache);
  const missing = [...new Set(paths)].filter((path) => !stored.has(path)).slice(0, Math.max(0, MOST_PICTURES - stored.size));
  let bytes = [...stored.values()].reduce((sum, size) => sum + size, 0);
  const store = async (path) => {
    const response = await fetch(path);
    const body = await response.blob();
    if (!response.ok) return;
    if (bytes + body.size > MOST_PICTURE_BYTES) isFull = true;
    if (isFull) return;
    bytes += body.size;
    await storePicture(cache, path, body, response.headers);
  };
  const storeInTurn = async () => {
    while (missing.length && !isFull) await store(missing.shift()).catch(() => {});
  };
  await Promise.all(Array.from({ length: PICTURES_AT_ONCE }, storeInTurn));
}

/** Stores a picture with the response's headers, and its size as it is stored. */
async function storePicture(cache, path, body, responseHeaders) {
  const headers = new Headers(responseHeaders);
  headers.delete("Content-Encoding");
  headers.set("Content-Length", body.size);
  await cache.put(path, new Response(body, { headers }));
}
