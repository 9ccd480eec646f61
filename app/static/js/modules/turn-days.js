// Arrow keys and a sideways swipe follow the links to the page before and after (a[rel=prev], a[rel=next]). These are touch
// events: a browser cancels pointer events once it scrolls, unless `touch-action` keeps it from scrolling sideways, which
// readers who have zoomed in need.
import { contactEvents } from "../core/clock.js";
import { openPresentDay } from "./present-day.js";

const LEAST_PIXELS = 60;
// A swipe is so many times wider than high.
const LEAST_SLOPE = 2;
// What begins nearer to the side of the screen is the system's gesture for back and forward.
const SIDE_PIXELS = 24;
const FIELDS = "input, select, textarea, [contenteditable], dialog, audio, video";

let isListening = false;
// Where a swipe may have begun; null where it is none.
let begun = null;

export function start() {
  if (isListening) return;
  isListening = true;
  addEventListener("keydown", takeKey);
  addEventListener("touchstart", begin, { passive: true });
  addEventListener("touchend", end, { passive: true });
  addEventListener("touchcancel", () => (begun = null), { passive: true });
  contactEvents.addEventListener("lost", () => document.querySelectorAll("nav.days").forEach(openPresentDay));
}

export const refreshed = openPresentDay;
export const turned = openPresentDay;

function follow(relation) {
  document.querySelector(`a[rel=${relation}][data-in-place]`)?.click();
}

function takeKey(event) {
  const relation = { ArrowLeft: "prev", ArrowRight: "next" }[event.key];
  const isModified = event.ctrlKey || event.metaKey || event.shiftKey || event.altKey;
  const isFree = !isModified && !event.defaultPrevented && !event.target.closest?.(FIELDS);
  if (relation && isFree && !scrollsSideways(event.target)) follow(relation);
}

function begin({ touches, target }) {
  const [{ clientX: x, clientY: y }] = touches;
  const isAtSide = x < SIDE_PIXELS || x > innerWidth - SIDE_PIXELS;
  const isFree = !target.closest(FIELDS) && !isZoomed() && !scrollsSideways(target);
  begun = touches.length === 1 && !isAtSide && isFree ? { x, y } : null;
}

function end({ changedTouches: [{ clientX, clientY }] }) {
  if (!begun) return;
  const [right, down] = [clientX - begun.x, clientY - begun.y];
  begun = null;
  const isSideways = Math.abs(right) >= LEAST_PIXELS && Math.abs(right) >= LEAST_SLOPE * Math.abs(down);
  if (isSideways && getSelection().isCollapsed) follow(right < 0 ? "next" : "prev");
}

const isZoomed = () => (visualViewport?.scale ?? 1) > 1.01;

/** Whether something around a node, or the page, scrolls sideways itself. */
function scrollsSideways(node) {
  for (let one = node; one && one !== document.body; one = one.parentElement) {
    if (one.scrollWidth > one.clientWidth && ["auto", "scroll"].includes(getComputedStyle(one).overflowX)) return true;
  }
  return document.documentElement.scrollWidth > innerWidth;
}
