"""How Sphinx makes the site of these pages: `make docs`.

Its sources are the repository's root, so that the links among `docs/`, `CONTRIBUTING.md` and the others are the same on
the site as in the repository.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from docutils import nodes

if TYPE_CHECKING:
    from sphinx.application import Sphinx

ROOT = Path(__file__).parent.parent
START = "docs/index"
# The menu: its headings with their pages. It stands here since GitHub shows a toctree as raw text.
MENU = {
    "The day": ("attendees", "speakers", "on-the-day", "day-card", "operator", "calendars", "troubleshooting"),
    "A program": ("new-program", "importing"),
    "Serving it": (
        "deployment",
        "container",
        "server",
        "platform",
        "frozen",
        "upgrades",
        "second-machine",
        "readers",
    ),
    "Looking up": ("reference", "api", "rights", "security"),
    "The code": ("/ARCHITECTURE", "/CONTRIBUTING", "/CHANGELOG"),
}

# Names in running text that are at most this long stay on one line.
SHORT = 20

project = "codeml-agenda"
html_title = "codeml-agenda"
language = "en"
extensions = ["myst_parser"]
root_doc = START
include_patterns = ["docs/*.md", "ARCHITECTURE.md", "CONTRIBUTING.md", "CHANGELOG.md"]
exclude_patterns = ["docs/_build", *(one.name for one in ROOT.iterdir() if one.is_dir() and one.name != "docs")]
myst_heading_anchors = 3

html_theme = "furo"
html_static_path = ["site/static"]
html_extra_path = ["site/start"]
html_css_files = ["docs.css"]
html_copy_source = False
html_show_copyright = False
html_show_sphinx = False
html_use_index = False
html_theme_options = {
    "light_css_variables": {"color-brand-primary": "#5b2bd9", "color-brand-content": "#5b2bd9"},
    "dark_css_variables": {"color-brand-primary": "#a990f0", "color-brand-content": "#a990f0"},
}


def add_menu(_: Sphinx, page: str, text: list[str]) -> None:
    """Append the menu to the text of the first page."""
    if page == START:
        lists = (
            "\n".join((f"```{{toctree}}\n:hidden:\n:caption: {name}\n", *pages, "```")) for name, pages in MENU.items()
        )
        text[0] += "\n" + "\n\n".join(lists) + "\n"


def mark_short_names(_: Sphinx, text: nodes.document) -> None:
    """Give short literals a class, since a style sheet cannot know how long a text is."""
    for literal in text.findall(nodes.literal):
        if len(literal.astext()) <= SHORT:
            literal["classes"].append("short")


def setup(app: Sphinx) -> None:
    """Tell Sphinx of the menu and the short names."""
    app.connect("source-read", add_menu)
    app.connect("doctree-read", mark_short_names)
