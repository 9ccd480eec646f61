"""What is hidden in a page stays hidden."""

from __future__ import annotations

import pytest
from support.import_results import of_text

from app.importing.clean_text import one_line, without_comments

PAGE = "# Trees\n\n| Time | Session |\n|-|-|\n| 9:00-9:30 | Ann Lee: “On roots” {} |\n| 9:30-10:00 | On bark |\n"
HIDINGS = [
    "<!-- Zed Secret -->",
    "<!--<a href='#zed'>Zed Secret</a></!-->",
    "<!-- Zed Secret --!>",
    "{% comment %}Zed Secret{% endcomment %}",
    "<script>Zed Secret</script>",
    "<template>Zed Secret</template>",
    "<span hidden>Zed Secret</span>",
    "<span style='display: none'>Zed Secret</span>",
]


@pytest.mark.parametrize("hiding", HIDINGS)
@pytest.mark.parametrize("place", ["cell", "before", "speakers"])
def test_hidden_content_is_never_resurrected(hiding: str, place: str) -> None:
    text = PAGE.format(hiding if place == "cell" else "")
    text = f"{hiding}\n\n{text}" if place == "before" else text
    text = f"{text}\n\n## Invited speakers\n\n**Ann Lee** works.\n\n{hiding}\n" if place == "speakers" else text
    assert "Secret" not in repr(of_text(text, "page.md").program)


def test_a_comment_over_blank_lines_hides_all_of_it() -> None:
    text = PAGE.format("") + "\n<!-- first\n\n## Organizers\n\n- **Zed Secret**\n\n-->\n"
    program = of_text(text, "page.md").program
    assert (program.organizers, len(program.sessions)) == ((), 2)


def test_an_unclosed_comment_hides_the_rest_of_a_page() -> None:
    assert without_comments("seen <!-- not seen") == ("seen ", 1)


def test_an_unclosed_comment_in_a_title_is_part_of_it() -> None:
    assert one_line("What <!-- means") == "What <!-- means"


def test_an_empty_comment_hides_nothing() -> None:
    assert without_comments("a<!-->b<!--->c") == ("abc", 2)


def test_a_comment_in_a_spreadsheets_cell_is_hidden() -> None:
    program = of_text("Time,Session\n9:00-9:30,On roots <!-- Zed Secret -->\n", "plan.csv").program
    assert program.sessions[0].title == "On roots"
