"""The commands that add a session, change what one says, and announce, on the database of the running service."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, time
from functools import partial
from typing import IO, Any

import click

from app.commands.edit_as_command import Words
from app.commands.edit_options import PushFields, clock_time, edit_command, pushing_options, room_of
from app.commands.service_database import EditSession, open_edit_session
from app.domain.conference_day import conference_day, instant_on_day
from app.domain.edits import edit_types as edits
from app.domain.edits.content import USUAL_LABELS
from app.domain.edits.session_rules import next_instant_at
from app.domain.edits.typed_content import items_of, person_named, with_links, with_people
from app.domain.program import Program
from app.domain.session import Link
from app.domain.texts import BadText, longest_of

# The name of the file that `-` stands for.
STANDARD_INPUT = "<stdin>"
# What some editors of Windows begin a UTF-8 file with.
BYTE_ORDER_MARK = "\ufeff"
TEXT_FILE = click.File("r", encoding="utf-8")
SPEAKER_HELP = "A speaker's name or id; give all of them."
NEW_PERSON_HELP = "The speakers who are not in the program are new, though some have similar names."


@edit_command("add")
@click.argument("title")
@click.option("--minutes", type=click.IntRange(1), required=True, help="How long it lasts.")
@click.option("--after", metavar="SESSION", help="It comes after this session.")
@click.option("--at", "clock", metavar="TIME", type=clock_time, help="It begins at this time, such as 10:25.")
@click.option("--day", type=click.DateTime(["%Y-%m-%d"]), help="The day of --at, where there are several.")
@click.option("--room", help="Its room; default: that of --after, else the only one.")
@click.option("--kind", default="talk", show_default=True, help="Such as talk, panel or break.")
@click.option("--speaker", "speakers", metavar="NAME", multiple=True, help=SPEAKER_HELP)
@click.option("--new-person", is_flag=True, help=NEW_PERSON_HELP)
@pushing_options
def add(
    *,
    title: str,
    minutes: int,
    after: str | None,
    clock: time | None,
    day: datetime | None,
    room: str | None,
    kind: str,
    speakers: tuple[str, ...],
    new_person: bool,
    pushing: PushFields,
    note: str,
) -> None:
    """Add a session with this TITLE, and push what follows; `agenda undo` or `agenda cancel` takes it away."""
    if (after is None) == (clock is None):
        raise click.UsageError("say where it goes with --after SESSION or with --at TIME")
    edit_session = open_edit_session()
    new = partial(edits.AddSession, title, minutes, after=after, kind=kind, **pushing)
    make_edit = partial(_for_speakers, edit_session.program, _names(speakers), new_person)
    if clock is not None:
        new = partial(new, start=instant_on_day(edit_session.program, _day(edit_session, day), clock))
        room = room_of(edit_session, room, lambda name: make_edit(partial(new, room=name)), note)
    edit_session.publish(edit_session.made(lambda: make_edit(partial(new, room=room)), note), note)


@edit_command("edit")
@click.argument("session")
@click.option("--title", help="Another title.")
@click.option("--abstract", type=TEXT_FILE, metavar="FILE", help="Its abstract, as Markdown; - reads it from here.")
@click.option(
    "--items", type=TEXT_FILE, metavar="FILE", help="Its items, one a line: title | authors | number | address."
)
@click.option("--speaker", "speakers", metavar="NAME", multiple=True, help=SPEAKER_HELP)
@click.option("--no-speakers", is_flag=True, help="Nobody presents it.")
@click.option("--new-person", is_flag=True, help=NEW_PERSON_HELP)
@click.option("--affiliation", "affiliations", metavar="NAME=TEXT", multiple=True, help="What a speaker belongs to.")
@click.option("--link", "links", metavar="LABEL=URL", multiple=True, help=f"A link: {', '.join(USUAL_LABELS)}, …")
@click.option("--unlink", "unlinks", metavar="LABEL", multiple=True, help="Remove the link with this label.")
@click.option("--kind", help="Such as talk, panel or break.")
@click.option("--room", help="Another room.")
@click.option("--min-minutes", type=click.IntRange(0), help="Its least length when the day slips; 0: it keeps its own.")
@click.option("--pin/--unpin", "pinned", default=None, help="Whether it stays where it is when the day slips.")
def edit(
    *,
    session: str,
    speakers: tuple[str, ...],
    no_speakers: bool,
    new_person: bool,
    room: str | None,
    note: str,
    **typed: Any,
) -> None:
    """Change what SESSION says, or its room, in one revision; its time stays."""
    if no_speakers and speakers:
        raise click.UsageError("--no-speakers and --speaker exclude each other")
    edit_session = open_edit_session()
    content: edits.Edit = _content(edit_session, session, speakers=() if no_speakers else None, room=room, **typed)
    if speakers:
        make_edit = partial(_for_speakers, edit_session.program, _names(speakers), new_person)
        others = _options_but("--speaker", "--new-person", "--note")
        edit_session.made(lambda: make_edit(partial(edits.ChangeContent, session)), note, others)
        content = make_edit(partial(replace, content))
    if content == edits.ChangeContent(session):
        raise click.UsageError("say what to change; --help lists it")
    # A room alone has more ways out: to swap, or to move to a free time.
    alone = content == edits.ChangeContent(session, room=room)
    edit_session.publish(edits.ChangeRoom(session, room) if alone else content, note)


def _content(
    edit_session: EditSession,
    session: str,
    *,
    abstract: IO[str] | None,
    items: IO[str] | None,
    affiliations: tuple[str, ...],
    links: tuple[str, ...],
    unlinks: tuple[str, ...],
    **fields: Any,
) -> edits.ChangeContent:
    """The change of content that the options of `agenda edit` ask for; ``fields`` are those of the edit as they are."""
    if abstract is not None and items is not None and {abstract.name, items.name} == {STANDARD_INPUT}:
        raise click.UsageError("--abstract and --items cannot both be read from here")
    former = edit_session.program.session(session)
    return edits.ChangeContent(
        session,
        abstract=_text("--abstract", abstract),
        items=None if items is None else items_of(_text("--items", items) or "", former.items),
        affiliations=_affiliations(edit_session, affiliations),
        links=with_links(former.links, [*map(_link, links)], unlinks) if links or unlinks else None,
        **fields,
    )


@edit_command("rename")
@click.argument("session")
@click.argument("title")
def rename(session: str, title: str, note: str) -> None:
    """Give SESSION another TITLE."""
    open_edit_session().publish(edits.ChangeContent(session, title=title), note)


@edit_command("announce")
@click.argument("text")
@click.option("--room", help="Show it in this room only.")
@click.option("--until", metavar="TIME", type=clock_time, help="End time, such as 11:30; default: in 30 minutes.")
def announce(text: str, room: str | None, until: time | None, note: str) -> None:
    """Show TEXT on every page and screen; `agenda undo` withdraws it."""
    edit_session = open_edit_session()
    end = next_instant_at(edit_session.program, edit_session.now, until) if until else None
    edit_session.publish(edits.Announce(text, room, end), note)


COMMANDS = (add, edit, rename, announce)


def _day(edit_session: EditSession, day: datetime | None) -> date:
    """The day on which a time is meant: the one given, else the current one, else the program's next."""
    if day is not None:
        return day.date()
    today, days = conference_day(edit_session.program, edit_session.now), edit_session.program.days
    return next((one for one in sorted(days) if one >= today), max(days, default=today))


def _text(option: str, file: IO[str] | None) -> str | None:
    """What the file of an option holds; raises `BadText` where no text may be that long."""
    if file is None:
        return None
    longest = longest_of("body")
    try:
        text = file.read(longest + 1)
    except UnicodeDecodeError as error:
        raise click.BadParameter("it is not UTF-8 text", param_hint=option) from error
    if len(text) > longest:
        raise BadText(option, f"a file of at most {longest:,} characters")
    return text.removeprefix(BYTE_ORDER_MARK).strip()


def _options_but(*names: str) -> list[Words]:
    """The options with which the command was run, as they can be given again, but for some."""
    context, found = click.get_current_context(), list[Words]()
    for option in context.command.params:
        name, value = option.opts[0], context.params.get(option.name or "")
        if not isinstance(option, click.Option) or name in names or value in (None, ()):
            continue
        if option.is_flag:
            found += [(name,)] if value else [(one,) for one in option.secondary_opts]
        else:
            values = value if isinstance(value, tuple) else (value,)
            found += [(name, _as_typed(one)) for one in values]
    return found


def _as_typed(value: object) -> str:
    name = str(getattr(value, "name", value))
    return "-" if name == STANDARD_INPUT else name


def _for_speakers(
    program: Program, names: tuple[str, ...], new_people: bool, edit: Callable[..., edits.Edit]
) -> edits.Edit:
    """The edit for speakers of these names; refuses names that are nearly somebody else's."""
    return with_people(program, names, lambda ids, people: edit(speakers=ids, people=people), new_people=new_people)


def _names(names: tuple[str, ...]) -> tuple[str, ...]:
    if not all(map(str.strip, names)):
        raise click.BadParameter("a name is needed", param_hint="--speaker")
    return names


def _link(text: str) -> Link:
    label, equals, url = text.partition("=")
    if not (equals and label.strip()):
        raise click.BadParameter(f"{text!r}: expected LABEL=URL, such as Slides=https://…", param_hint="--link")
    return Link(label.strip(), url.strip())


def _affiliations(edit_session: EditSession, texts: tuple[str, ...]) -> tuple[tuple[str, tuple[str, ...]], ...]:
    found: dict[str, list[str]] = defaultdict(list)
    for text in texts:
        name, equals, affiliation = text.partition("=")
        if not (equals and name.strip()):
            raise click.BadParameter(f"{text!r}: expected NAME=TEXT", param_hint="--affiliation")
        person = person_named(edit_session.program, name.strip())
        found[person.id] += [affiliation.strip()] if affiliation.strip() else []
    return tuple((name, tuple(belongs)) for name, belongs in found.items())
