// What is wrong with the layout of a page, and how far it fills its window; see laid_out.py.
// Each text is looked at as its lines on the screen. A line that an ancestor hides whole is not shown; one that it hides
// in part, or a text shortened by dots, is cut. Two lines overlap where their middles do: the boxes of glyphs are higher
// than the lines of tight titles. A page that scrolls is looked at as far as two windows down for overlaps; what stands in
// a box that scrolls sideways may be outside of it.
({
  faults: (fillsWindow) => {
    const SHARE = 0.25;
    const scrollsSideways = (style) => !fillsWindow && ["auto", "scroll"].includes(style.overflowX);
    const clips = (style) => (style.overflowX !== "visible" || style.overflowY !== "visible") && !scrollsSideways(style);
    const inside = (a, b) => a.left >= b.left - 1.5 && a.right <= b.right + 1.5 && a.top >= b.top - 1.5 && a.bottom <= b.bottom + 1.5;
    const apart = (a, b) => a.right <= b.left + 1 || a.left >= b.right - 1 || a.bottom <= b.top + 1 || a.top >= b.bottom - 1;
    const core = ({ left, right, top, bottom }) => { const by = (bottom - top) * SHARE; return { left, right, top: top + by, bottom: bottom - by }; };
    const frame = fillsWindow ? { left: 0, top: 0, right: innerWidth, bottom: innerHeight } : { left: 0, top: -Infinity, right: innerWidth, bottom: Infinity };
    const nowhere = { left: -Infinity, top: -Infinity, right: Infinity, bottom: Infinity };
    const faults = [];
    const shown = [];
    const look = (node, element, rects) => {
        const boxes = [];
        const windows = [];
        let limits = frame;
        for (let one = element; one !== document.documentElement; one = one.parentElement) {
            const style = getComputedStyle(one);
            if (clips(style)) boxes.push(one.getBoundingClientRect());
            if (!scrollsSideways(style)) continue;
            limits = nowhere;
            windows.push(one.getBoundingClientRect());
        }
        const visible = rects.map(core).filter((rect) => rect.right - rect.left > 1 && ![...boxes, ...windows].some((box) => apart(rect, box)));
        const name = node.data?.trim() ?? node.localName;
        if (visible.some((rect) => boxes.some((box) => !inside(rect, box)))) faults.push(`cut: ${name}`);
        if (visible.some((rect) => !inside(rect, limits))) faults.push(`outside: ${name}`);
        if (visible.length > 0 && visible.length < rects.filter((rect) => rect.width > 1 && !windows.some((box) => apart(core(rect), box))).length) faults.push(`lines hidden: ${name}`);
        shown.push(...visible.filter(({ top }) => fillsWindow || top < 2 * innerHeight).map((rect) => ({ name, element, rect: within(rect, windows) })));
    };
    const within = (rect, windows) => windows.reduce((part, box) => ({ ...part, left: Math.max(part.left, box.left), right: Math.min(part.right, box.right) }), rect);
    const isForEars = (element) => getComputedStyle(element).clipPath === "inset(50%)";
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    for (let node = walker.nextNode(); node; node = walker.nextNode()) {
        const element = node.parentElement;
        if (!node.data.trim() || !element.checkVisibility({ opacityProperty: true }) || element.closest(".skip, script, style") || isForEars(element) || isForEars(element.parentElement)) continue;
        const range = document.createRange();
        range.selectNodeContents(node);
        look(node, element, [...range.getClientRects()]);
        const style = getComputedStyle(element);
        if (style.textOverflow === "ellipsis" && element.scrollWidth > element.clientWidth + 1) faults.push(`shortened: ${node.data.trim()}`);
    }
    for (const image of document.querySelectorAll("img, progress")) {
        if (image.checkVisibility()) look(image, image.parentElement, [image.getBoundingClientRect()]);
    }
    shown.forEach((one, place) => shown.slice(place + 1).forEach((other) => {
        if (one.element !== other.element && !apart(one.rect, other.rect)) faults.push(`overlap: ${one.name} / ${other.name}`);
    }));
    const { scrollWidth, scrollHeight } = document.documentElement;
    if (scrollWidth > innerWidth || (fillsWindow && scrollHeight > innerHeight)) faults.push("scrolls");
    return faults;
},
  filled: () => {
    const nodes = [...document.querySelectorAll("main *")].filter((node) => node.checkVisibility() && (node.localName === "img" || [...node.childNodes].some((child) => child.data?.trim())));
    const bottom = Math.max(...nodes.map((node) => node.getBoundingClientRect().bottom).filter((edge) => edge <= innerHeight + 1));
    const type = Math.max(...nodes.filter((node) => node.localName !== "img").map((node) => parseFloat(getComputedStyle(node).fontSize)));
    return [bottom / innerHeight, type / innerHeight];
},
})
