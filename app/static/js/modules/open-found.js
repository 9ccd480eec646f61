// Opens folded groups of sessions while a search is shown; `day-search.js` says when it has searched.
const openedBySearch = new WeakSet();

export function start(details) {
  document.addEventListener("found", () => refreshed(details));
}

export function refreshed(details) {
  const isSearching = !document.querySelector("[data-show-all]").hidden;
  if (isSearching && !details.open) {
    details.open = true;
    openedBySearch.add(details);
  } else if (!isSearching && openedBySearch.delete(details)) details.open = false;
}
