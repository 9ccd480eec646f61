"""Links of a page: relative ones are resolved where its address is known, else left out, and refuse nothing."""

from __future__ import annotations

from pathlib import Path

import pytest
from support.import_results import of_text

from app.formats.program_folder.reader import read_program
from app.formats.program_folder.writer import write_program
from app.importing import Imported, ImportOptions, import_source

ADDRESS = "https://trees.example/2025/schedule.html"
LOST = "links that lead nowhere without the page's address"
OPTIONS = ImportOptions(timezone="UTC")


def page(link: str, name: str = "page.md", address: str = "", prose: str = "") -> Imported:
    text = f"# Trees, 18 July 2025\n\n{prose}\n\n| Time | Session |\n|-|-|\n| 9:00-9:30 | {link} |\n"
    return import_source(text.encode(), name=name, address=address, options=OPTIONS)


def urls(imported: Imported) -> list[str]:
    return [link.url for link in imported.program.sessions[0].links]


RELATIVE = [
    ("[Roots](spotlights.html)", "spotlights.html"),
    ('<a href="spotlights.html">Roots</a>', "spotlights.html"),
    ("[Roots](/posters/)", "/posters/"),
    ("[Roots](../talks/1)", "../talks/1"),
    ("[Roots](//)", "//"),
    ('<a href="javascript:alert(1)">Roots</a>', "javascript:alert(1)"),
]


@pytest.mark.parametrize(("link", "url"), RELATIVE)
def test_a_link_that_leads_nowhere_is_dropped_and_said_and_the_rest_is_written(
    tmp_path: Path, link: str, url: str
) -> None:
    imported = page(link)
    write_program(imported.program, tmp_path / "trees")
    assert read_program(tmp_path / "trees").sessions[0].title == "Roots"
    assert (urls(imported), imported.left) == ([], (f"{LOST}: {url}",))


@pytest.mark.parametrize(
    ("link", "absolute"),
    [
        ("[Roots](spotlights.html)", "https://trees.example/2025/spotlights.html"),
        ("[Roots](/posters/)", "https://trees.example/posters/"),
        ("[Roots](?day=2)", "https://trees.example/2025/schedule.html?day=2"),
        ("[Roots](https://other.example/)", "https://other.example/"),
    ],
)
def test_a_relative_link_begins_at_the_pages_address(link: str, absolute: str) -> None:
    imported = page(link, address=ADDRESS)
    assert (urls(imported), imported.left) == ([absolute], ())


def test_a_page_that_names_its_base_has_its_links_there() -> None:
    text = (
        "<html><head><base href='https://cdn.example/a/'></head><body><h1>Trees, 18 July 2025</h1>"
        "<table><tr><th>Time<th>Session<tr><td>9:00-9:30<td><a href='roots'>Roots</a></table></body></html>"
    )
    imported = import_source(text.encode(), name="page.html", options=OPTIONS)
    assert urls(imported) == ["https://cdn.example/a/roots"]


@pytest.mark.parametrize("head", ["Time | Session | ", "Time | Session | More"])
def test_the_links_of_a_column_without_a_known_name_are_the_sessions(head: str) -> None:
    text = f"# Trees, 18 July 2025\n\n| {head} |\n|-|-|-|\n| 9:00-9:30 | Roots | [slides](https://x.example/s.pdf) |\n"
    imported = import_source(text.encode(), name="page.md", options=OPTIONS)
    assert (urls(imported), imported.left) == (["https://x.example/s.pdf"], ())


PROSE = (
    "Trees are a workshop on all that grows, from [roots](roots.html) to <a class='b' href=\"/leaves/\">leaves</a> "
    "and [seeds](https://seeds.example/), as [said](#said)."
)


def test_the_links_of_a_page_of_text_are_resolved_too() -> None:
    [about] = page("Roots", address=ADDRESS, prose=PROSE).program.pages
    assert about.body.split("\n\n")[0] == (
        "Trees are a workshop on all that grows, from [roots](https://trees.example/2025/roots.html) to "
        '<a href="https://trees.example/leaves/">leaves</a> and [seeds](https://seeds.example/), '
        "as [said](https://trees.example/2025/schedule.html#said)."
    )


def test_without_an_address_the_text_of_a_page_keeps_the_words_of_its_relative_links() -> None:
    [about] = page("Roots", prose=PROSE).program.pages
    assert about.body.split("\n\n")[0] == (
        "Trees are a workshop on all that grows, from roots to leaves and [seeds](https://seeds.example/), as said."
    )


def test_what_is_no_address_in_a_column_of_links_is_left_and_named() -> None:
    table = "title,start,end,slides,video\nRoots,9:00,9:30,roots.pdf,https://trees.example/roots\n"
    imported = of_text(table, "day.csv")
    assert [one.url for one in imported.program.sessions[0].links] == ["https://trees.example/roots"]
    assert imported.left == ("no link, as it is no address: slides: roots.pdf",)
