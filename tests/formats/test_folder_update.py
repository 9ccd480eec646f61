"""A folder that people write in is brought up to a changed program, and keeps what they wrote."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given
from support.strategies import examples, programs

from app.domain.program import Page, Program
from app.domain.session import Item, Link, Session
from app.formats.program_folder.reader import read_program
from app.formats.program_folder.stored_fields import as_files_hold
from app.formats.program_folder.writer import update_program, write_program

BY_HAND = """\
# Our own notes.
id = "trees"
domain = "example.org"
title = 'Trees'      # with a capital
timezone = "America/Vancouver"

# Everybody, in the order of their replies.
[[speaker]]
id = "ann"   # she replied first
name = "Ann Lee"

[[speaker]]
id = "bob"
name = "Bob Ray"

# The day.
[[day]]
date = 2025-07-18

[[day.session]]
title = "On roots"
id = "roots"
# Ann asked for the morning.
time = "9:00 - 9:30"   # not later
speakers = [
    "ann",  # alone
]
links = [{label = "Slides", url = "https://example.org/roots"}]

[[day.session]]
id = "coffee"
kind = "break"
time = "09:30-10:00"
title = "Coffee"

# Bob brings a microphone.
[[day.session]]
id = "bark"
time = "10:00-10:30"
title = "On bark"
speakers = ["bob"]

[venue]
name = "The hall"   # the big one
# The end.
"""
Change = Callable[[Program], Program]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "pages").mkdir()
    (tmp_path / "pages" / "07-about.md").write_text("# About\n\nUs.   \n")
    (tmp_path / "program.toml").write_text(BY_HAND)
    return tmp_path


def updated(folder: Path, change: Change) -> str:
    """The file's text after a change of the program, which is checked to be in it."""
    before = read_program(folder)
    after = change(before)
    assert update_program(before, after, folder)
    assert read_program(folder) == as_files_hold(after)
    return (folder / "program.toml").read_text()


def with_session(name: str, **changes: object) -> Change:
    def change(program: Program) -> Program:
        sessions = (replace(one, **changes) if one.id == name else one for one in program.sessions)  # type: ignore[arg-type]
        return replace(program, sessions=tuple(sessions))

    return change


def later(minutes: int) -> Change:
    def slid(session: Session) -> Session:
        shift = timedelta(minutes=minutes)
        slot = replace(session.slot, start=session.start + shift, end=session.end + shift)
        return replace(session, slot=slot, scheduled=slot)

    return lambda program: replace(program, sessions=tuple(map(slid, program.sessions)))


def test_a_program_that_did_not_change_leaves_every_byte(folder: Path) -> None:
    assert updated(folder, lambda program: program) == BY_HAND


def test_another_title_changes_its_line_and_no_other(folder: Path) -> None:
    text = updated(folder, with_session("bark", title="On moss"))
    assert text == BY_HAND.replace('title = "On bark"', 'title = "On moss"')


def test_another_time_keeps_the_words_beside_and_above_it(folder: Path) -> None:
    text = updated(folder, later(15))
    assert '# Ann asked for the morning.\ntime = "09:15-09:45"   # not later\n' in text


def test_what_a_session_gets_is_put_where_we_would_write_it(folder: Path) -> None:
    text = updated(folder, with_session("bark", cancelled=True, abstract="Bark."))
    added = 'speakers = ["bob"]\ncancelled = true\nabstract = "Bark."\n'
    assert text == BY_HAND.replace('speakers = ["bob"]\n', added)


def test_what_a_session_loses_is_taken_out(folder: Path) -> None:
    assert updated(folder, with_session("bark", speakers=())) == BY_HAND.replace('speakers = ["bob"]\n', "")


def test_a_new_session_stands_where_it_is_in_the_day(folder: Path) -> None:
    def change(program: Program) -> Program:
        coffee = program.session("coffee")
        slot = replace(coffee.slot, end=coffee.start + timedelta(minutes=5))
        tea = Session(id="tea", title="Tea", slot=slot, scheduled=slot)
        return replace(program, sessions=(*program.sessions, tea))

    text = updated(folder, change)
    new = '[[day.session]]\nid = "tea"\ntime = "09:30-09:35"\nkind = "talk"\ntitle = "Tea"\n'
    # By its end it is before the coffee, which begins with it.
    assert text == BY_HAND.replace('[[day.session]]\nid = "coffee"', f'{new}\n[[day.session]]\nid = "coffee"')


def test_sessions_that_change_places_take_their_words_along(folder: Path) -> None:
    def change(program: Program) -> Program:
        roots, bark = program.session("roots"), program.session("bark")
        return with_session("bark", slot=roots.slot, scheduled=roots.slot)(
            with_session("roots", slot=bark.slot, scheduled=bark.slot)(program)
        )

    text = updated(folder, change)
    assert text.index('id = "bark"') < text.index('id = "coffee"') < text.index('id = "roots"')
    assert '# Bob brings a microphone.\n[[day.session]]\nid = "bark"' in text
    assert '# Ann asked for the morning.\ntime = "10:00-10:30"   # not later' in text


def test_the_word_above_a_list_stays_above_it(folder: Path) -> None:
    text = updated(folder, lambda program: replace(program, speakers=tuple(reversed(program.speakers))))
    assert '# Everybody, in the order of their replies.\n[[speaker]]\nid = "bob"' in text
    assert 'id = "ann"   # she replied first' in text


def test_a_part_that_was_not_there_comes_where_we_would_write_it(folder: Path) -> None:
    text = updated(folder, lambda program: replace(program, links=(Link("Home", "https://example.org/"),)))
    part = '# Addresses that belong to the whole program, each a [[link]].\n[[link]]\nlabel = "Home"'
    assert part in text
    assert text.index("[[link]]") < text.index("[venue]")


def test_papers_of_a_session_come_and_go_as_one(folder: Path) -> None:
    items = (Item(title="Moss"), Item(title="Fern", authors=("A",)))
    with_items = updated(folder, with_session("bark", items=items))
    assert with_items.count("[[day.session.items]]") == 2
    assert updated(folder, with_session("bark", items=())) == BY_HAND


def test_the_venue_keeps_the_word_beside_its_name(folder: Path) -> None:
    def change(program: Program) -> Program:
        assert program.venue is not None
        return replace(program, venue=replace(program.venue, city="Vancouver"))

    text = updated(folder, change)
    assert '[venue]\nname = "The hall"   # the big one\ncity = "Vancouver"\n# The end.\n' in text


def test_pages_that_did_not_change_are_not_written(folder: Path) -> None:
    updated(folder, with_session("bark", title="On moss"))
    assert (folder / "pages" / "07-about.md").read_text() == "# About\n\nUs.   \n"


def test_pages_that_changed_are(folder: Path) -> None:
    updated(folder, lambda program: replace(program, pages=(Page(slug="about", title="About", body="You."),)))
    assert [path.name for path in (folder / "pages").iterdir()] == ["about.md"]


def test_tables_of_a_list_that_stand_apart_keep_their_comments(folder: Path) -> None:
    file = folder / "program.toml"
    late = '\n# Cy replied late.\n[[speaker]]\nid = "cy"\nname = "Cy Dow"\n# The very end.\n'
    file.write_text(BY_HAND + late)
    text = updated(folder, with_session("bark", title="On moss"))
    assert '\n# Cy replied late.\n[[speaker]]\nid = "cy"\n' in text
    assert "\n# The day.\n[[day]]\n" in text
    assert text.endswith('name = "The hall"   # the big one\n# The very end.\n')


def test_a_session_on_another_day_takes_its_comments_along(folder: Path) -> None:
    def change(program: Program) -> Program:
        bark = program.session("bark")
        slot = replace(bark.slot, start=bark.start + timedelta(days=1), end=bark.end + timedelta(days=1))
        days = (*program.days, program.days[0] + timedelta(days=1))
        return replace(with_session("bark", slot=slot, scheduled=slot)(program), days=days)

    text = updated(folder, change)
    new_day = "[[day]]\ndate = 2025-07-19\n"
    assert f'{new_day}\n# Bob brings a microphone.\n[[day.session]]\nid = "bark"\n' in text


def test_the_comment_beside_a_text_of_several_lines_stays(folder: Path) -> None:
    file = folder / "program.toml"
    file.write_text(BY_HAND.replace('id = "bark"', 'id = "bark"\nabstract = "Bark."   # by Bob'))
    text = updated(folder, with_session("bark", abstract="Bark.\nAnd moss."))
    assert 'abstract = """\nBark.\nAnd moss.\n"""   # by Bob\n' in text


def test_a_title_with_signs_of_toml_changes_beside_its_comment(folder: Path) -> None:
    file = folder / "program.toml"
    file.write_text(BY_HAND.replace('title = "On bark"', '"title"="A # = b"  # "c" = #1'))
    assert updated(folder, with_session("bark", title="[x] # y")) == BY_HAND.replace(
        'title = "On bark"', '"title"="[x] # y"  # "c" = #1'
    )


def test_papers_on_one_line_become_tables_when_they_change(folder: Path) -> None:
    (folder / "program.toml").write_text(BY_HAND.replace('speakers = ["bob"]', 'items = [{title = "Moss"}]  # one'))
    text = updated(folder, with_session("bark", items=(Item(title="Moss"), Item(title="Fern"))))
    assert text.count("[[day.session.items]]") == 2
    assert "items = [" not in text


@pytest.mark.parametrize(
    ("plain", "odd"),
    [
        ('id = "bark"', '"id" = "bark"\nlinks = []'),
        ('speakers = ["bob"]', 'speakers = ["bob"]\n[[day.session.links]]\nlabel = "A"\nurl = "https://a.example/"'),
        ("[[day]]", "[[ day ]]  # the only one"),
        ('title = "On bark"', "title = '''\nOn\\\\\nbark'''"),
        ("[[day]]", '[[day]]\ndate = 2025-07-18\nsession = [{id = "tea", time = "8:00-8:10", title = "T"}]\n[[day]]'),
        ('[venue]\nname = "The hall"', '[venue]\n"name" = """The\\\n hall"""'),
    ],
)
def test_any_layout_of_the_file_says_the_new_program(folder: Path, plain: str, odd: str) -> None:
    (folder / "program.toml").write_text(BY_HAND.replace(plain, odd))
    before = read_program(folder)
    assert before.venue is not None
    links = (Link("B", "https://b.example/"),)
    venue = replace(before.venue, name="The yard")
    after = replace(with_session("bark", title="On moss", links=links, items=(Item(title="M"),))(before), venue=venue)
    update_program(before, after, folder)
    assert read_program(folder) == after


def test_a_file_that_is_written_too_oddly_is_written_anew_and_said_to_be(folder: Path) -> None:
    odd = '\n[venue]\nname = "The hall"   # the big one\n# The end.\n'
    text = BY_HAND.replace(odd, "").replace("timezone =", 'venue.name = "The hall"\ntimezone =')
    (folder / "program.toml").write_text(text)
    before = read_program(folder)
    assert before.venue is not None
    after = replace(before, venue=replace(before.venue, name="The yard"))
    assert not update_program(before, after, folder)
    assert read_program(folder) == after


@given(programs(), programs())
@examples(40)
def test_from_any_program_to_any_other_the_folder_says_the_other(before: Program, after: Program) -> None:
    """Law: whatever is kept, the file says what the new program says; words above what stays are still there."""
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made)
        write_program(before, folder)
        file = folder / "program.toml"
        file.write_text(file.read_text().replace('\nid = "', '\n# kept\nid = "'))
        assert update_program(as_files_hold(before), after, folder)
        assert read_program(folder) == as_files_hold(after)
