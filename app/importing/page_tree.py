"""What a reader sees of a web page: lines of text, links, sections under headings."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from itertools import islice
from typing import Any, TypeAlias

from lxml import etree
from markdown_it import MarkdownIt

from app.domain.session import Link
from app.importing.clean_text import absolute, one_line, printable, without_comments
from app.importing.dates import find_date
from app.importing.json_yaml_data import data_of_yaml
from app.importing.report import ImportRefused, counted
from app.importing.source import Source
from app.importing.times_of_day import leading_span

Element: TypeAlias = etree._Element  # noqa: SLF001 - the library's only name for the type

MOST_BYTES = 2_000_000
MOST_BYTES_OF_MARKDOWN = 500_000
LONGEST_MATTER = 500_000
FRONT_MATTER = re.compile(r"\A---[ \t]*\n(?P<yaml>.*?\n)(?:---|\.\.\.)[ \t]*\n", re.DOTALL)
LIQUID_COMMENT = re.compile(r"\{%-?\s*comment\s*-?%\}.*?(?:\{%-?\s*endcomment\s*-?%\}|\Z)", re.DOTALL)
LIQUID = re.compile(r"\{%[^%]{0,2000}%\}|\{\{[^}]{0,2000}\}\}")
KRAMDOWN = re.compile(r"\{:[^}\n]{0,500}\}")
# A link in Markdown, or in HTML within it.
LINK = re.compile(
    r"(?<![!\\])\[(?P<text>[^\[\]\n]{0,500})\]\((?P<url>[^()\s]{0,2000})(?:[ \t]+\"[^\"\n]{0,300}\")?\)"
    r"|<a\s[^<>]{0,500}?href=[\"'](?P<href>[^\"'<>]{0,2000})[\"'][^<>]{0,500}>(?P<inside>[^<>]{0,500})</a>"
)
MARKUP = re.compile(r"<(?:!doctype|html|body|table|div|p|h[1-6])\b", re.IGNORECASE)
TIMED_LINE = re.compile(r"^[ \t]*\d{1,2}[:h.]\d\d\b", re.MULTILINE)
FEWEST_TIMED_LINES = 3
UNSEEN = ("template", "script", "style", "noscript")
MARKDOWN_SUFFIXES = frozenset({".md", ".markdown", ".mkd", ".txt"})
HTML_SUFFIXES = frozenset({".html", ".htm", ".xhtml"})
HEADINGS = frozenset({"h1", "h2", "h3", "h4"})
BLOCK = re.compile(
    "address|article|aside|blockquote|br|center|d[dlt]|details|div|figure|footer|form|h[1-6]|header|hr|li|main|nav|ol|p|pre|"
    "section|summary|table|tbody|t[dhr]|thead|ul"
)
STRUCK = ("s", "del", "strike")
MARKED = frozenset({"a", "b", "strong", *STRUCK})
DEEPEST = 200
# Its time and its title; what has more holds several rows, or the whole page.
MOST_HEADINGS_OF_A_ROW = 2
MOST_TEXTS_BEFORE_A_LINE, LONGEST_FIRST_LINE = 40, 200


@dataclass(frozen=True, slots=True)
class PageSource:
    """A page: its front matter as data, its body's tree, and its Markdown ("" for an HTML page)."""

    matter: dict[str, Any]
    body: Element
    markdown: str


def page_source(source: Source) -> PageSource:
    """The page of a file, without its comments; raises `ImportRefused`."""
    source.bounded(MOST_BYTES)
    text = printable(source.text.replace("\r\n", "\n").replace("\r", "\n"))
    matter, text = _front_matter(text, source)
    visible = _visible(text, source)
    is_html = source.suffix in HTML_SUFFIXES or MARKUP.match(visible.lstrip())
    if is_html and source.suffix not in MARKDOWN_SUFFIXES:
        return PageSource(matter, tree_of(visible, source), "")
    source.bounded(MOST_BYTES_OF_MARKDOWN)
    return PageSource(matter, tree_of(_rendered(visible), source), _with_absolute_links(visible, source.address))


def _rendered(markdown: str) -> str:
    # In a plain text each line is one. Indented HTML after a blank line is not code, as in Kramdown.
    breaks = len(TIMED_LINE.findall(markdown)) >= FEWEST_TIMED_LINES
    parser = MarkdownIt("commonmark", {"breaks": breaks}).enable(["table", "strikethrough"]).disable("code")
    return str(parser.render(markdown))


def _front_matter(text: str, source: Source) -> tuple[dict[str, Any], str]:
    match = FRONT_MATTER.match(text)
    if not match:
        return {}, text
    try:
        data = data_of_yaml(match["yaml"][:LONGEST_MATTER], source)
    except ImportRefused as error:
        source.report.left(f"front matter: {error.reason}")
        data = {}
    return data if isinstance(data, dict) else {}, text[match.end() :]


def _visible(text: str, source: Source) -> str:
    text, of_html = without_comments(text)
    text, of_liquid = LIQUID_COMMENT.subn("", text)
    if comments := of_html + of_liquid:
        source.report.left(f"{counted(comments, 'comment')}: what is hidden stays hidden")
    text, liquid = LIQUID.subn("", text)
    if liquid:
        source.report.left(f"{counted(liquid, 'template expression')} (pictures, includes)")
    return KRAMDOWN.sub("", text)


def tree_of(markup: str, source: Source) -> Element:
    """The elements of HTML that a reader sees, a line feed at each end of a line; raises `ImportRefused`."""
    parser = etree.HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True, no_network=True, huge_tree=False)
    try:
        root = etree.fromstring(f"<html><body>{markup}</body></html>".encode(errors="replace"), parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise source.refused(f"not a page that can be read: {error}") from error
    if root is None:
        raise source.refused("an empty page")
    for hidden in filter(_is_hidden, root.iter()):
        hidden.tag = UNSEEN[0]
    for one in root.iter("span", "font", "em", "i"):
        if "line-through" in one.get("style", "").lower():
            one.tag = STRUCK[0]
    etree.strip_elements(root, *UNSEEN, with_tail=False)
    _make_links_absolute(root, source)
    for element in root.iter():  # from now on a line feed divides lines as a reader sees them
        end = "\n" if BLOCK.fullmatch(str(element.tag)) else ""
        element.text = end + (element.text or "").replace("\n", " ")
        element.tail = end + (element.tail or "").replace("\n", " ")
    return root


def _make_links_absolute(root: Element, source: Source) -> None:
    """Resolve relative links; take away those that cannot be resolved, but for links within the page."""
    base = next((absolute(one.get("href", ""), source.address) for one in root.iter("base")), source.address)
    for one in root.iter("a"):
        url = one_line(one.get("href"))
        if not url or url.startswith("#"):
            continue
        if resolved := absolute(url, base):
            one.set("href", resolved)
        else:
            del one.attrib["href"]
            source.report.left("links that lead nowhere without the page's address", url)


def _with_absolute_links(markdown: str, base: str) -> str:
    """A Markdown text with links resolved, the others as their text alone."""

    def resolved(match: re.Match[str]) -> str:
        url = absolute(match["url"] or match["href"] or "", base)
        before, after = ("[", f"]({url})") if match["url"] is not None else (f'<a href="{url}">', "</a>")
        text = match["text"] if match["url"] is not None else match["inside"]
        return f"{before}{text}{after}" if url else text

    return LINK.sub(resolved, markdown)


def _is_hidden(element: Element) -> bool:
    style = "".join(element.get("style", "").lower().split())
    return "hidden" in element.attrib or "display:none" in style or "visibility:hidden" in style


@dataclass
class Section:
    """A heading and the elements below it, down to the next heading."""

    title: str
    level: int = 0
    elements: list[Element] = field(default_factory=list)

    @cached_property
    def lines(self) -> list[str]:
        """The lines of text below the heading, without what is crossed out."""
        return [line for element in self.elements for line in lines(element)]

    def is_about(self, *beginnings: str) -> bool:
        """Whether a word of its heading begins so."""
        return any(re.search(rf"\b{re.escape(one)}", self.title, re.IGNORECASE) for one in beginnings)


def sections(body: Element) -> list[Section]:
    """The page in sections; the first has no heading."""
    found = [Section("")]
    _gather(body, found, 0)
    return found


@dataclass(frozen=True, slots=True)
class Line:
    """A line of text, the block that it stands in, the marked elements that begin in it, and the time before it."""

    text: str
    block: Element
    marked: tuple[Element, ...] = ()
    time: str = ""


def lines_in(element: Element) -> Iterator[Line]:
    """The lines of text that a reader sees in an element, without what is crossed out."""
    parts: list[str] = []
    blocks: list[Element] = []
    marked: list[Element] = []
    struck = 0
    for event, one in etree.iterwalk(element, events=("start", "end")):
        if one is element or BLOCK.fullmatch(str(one.tag)):
            if line := one_line("".join(parts)):
                yield Line(line, blocks[-1], tuple(marked))
            if line or event == "end":
                marked = []
            parts = []
            blocks = [*blocks, one] if event == "start" else blocks[:-1]
        if event == "start" and one.tag in MARKED:
            marked.append(one)
        struck += (one.tag in STRUCK) * (1 if event == "start" else -1)
        text = one.text if event == "start" else one.tail
        if text and not struck and not (event == "end" and one is element):
            parts.append(text)


def lines(element: Element) -> list[str]:
    """As `lines_in`, the texts alone."""
    return [line.text for line in lines_in(element)]


def text_of(element: Element) -> str:
    """An element's text as one line, without what is crossed out."""
    return " ".join(lines(element))


def texts_in(elements: Iterable[Element]) -> Iterator[str]:
    """The text of each element that has any, crossed out or not."""
    return filter(None, (one_line("".join(map(str, element.itertext()))) for element in elements))


def struck_text(marked: Iterable[Element]) -> str:
    """What is crossed out, of some elements."""
    return " ".join(texts_in(one for one in marked if one.tag in STRUCK))


def links_of(marked: Iterable[Element]) -> tuple[Link, ...]:
    """The links of some elements that have a text, as written: those within the page, too."""
    links = [one for one in marked if one.tag == "a"]
    found = ((" ".join(texts_in([one])), one_line(one.get("href"))) for one in links)
    return tuple(Link(label, url) for label, url in found if label and url)


def _gather(element: Element, found: list[Section], depth: int) -> None:
    for child in element:
        is_heading = child.tag in HEADINGS
        held = len(list(islice(child.iterdescendants(*HEADINGS), MOST_HEADINGS_OF_A_ROW + 1))) if depth < DEEPEST else 0
        has_any = is_heading or held > 0
        if not has_any or (held <= MOST_HEADINGS_OF_A_ROW and _begins_with_a_time(child)):
            found[-1].elements.append(child)
        elif is_heading:
            found.append(Section(text_of(child), int(child.tag[1])))
        else:
            _gather(child, found, depth + 1)


def _begins_with_a_time(element: Element) -> bool:
    """Whether the first line of an element begins with a time that is no date, as a row of a schedule does."""
    text = "".join(map(str, islice(element.itertext(), MOST_TEXTS_BEFORE_A_LINE))).strip()
    first = text.partition("\n")[0][:LONGEST_FIRST_LINE]
    found = find_date(first)
    return leading_span(first) is not None and (found is None or found.span[0] > 0)
