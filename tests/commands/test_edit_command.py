"""`agenda edit`: what a session says, who presents it, how it gives way, and its room."""

from __future__ import annotations

from pathlib import Path

import pytest
from support.terminal import Terminal, printed_commands, refused_with_commands

from app.domain.session import Item, Link, Session

NO_PAIR = "expected LABEL=URL, such as Slides=https://…"
NO_ADDRESS = "is not an address that begins with https:// or http://"


def panel(day: Terminal) -> Session:
    return day.program().session("panel")


def taken(day: Terminal, line: str, typed: str | bytes = "") -> Session:
    """The panel after a line that is taken."""
    result = day.type(line, typed)
    assert (result.exit_code, result.stderr) == (0, "")
    return panel(day)


def refused(day: Terminal, line: str, typed: str | bytes = "") -> tuple[int, str]:
    """The exit status and the last line of a refusal that changes nothing."""
    before = len(day.revisions())
    result = day.type(line, typed)
    assert (result.stdout, len(day.revisions())) == ("", before)
    return result.exit_code, result.stderr.splitlines()[-1]


# Texts


def test_a_title_a_kind_and_a_note_may_be_given_at_once(day: Terminal) -> None:
    one = taken(day, "agenda edit panel --title 'Who pays?' --kind talk --note 'As asked.'")
    assert (one.title, one.kind, one.id, day.revisions()[-1].note) == ("Who pays?", "talk", "panel", "As asked.")
    assert len(day.revisions()) == 2


def test_an_abstract_is_read_from_standard_input(day: Terminal) -> None:
    assert (
        taken(day, "agenda edit panel --abstract -", "Who *pays*?\n\nAnd how?\n").abstract == "Who *pays*?\n\nAnd how?"
    )


def test_an_abstract_is_read_from_a_file(day: Terminal, tmp_path: Path) -> None:
    file = tmp_path / "abstract.md"
    file.write_text("Größe zählt nicht.\n", encoding="utf-8")
    assert taken(day, f"agenda edit panel --abstract {file}").abstract == "Größe zählt nicht."


def test_an_empty_abstract_removes_it(day: Terminal) -> None:
    taken(day, "agenda edit panel --abstract -", "Who pays?")
    assert taken(day, "agenda edit panel --abstract -", "").abstract == ""


def test_items_are_read_one_a_line(day: Terminal) -> None:
    lines = "One | Ada Lovelace, Alan Turing | 7 | https://one.example/\n\nTwo\n"
    paper = (Link("Paper", "https://one.example/"),)
    assert taken(day, "agenda edit panel --items -", lines).items == (
        Item(id="one", title="One", number="7", authors=("Ada Lovelace", "Alan Turing"), links=paper),
        Item(id="two", title="Two"),
    )
    assert taken(day, "agenda edit panel --items -", "Two\n").items == (Item(id="two", title="Two"),)


@pytest.mark.parametrize("option", ["--abstract", "--items"])
def test_a_file_that_is_too_long_is_refused_and_not_cut(day: Terminal, tmp_path: Path, option: str) -> None:
    file = tmp_path / "long.txt"
    file.write_text("A line of some length\n" * 10_000)
    assert refused(day, f"agenda edit panel {option} {file}") == (
        1,
        f"agenda: {option}: a file of at most 200,000 characters",
    )


def test_an_abstract_that_is_too_long_is_refused_with_its_length(day: Terminal) -> None:
    assert refused(day, "agenda edit panel --abstract -", "x" * 20_001) == (
        1,
        "agenda: abstract: at most 20,000 characters, this one has 20,001",
    )


@pytest.mark.parametrize("option", ["--abstract", "--items"])
def test_a_file_that_is_not_utf8_is_refused_by_its_option(day: Terminal, tmp_path: Path, option: str) -> None:
    file = tmp_path / "latin.txt"
    file.write_bytes(b"x" * 100_000 + b"\xfc")
    said = (2, f"Error: Invalid value for {option}: it is not UTF-8 text")
    assert refused(day, f"agenda edit panel {option} {file}") == said
    assert refused(day, f"agenda edit panel {option} -", b"\xfc") == said


def test_a_file_that_is_not_there_is_wrong_use(day: Terminal, tmp_path: Path) -> None:
    missing = tmp_path / "missing.md"
    assert refused(day, f"agenda edit panel --abstract {missing}") == (
        2,
        f"Error: Invalid value for '--abstract': '{missing}': No such file or directory",
    )


def test_standard_input_is_read_for_one_option_only(day: Terminal) -> None:
    assert refused(day, "agenda edit panel --abstract - --items -", "Who pays?") == (
        2,
        "Error: --abstract and --items cannot both be read from here",
    )


# Links


def test_a_link_is_added_and_takes_the_place_of_one_with_its_label(day: Terminal) -> None:
    taken(day, "agenda edit panel --link Slides=https://one.example/ --link Code=https://code.example/?a=b")
    assert taken(day, "agenda edit panel --link Slides=https://two.example/").links == (
        Link("Slides", "https://two.example/"),
        Link("Code", "https://code.example/?a=b"),
    )


def test_a_link_is_removed_by_its_label(day: Terminal) -> None:
    taken(day, "agenda edit panel --link Slides=https://one.example/ --link Code=https://code.example/")
    assert taken(day, "agenda edit panel --unlink Slides").links == (Link("Code", "https://code.example/"),)


def test_a_label_that_is_not_there_is_refused_with_the_nearest(day: Terminal) -> None:
    taken(day, "agenda edit panel --link Slides=https://one.example/")
    assert refused(day, "agenda edit panel --unlink Slide") == (
        1,
        "agenda: there is no link 'Slide'; did you mean 'Slides'?",
    )


@pytest.mark.parametrize(
    ("link", "status", "said"),
    [
        ("Slides", 2, f"Error: Invalid value for --link: 'Slides': {NO_PAIR}"),
        ("=https://one.example/", 2, f"Error: Invalid value for --link: '=https://one.example/': {NO_PAIR}"),
        ("Slides=ftp://one.example/", 1, f"agenda: 'ftp://one.example/' {NO_ADDRESS}"),
        ("Slides=", 1, f"agenda: '' {NO_ADDRESS}"),
    ],
)
def test_what_is_no_link_is_refused(day: Terminal, link: str, status: int, said: str) -> None:
    assert refused(day, f"agenda edit panel --link '{link}'") == (status, said)


# People


def test_the_speakers_given_are_all_of_them(day: Terminal) -> None:
    assert taken(day, "agenda edit panel --speaker 'Tri Dao' --speaker sara-hooker").speakers == (
        "tri-dao",
        "sara-hooker",
    )
    assert taken(day, "agenda edit panel --speaker 'Ada Lovelace'").speakers == ("ada-lovelace",)
    assert taken(day, "agenda edit panel --no-speakers").speakers == ()


def test_a_name_that_is_nearly_somebody_elses_is_refused_with_both_readings(day: Terminal) -> None:
    assert refused_with_commands(day, "agenda edit panel --speaker 'Tri Doa'") == [
        "agenda edit panel --speaker 'Tri Dao'",
        "agenda edit panel --speaker 'Tri Doa' --new-person",
    ]


def test_the_commands_for_a_similar_name_change_all_that_was_typed(rooms: Terminal, tmp_path: Path) -> None:
    file = tmp_path / "an abstract.md"
    file.write_text("Who pays?")
    options = (
        f"--title Other --abstract '{file}' --link Slides=https://one.example/"
        " --kind panel --room annex --min-minutes 20 --unpin"
    )
    rooms.type("agenda cancel annex-two")
    commands = refused_with_commands(rooms, f"agenda edit hall-two {options} --speaker 'Tri Doa'")
    assert commands == [
        f"agenda edit hall-two --speaker 'Tri Dao' {options}",
        f"agenda edit hall-two --speaker 'Tri Doa' --new-person {options}",
    ]
    rooms.type(commands[0])
    one = rooms.program().session("hall-two")
    assert (one.title, one.abstract, one.speakers, one.room) == ("Other", "Who pays?", ("tri-dao",), "annex")


def test_the_command_for_a_similar_name_reads_standard_input_again(day: Terminal) -> None:
    result = day.type("agenda edit panel --abstract - --speaker 'Tri Doa'", "Who pays?")
    one = taken(day, printed_commands(result)[0], "Who pays?")
    assert (one.abstract, one.speakers) == ("Who pays?", ("tri-dao",))


def test_a_new_person_of_a_similar_name_is_new(day: Terminal) -> None:
    assert taken(day, "agenda edit panel --speaker 'Tri Doa' --new-person").speakers == ("tri-doa",)


def test_a_name_of_nothing_does_not_remove_the_speakers(day: Terminal) -> None:
    assert refused(day, "agenda edit tri-dao --speaker ''") == (
        2,
        "Error: Invalid value for --speaker: a name is needed",
    )


def test_an_affiliation_is_that_of_a_person_by_name_or_id(day: Terminal) -> None:
    taken(day, "agenda edit tri-dao --affiliation 'Tri Dao=Princeton' --affiliation tri-dao=Together.AI")
    assert day.program().speaker("tri-dao").affiliations == ("Princeton", "Together.AI")
    taken(day, "agenda edit tri-dao --affiliation 'Tri Dao='")
    assert day.program().speaker("tri-dao").affiliations == ()


@pytest.mark.parametrize(
    ("affiliation", "status", "said"),
    [
        ("Tri Dao", 2, "Error: Invalid value for --affiliation: 'Tri Dao': expected NAME=TEXT"),
        ("Tri Doa=Princeton", 1, "agenda: there is no speaker 'Tri Doa'; did you mean 'Tri Dao'?"),
    ],
)
def test_what_is_no_affiliation_is_refused(day: Terminal, affiliation: str, status: int, said: str) -> None:
    assert refused(day, f"agenda edit tri-dao --affiliation '{affiliation}'") == (status, said)


# How it gives way


def test_a_session_is_pinned_and_unpinned(day: Terminal) -> None:
    assert taken(day, "agenda edit panel --pin").pinned
    assert not taken(day, "agenda edit panel --unpin").pinned


def test_a_least_length_is_given_and_removed(day: Terminal) -> None:
    assert taken(day, "agenda edit panel --min-minutes 40").min_minutes == 40
    assert taken(day, "agenda edit panel --min-minutes 0").min_minutes is None


def test_a_pinned_session_with_a_least_length_can_be_squeezed(day: Terminal) -> None:
    taken(day, "agenda edit panel --pin --min-minutes 40")
    assert refused_with_commands(day, "agenda late 10 --from stella-biderman")[0] == (
        "agenda late 10 --from stella-biderman --squeeze panel"
    )


def test_a_least_length_above_the_length_is_refused(day: Terminal) -> None:
    assert refused(day, "agenda edit panel --min-minutes 56") == (
        1,
        "agenda: “Panel discussion” lasts 55 minutes, so its least length is not 56 minutes",
    )


# Its room


def test_the_room_is_changed_and_the_time_stays(rooms: Terminal) -> None:
    rooms.type("agenda cancel annex-two")
    assert rooms.type("agenda edit hall-two --room annex --note 'A burst pipe.'").exit_code == 0
    assert (rooms.program().session("hall-two").room, rooms.times("hall-two")) == (
        "annex",
        {"hall-two": "11:00–11:30"},
    )
    assert rooms.revisions()[-1].note == "A burst pipe."


def test_a_room_that_is_taken_is_refused_with_commands_that_succeed(rooms: Terminal) -> None:
    assert refused_with_commands(rooms, "agenda edit hall-two --room annex") == [
        "agenda swap hall-two annex-two",
        "agenda move hall-two 12:00 --room annex",
    ]


def test_the_room_and_what_the_session_says_are_changed_with_one_command(rooms: Terminal) -> None:
    rooms.type("agenda cancel annex-two")
    assert rooms.type("agenda edit hall-two --room annex --title Other").exit_code == 0
    session = rooms.program().session("hall-two")
    assert (session.room, session.title) == ("annex", "Other")


@pytest.mark.parametrize(
    "options", ["--title ' '", "--kind 'A talk'", "--speaker 'Tri Doa'", "--speaker '\u202eTri'", "--min-minutes 31"]
)
def test_where_what_it_says_is_refused_the_room_stays(rooms: Terminal, options: str) -> None:
    rooms.type("agenda cancel annex-two")
    result = rooms.type(f"agenda edit hall-two --room annex {options}")
    assert (result.exit_code, result.stdout, len(rooms.revisions())) == (1, "", 2)
    assert rooms.program().session("hall-two").room == "hall"


def test_where_the_room_is_refused_what_it_says_stays(rooms: Terminal) -> None:
    result = rooms.type("agenda edit hall-two --room annex --title Other")
    assert (result.exit_code, result.stdout, len(rooms.revisions())) == (1, "", 1)


# Wrong use


def test_what_is_so_already_changes_nothing(day: Terminal) -> None:
    result = day.type("agenda edit panel --title 'Panel discussion' --unpin")
    assert (result.exit_code, result.stdout.partition(";")[0], len(day.revisions())) == (0, "That changes nothing", 1)


@pytest.mark.parametrize(
    "line", ["agenda edit panel", "agenda edit panel --note Hello", "agenda edit panel --new-person"]
)
def test_nothing_to_change_is_wrong_use(day: Terminal, line: str) -> None:
    assert refused(day, line) == (2, "Error: say what to change; --help lists it")


@pytest.mark.parametrize(
    "line",
    [
        "agenda edit",
        "agenda edit panel closing --pin",
        "agenda edit panel --no-speakers --speaker 'Tri Dao'",
        "agenda edit panel --min-minutes -1",
        "agenda edit panel --min-minutes few",
    ],
)
def test_wrong_use_is_status_2_and_changes_nothing(day: Terminal, line: str) -> None:
    assert refused(day, line)[0] == 2


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("agenda edit pannel --pin", "agenda: there is no session 'pannel'; did you mean 'panel'?"),
        ("agenda edit panel --room hall", "agenda: there is no room 'hall'"),
        ("agenda edit panel --title ''", "agenda: a title is a text, or TBA"),
    ],
)
def test_what_cannot_be_is_refused_and_changes_nothing(day: Terminal, line: str, said: str) -> None:
    assert refused(day, line) == (1, said)


def test_the_command_explains_itself(day: Terminal) -> None:
    result = day.type("agenda edit --help")
    assert (result.exit_code, result.stdout.split()[0], result.stderr) == (0, "Usage:", "")
