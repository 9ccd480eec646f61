"""`agenda organizer`: who may sign in, from a terminal."""

from __future__ import annotations

import re

import pytest
from support.terminal import Terminal

from app.domain.rights import Editor
from app.live.clock import SYSTEM_CLOCK
from app.store.database import open_database
from app.store.errors import SignInRefused
from app.store.sign_ins import LINK_LIFETIME, SPEAKER_LINK_LIFETIME, SignIns
from app.web.template_helpers import short_date

PROGRAM_ID = "codeml-2025"
STELLA = "stella-biderman"
FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
LINK = re.compile(r"http://localhost:8000/organizer/sign-in/([\w-]{43})\n")


def people(day: Terminal) -> tuple[Editor, ...]:
    database = open_database(day.url, PROGRAM_ID)
    try:
        return SignIns(database).people()
    finally:
        database.close()


def signed_in(day: Terminal, output: str) -> str:
    """Use the link that a command printed; returns whose it is."""
    database = open_database(day.url, PROGRAM_ID)
    [key] = LINK.findall(output)
    try:
        now = SYSTEM_CLOCK.now()
        editor = SignIns(database).open_link(key, now).editor
        SignIns(database).redeem(key, now, FIREFOX)
    finally:
        database.close()
    return editor.name


@pytest.mark.parametrize(
    ("arguments", "added"),
    [
        ([], Editor("Ada")),
        (["--role", "chair", "--room", "venue"], Editor("Ada", "chair", "venue")),
        (["--role", "speaker", "--session", "panel"], Editor("Ada", "speaker", None, "panel")),
        (["--role", "speaker", "--session", "stella-biderman"], Editor("Ada", "speaker", None, "stella-biderman")),
        (["--role", "operator"], Editor("Ada", "operator")),
        (["--role", "operator", "--room", "venue"], Editor("Ada", "operator", "venue")),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_somebody_is_added_with_a_link(day: Terminal, arguments: list[str], added: Editor) -> None:
    result = day.run("organizer", "add", "Ada", *arguments)
    assert (result.exit_code, people(day), signed_in(day, result.output)) == (0, (added,), "Ada")
    assert result.output.endswith(f"Added to {day.url.removeprefix('sqlite:///')}.\n")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--room", "venue"], "an organizer has all rooms and sessions: name none"),
        (["--role", "chair", "--session", "panel"], "a chair has one room: name it, and no session"),
        (["--role", "speaker", "--room", "venue"], "a speaker has one session: name it, and no room"),
        (["--role", "operator", "--session", "panel"], "an operator has one room or all: name no session"),
        (["--role", "king"], "Invalid value for '--role': 'king' is not one of"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_a_role_with_another_place_is_wrong_use(day: Terminal, arguments: list[str], said: str) -> None:
    result = day.run("organizer", "add", "Ada", *arguments)
    assert (result.exit_code, f"Error: {said}" in result.stderr, people(day)) == (2, True, ())


def test_a_chair_needs_to_name_no_room_where_there_is_one(day: Terminal) -> None:
    assert day.run("organizer", "add", "Ada", "--role", "chair").exit_code == 0
    assert people(day) == (Editor("Ada", "chair", "venue"),)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["add", "Ada", "--role", "chair", "--room", "venu"], "there is no room 'venu'; did you mean 'venue'?"),
        (
            ["add", "Ada", "--role", "speaker", "--session", "pannel"],
            "there is no session 'pannel'; did you mean 'panel'?",
        ),
        (["add", " "], "a name is not empty"),
        (["link", "Tao"], "there is no person 'Tao'"),
        (["remove", "Tao"], "there is no person 'Tao'"),
        (["withdraw", "0123456789abcdef"], "there is no link '0123456789abcdef'"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_what_is_not_there_is_refused(day: Terminal, arguments: list[str], said: str) -> None:
    result = day.run("organizer", *arguments)
    assert (result.exit_code, result.stdout, result.stderr) == (1, "", f"agenda: {said}\n")


def test_a_name_that_exists_is_refused(day: Terminal) -> None:
    day.run("organizer", "add", "Ada")
    result = day.run("organizer", "add", "Ada", "--role", "operator")
    said = (
        "agenda: Ada is already an organizer; make a new link under People (agenda organizer link Ada), "
        "or remove them first (agenda organizer remove Ada)\n"
    )
    assert (result.exit_code, result.stderr, people(day)) == (1, said, (Editor("Ada"),))


def test_somebody_gets_another_link(day: Terminal) -> None:
    day.run("organizer", "add", "Ada")
    result = day.run("organizer", "link", "Ada")
    assert (result.exit_code, signed_in(day, result.output)) == (0, "Ada")


def test_what_is_printed_of_a_link_says_for_how_long_and_on_which_browser(day: Terminal) -> None:
    added = day.run("organizer", "add", "Ada").output
    again = day.run("organizer", "link", "Ada").output
    said = f"Ada may sign in once within {LINK_LIFETIME.days} days, on any browser:"
    assert (added.splitlines()[0], again.splitlines()[0]) == (said, said)


def test_what_is_printed_of_a_speakers_link_says_that_it_is_for_one_device(day: Terminal) -> None:
    added = day.run("organizer", "add", "Stella Biderman", "--role", "speaker", "--session", STELLA).output
    again = day.run("organizer", "link", "Stella Biderman").output
    said = (
        f"Stella Biderman may sign in once within {SPEAKER_LINK_LIFETIME.days} days; "
        "it signs out their other device, and their former links are invalid now:"
    )
    assert (added.splitlines()[0], again.splitlines()[0]) == (said, said)


def test_a_speaker_who_is_added_is_the_person_of_their_name(day: Terminal) -> None:
    day.run("organizer", "add", "stella biderman", "--role", "speaker", "--session", STELLA)
    assert people(day) == (Editor("stella biderman", "speaker", None, STELLA, "stella-biderman"),)


def test_another_link_of_a_speaker_withdraws_the_first_and_its_use_signs_their_other_device_out(day: Terminal) -> None:
    first = day.run("organizer", "add", "Ada", "--role", "speaker", "--session", STELLA).output
    second = day.run("organizer", "link", "Ada").output
    with pytest.raises(SignInRefused):
        signed_in(day, first)
    signed_in(day, second)
    signed_in(day, day.run("organizer", "link", "Ada").output)
    assert day.run("organizer", "list").output.count("Firefox on Linux") == 1


def test_speakers_are_listed_with_their_sessions_which_may_be_still_to_be_announced(day: Terminal) -> None:
    day.run("organizer", "add", "Stella Biderman", "--role", "speaker", "--session", STELLA)
    day.run("organizer", "add", "Tri Dao", "--role", "speaker", "--session", "tri-dao")
    lines = day.run("organizer", "list").output.splitlines()
    assert lines[:3] == [
        "NAME             ROLE",
        "Stella Biderman  speaker of the session at 15:30 (stella-biderman)",
        "Tri Dao          speaker of Open-Source Attention Optimizations",
    ]
    ends = day.program().local(SYSTEM_CLOCK.now() + SPEAKER_LINK_LIFETIME).date()
    assert [re.sub(r"^\w{16}|\d\d:\d\d$", "…", line) for line in lines[4:]] == [
        "LINK              FOR              TO       VALID UNTIL",
        f"…  Stella Biderman  sign in  {short_date(ends)}, …",
        f"…  Tri Dao          sign in  {short_date(ends)}, …",
    ]


def test_without_anybody_the_list_says_how_to_begin(day: Terminal) -> None:
    result = day.run("organizer", "list")
    assert (result.exit_code, result.output) == (0, "Nobody yet; `agenda organizer add NAME` adds somebody.\n")


def test_people_browsers_and_links_are_listed(day: Terminal) -> None:
    signed_in(day, day.run("organizer", "add", "Ada Lovelace").output)
    day.run("organizer", "add", "Tao", "--role", "chair", "--room", "venue")
    lines = day.run("organizer", "list").output.splitlines()
    assert lines[:4] == [
        "NAME          ROLE",
        "Ada Lovelace  organizer",
        "Tao           chair of Vancouver Convention Center",
        "",
    ]
    today = short_date(day.program().local(SYSTEM_CLOCK.now()).date())
    assert [re.sub(r"\d\d:\d\d", "HH:MM", line) for line in lines[4:7]] == [
        "SIGNED IN     BROWSER           SEEN",
        f"Ada Lovelace  Firefox on Linux  {today}, HH:MM",
        "",
    ]
    assert lines[7] == "LINK              FOR  TO       VALID UNTIL"
    assert re.fullmatch(r"[0-9a-f]{16}  Tao  sign in  \w{3} \d+ \w+, \d\d:\d\d", lines[8])
    assert lines[9:] == []


def test_a_listed_link_can_be_withdrawn(day: Terminal) -> None:
    day.run("organizer", "add", "Ada")
    link = day.run("organizer", "list").output.splitlines()[-1].split()[0]
    result = day.run("organizer", "withdraw", link)
    assert (result.exit_code, result.output) == (0, "The link is withdrawn.\n")
    assert "LINK" not in day.run("organizer", "list").output


def test_somebody_is_removed(day: Terminal) -> None:
    for name in ("Ada", "Tao"):
        day.run("organizer", "add", name)
    result = day.run("organizer", "remove", "Ada")
    assert (result.exit_code, result.output, people(day)) == (
        0,
        "Ada is removed, and signed out everywhere.\n",
        (Editor("Tao"),),
    )


def test_the_last_organizer_is_not_removed(day: Terminal) -> None:
    day.run("organizer", "add", "Ada")
    result = day.run("organizer", "remove", "Ada")
    assert (result.exit_code, result.stderr, people(day)) == (
        1,
        "agenda: Ada is the last organizer; add another one first\n",
        (Editor("Ada"),),
    )


@pytest.mark.parametrize("command", ["add", "link", "list", "remove", "withdraw"])
def test_each_command_has_help(day: Terminal, command: str) -> None:
    result = day.run("organizer", command, "--help")
    assert (result.exit_code, result.output.startswith(f"Usage: main organizer {command} ")) == (0, True)
