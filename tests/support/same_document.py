"""Whether an open page is the document that the same address loaded anew is."""

from __future__ import annotations

import difflib

from playwright.sync_api import Page

# The document as lines: elements with their attributes in order, and texts. Left out: what a page says once to a
# screen reader, what is looked for, tokens against forged forms, the displays, which report each half minute, and when
# a browser was seen.
DOCUMENT = r"""() => {
    const lines = [];
    const write = (node, depth) => {
        if (node.nodeType === Node.TEXT_NODE) {
            const text = node.data.trim().replace(/\s+/g, " ").replace(/\d+ s ago/, "… s ago");
            if (text) lines.push(" ".repeat(depth) + text);
        }
        if (node.nodeType !== Node.ELEMENT_NODE || node.matches("[data-display], .access .when")) return;
        const asked = ["csrf_token", "once"].includes(node.name) || node.type === "search" ? ["value"] : ["selected"];
        const kept = [...node.attributes].filter(({ name }) => !asked.includes(name));
        const attributes = kept.map(({ name, value }) => `${name}="${value}"`);
        lines.push(" ".repeat(depth) + `<${[node.localName, ...attributes.sort()].join(" ")}>`);
        if (node.matches("select, input:not([type=hidden]), textarea")) lines.push(`value: ${node.value}`);
        if (node.matches("[data-spoken]")) return;
        for (const child of node.childNodes) write(child, depth + 1);
    };
    write(document.documentElement, 0);
    return lines;
}"""
SHOWS = "(revision) => Number(document.documentElement.dataset.revision) === revision"


def difference(fresh: Page, page: Page) -> str:
    """The first lines in which an open page differs from a fresh one."""
    lines = difflib.unified_diff(fresh.evaluate(DOCUMENT), page.evaluate(DOCUMENT), "fresh", "open", lineterm="", n=1)
    return "\n".join(list(lines)[:60])
