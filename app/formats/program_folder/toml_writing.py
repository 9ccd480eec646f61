"""Writes the tables of a program as TOML in the layout that people use, and the text of a new file."""

from __future__ import annotations

import json
from typing import Any

import tomlkit
from tomlkit.container import Container
from tomlkit.items import AoT, Array, InlineTable, Item, String, StringType, Table, Trivia

from app.formats.program_folder.stored_fields import LONGEST_LINE, Tables

# Lists of tables that are written inline: links = [{label = "Slides", url = "https://…"}].
INLINE = {"links"}
HEAD = """\
# The program of a workshop. To make the next one, copy this folder and change this file;
# `agenda check FOLDER` says all that is wrong with it, with the line.

# `id` stands in addresses and file names, `domain` in calendar entries: a host's name of your own, or one
# that ends in .invalid. Neither may change once the program is public: calendars would show everything
# twice. All times below are those of `timezone`, such as "America/Vancouver", unless they say otherwise.
# `subtitle`, `series`, `description` and `url` may be left out.
# Texts stand in pages/, one Markdown file each, with its title after "# " in the first line; a number
# before a file's name ("1-about.md") puts them in order. The pages of the venue, the organizers and the
# important dates are made from what is said here.
"""
# The comments above the first of these tables.
COMMENTS = {
    ("link",): """\
# Addresses that belong to the whole program, each a [[link]].
""",
    ("identity",): """\
# [identity] gives the pages, the projector and print a look of their own: `accent = "#0b6e6e"` is the
# colour of what is on now and of links under the pointer. It is made darker or lighter where text in it
# would not be readable, and `agenda check` says so. `logo` is a picture of this folder, such as
# "pictures/logo.svg", and `logo_dark` another one for dark grounds. An .svg is a plain drawing, in which
# `currentColor` is the colour of text and `var(--accent)` the accent; .png, .jpg and .webp will do too.
""",
    ("track",): """\
# Tracks with a colour, each a [[track]] with the `name` that sessions have as their `track`, and `color`.
""",
    ("screen",): """\
# [screen] has lines for the projector, lists of texts: `before` the program begins, such as "Wi-Fi: …", and
# `after` it ends, such as where recordings will be.
""",
    ("stage",): """\
# [stage] is for the speaker's screen: `warn_minutes = [5, 2]` before the end of a talk it turns amber, then red, and
# says so; shorter talks are warned later. Of a talk's minutes the last `questions_minutes = 5` are for questions.
""",
    ("venue", "room"): """\
# Without a [[room]] the venue is the one room. With several, give each an id and a name, and each
# session its `room`; one without stands in all rooms. `floor`, `directions`
# and `plan`, a picture of this folder, help people to find it.
""",
    ("day",): """\
# Each [[day]] holds its sessions. `time` is "start-end"; after midnight go on counting: "23:30-24:30".
#   id        its address and its code for life: at most 24 of a-z, 0-9 and "-"
#   kind      talk, contributed, panel, posters, break, lunch, social, opening, closing
#   title     as announced; "TBA" while it is not known
#   speakers  ids from below
#   pinned = true     never moves when the day slips
#   min_minutes = 10  may shrink to this when the day slips; where nothing is said a break may shrink
#                     to 10 and posters to 30; false: not at all
#   cancelled = true  shown struck through; never take a session out that was public
#   warn_minutes = [5, 2], questions_minutes = 5   for this one, instead of those of [stage]
#   room, abstract, track, language, links = [{label = "Slides", url = "https://…"}]
# A link may say what it leads to, `kind = "watch"`, "slides", "recording" or "paper", where its label does not:
# "Live stream" is to watch, from ten minutes before the session until its end; "Video" is shown after it.
# Papers, posters, demos and short talks follow their session, each as a [[day.session.items]] with title
# and, where known, id, number (of its board), kind ("Oral"), authors, minutes, links, abstract. The id is its
# address and its code for life; without one it is made of the title, so give it before you change a title.
""",
    ("speaker", "organizer"): """\
# People: a [[speaker]] for each who presents, an [[organizer]] for each who organizes. A biography is
# Markdown. `picture` is a photograph in this folder, such as "pictures/ada.jpg"; without one initials are
# shown. Pages show its middle, a square, without what the camera noted in it.
""",
    ("important_date",): """\
# Important dates. A deadline has `at`, a day and time with its offset (AoE is -12:00) or in this
# program's zone; anything else has `day`. `former_day` is the one before an extension.
""",
}


def new_file(tables: Tables) -> str:
    """The text of a program's file, with comments for whoever writes the next program."""
    parts: dict[str, Tables] = {comment: {} for comment in (HEAD, *COMMENTS.values())}
    for key, value in tables.items():
        parts[comment_above(key) or HEAD][key] = value
    return "\n".join(comment + toml_table(part).as_string().lstrip("\n") for comment, part in parts.items())


def comment_above(key: str) -> str:
    """The comment above the first table of a kind; "" where there is none."""
    return next((comment for keys, comment in COMMENTS.items() if key in keys), "")


def toml_table(values: Tables) -> Table:
    """A table under its header, with a blank line above; in a list, `AoT` writes the header in double brackets."""
    body = Container(parsed=True)  # without the blank lines that tomlkit adds to others
    for key, value in values.items():
        body.append(key, toml_item(key, value))
    return Table(body, Trivia(indent="\n"), is_aot_element=False, is_super_table=False)


def toml_item(key: str, value: Any) -> Item:
    """The value of a key: on one line, except for prose, long lists and tables."""
    if isinstance(value, str):
        return _text(value)
    if isinstance(value, dict):
        return toml_table(value)
    if is_tables(key, value):
        return AoT([toml_table(one) for one in value], parsed=True)
    return _array(key, value) if isinstance(value, list) else tomlkit.item(value)


def is_tables(key: str, value: Any) -> bool:
    """Whether the value of a key is written under headers: a table or a list of tables."""
    return isinstance(value, dict) or (isinstance(value, list) and isinstance(value[0], dict) and key not in INLINE)


def _text(text: str) -> String:
    """A string; one that ends with a line end stands in lines between three quotation marks."""
    if not text.endswith("\n"):
        return String(StringType.SLB, text, _escaped(text), Trivia())
    return String(StringType.MLB, text, "\n" + "\n".join(map(_prose_line, text.split("\n"))), Trivia())


def _prose_line(line: str) -> str:
    """A line between three quotation marks, in which single ones need no backslash."""
    return _escaped(line) if '""' in line else _escaped(line).replace('\\"', '"')


def _escaped(text: str) -> str:
    """A text with TOML's escapes: those of JSON, and one for DEL."""
    return json.dumps(text, ensure_ascii=False)[1:-1].replace("\x7f", "\\u007f")


def _array(key: str, values: list[Any]) -> Array:
    """A list on one line, or one value a line where that is too long."""
    array = tomlkit.array()
    for value in values:
        array.append(_inline_table(value) if isinstance(value, dict) else _text(value))
    return array.multiline(len(f"{key} = {array.as_string()}") > LONGEST_LINE)


def _inline_table(values: Tables) -> InlineTable:
    table = tomlkit.inline_table()
    for key, value in values.items():
        table.append(key, _text(value))
    return table
