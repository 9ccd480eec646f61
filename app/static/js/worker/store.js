// Keeps the day on the phone. The server puts RELEASE before this text: whose day, which build, what to keep.
// A cache belongs to one release: its pages name its files, so that the two never mix.
// Beyond those kept from the start; of a large program a page may have a megabyte.
const MOST_VISITED = 40;
const KEPT = new RegExp(RELEASE.kept);
// A frozen copy may stand below any path, and names what it has by where that is from here.
const BASE = new URL(".", location).pathname;
const here = (path) => new URL(path, location).pathname;
const named = (pathname) => `/${pathname.slice(BASE.length).replace(/\/$/, "")}`;
const FIRST = new Set([...RELEASE.files, ...RELEASE.pages, RELEASE.searched].map(here));
// Other copies of the same host keep their own.
const ALL = `agenda ${BASE} `;
const OWN = `${ALL}${RELEASE.service} `;
const CACHE = `${OWN}${RELEASE.build}`;

async function install() {
  const cache = await caches.open(CACHE);
  await cache.addAll(RELEASE.files);
  await bringUp(cache);
}

/** Forgets other days and older releases. The release before stays: a page of it may be open, or all that was visited. */
async function forgetOthers() {
  const others = (await caches.keys()).filter((name) => name.startsWith(ALL) && name !== CACHE);
  const before = others.filter((name) => name.startsWith(OWN)).at(-1);
  await Promise.all(others.filter((name) => name !== before).map((name) => caches.delete(name)));
}

/** Takes all pages that are kept from the start, in one answer. */
async function bringUp(cache) {
  const answer = await fetch(RELEASE.bundle, { cache: "no-cache" });
  const { build, pages } = await answer.json();
  if (build !== RELEASE.build) throw new Error("Another release answered: its worker will come.");
  for (const [path, text] of Object.entries(pages)) await put(cache, here(path), text, answer.headers);
}

/** The revision of the pages that were taken in one answer: this one of them is never visited. */
async function revisionKept(cache) {
  const page = await cache.match(here(RELEASE.notKept));
  return Number(/data-revision="(\d+)"/.exec((await page?.text()) ?? "")?.[1] ?? 0);
}

/** Keeps a page of this release and this day; another's says that this worker is old. */
async function keep(cache, path, answer) {
  if (answer.status === 404) await cache.delete(path);
  const html = answer.headers.get("Content-Type")?.startsWith("text/html");
  if (answer.status !== 200 || !html || answer.headers.get("Cache-Control")?.includes("no-store")) return;
  const text = await answer.text();
  const ours = text.includes(`data-service="${RELEASE.service}"`) && text.includes(`static/${RELEASE.build}/`);
  if (!ours) return registration.update().catch(() => {});
  await put(cache, path, text, answer.headers);
  const visited = (await cache.keys()).filter(({ url }) => !FIRST.has(new URL(url).pathname));
  for (const oldest of visited.slice(0, -MOST_VISITED)) await cache.delete(oldest);
}

/** Stores a page with the headers that it came with, and marks it as kept. */
async function put(cache, path, text, headers) {
  const kept = new Headers(headers);
  for (const name of ["Content-Encoding", "Content-Length", "ETag"]) kept.delete(name);
  kept.set("Content-Type", `${path.endsWith(".svg") ? "image/svg+xml" : "text/html"}; charset=utf-8`);
  await cache.put(path, new Response(text.replace("<html ", "<html data-kept "), { headers: kept }));
}
