"""Five versions of one published page, each with its own difference from the one before."""

from __future__ import annotations

HEAD = "# Trees 2025\n\n| Time | Session |\n|------|---------|\n"
FIRST = [
    ("9:00 - 9:30", "Opening"),
    ("9:30 - 10:00", "Invited talk:"),
    ("10:00 - 10:30", "Coffee break"),
    ("10:30 - 11:00", "Ann Lee (MIT): “On roots”"),
    ("11:00 - 11:30", "Bob Ray (ETH): “On bark”"),
    ("11:30 - 12:00", "Coffee break"),
    ("12:00 - 12:30", "Closing"),
]
# The open talk is filled, and one is given another title.
SECOND = [
    *FIRST[:1],
    ("9:30 - 10:00", "Cy Dow (UBC): “On leaves”"),
    *FIRST[2:4],
    ("11:00 - 11:30", "Bob Ray (ETH): “On moss”"),
    *FIRST[5:],
]
# All before the second break begins a quarter of an hour later.
THIRD = [
    ("9:15 - 9:45", "Opening"),
    ("9:45 - 10:15", "Cy Dow (UBC): “On leaves”"),
    ("10:15 - 10:45", "Coffee break"),
    ("10:45 - 11:15", "Ann Lee (MIT): “On roots”"),
    ("11:15 - 11:30", "Bob Ray (ETH): “On moss”"),
    *SECOND[5:],
]
# Two speakers change places, and a line has moved in the table.
FOURTH = [
    THIRD[6],
    THIRD[0],
    ("9:45 - 10:15", "Ann Lee (MIT): “On roots”"),
    THIRD[2],
    ("10:45 - 11:15", "Cy Dow (UBC): “On leaves”"),
    *THIRD[4:6],
]
# The first break is gone, a panel is new.
FIFTH = [*FOURTH[:3], ("14:00 - 15:00", "Panel discussion"), *FOURTH[4:]]


def page(rows: list[tuple[str, str]]) -> str:
    return HEAD + "".join(f"| {time} | {session} |\n" for time, session in rows)


PAGES = tuple(map(page, (FIRST, SECOND, THIRD, FOURTH, FIFTH)))
