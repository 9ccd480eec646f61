"""The limits in `docs/security.md` are those in the code."""

from __future__ import annotations

import re
from datetime import timedelta
from fractions import Fraction
from functools import reduce
from operator import getitem
from pathlib import Path
from pkgutil import resolve_name

import pytest
from limits import RateLimitItem
from support.repository import ROOT

PAGE = (ROOT / "docs" / "security.md").read_text()
TIMES = {"s": 1, "min": 60, "h": 3600, "day": 86400, "days": 86400}
RATES = {"a minute": Fraction(1, 60), "an hour": Fraction(1, 3600)}
UNITS = {"": 1, "KiB": 2**10, "MiB": 2**20, "MB": 10**6, **RATES, **TIMES}
LIMIT_NAMES = (
    r"^(?:const )?((?:(?:MOST|LONGEST|LARGEST|SMALLEST)_\w+|DEEPEST|\w+_SECONDS)(?= = )|\w+(?= = RateLimitItem))"
)
LIMITED = (
    "server/*.py",
    "web/rate_limits.py",
    "web/request_*.py",
    "outgoing/*.py",
    "formats/pictures.py",
    "formats/sent_picture.py",
    "formats/svg_drawing.py",
    "static/js/worker/*.js",
)
# How quickly readers ask after a revision, how uvicorn is tried and set up, and from which size a picture is written
# as a photograph.
NO_LIMITS = {
    "formats.pictures.LARGEST_LOSSLESS",
    "server.event_format.LONGEST_SPREAD_SECONDS",
    "server.grip.SPREAD_SECONDS",
    "server.uvicorn_server.NO_DEADLINE_SECONDS",
    "server.uvicorn_server.TRIAL_SECONDS",
    "server.process_tuning.SWITCH_SECONDS",
}

# A number in seconds, bytes or pieces, and whether it is a time.
Quantity = tuple[Fraction, bool]


def rows() -> list[tuple[str, list[str]]]:
    """The numbers of each row in the tables of limits, and the names of its constants."""
    lines = PAGE.partition("\n## Limits\n")[2].partition("\n## ")[0].splitlines()
    cells = [re.split(r" *\| *", line.strip("| ")) for line in lines if line.startswith("| ")]
    return [(row[1], re.findall("`([^`]+)`", row[-1])) for row in cells if row[-1] != "in code"]


def written(text: str) -> Quantity:
    """What a number with its unit says."""
    number, _, unit = text.partition(" ")
    return Fraction(number.replace(",", "")) * UNITS[unit], unit in TIMES


def in_script(name: str) -> Quantity:
    """What a constant of a script says: `static/js/worker/page-cache.js MOST_VISITED`."""
    file, _, constant = name.partition(" ")
    found = re.search(rf"^const {constant} = ([\d_]+);", (ROOT / "app" / file).read_text(), re.MULTILINE)
    assert found is not None
    return Fraction(found[1]), False


def in_code(name: str) -> Quantity:
    """What a constant says: `domain.texts.LONGEST["title"]`."""
    if ".js " in name:
        return in_script(name)
    path, *keys = filter(None, re.split(r'\["|"\]', name))
    value = reduce(getitem, keys, resolve_name(f"app.{path}"))
    if isinstance(value, RateLimitItem):
        return Fraction(value.amount, value.get_expiry()), False
    if isinstance(value, timedelta):
        return Fraction(value.total_seconds()), True
    return Fraction(str(value)) * (10**6 if name.endswith("_MEGABYTES") else 1), name.endswith("_SECONDS")


@pytest.mark.parametrize(("numbers", "names"), rows())
def test_each_limit_has_the_number_of_the_code(numbers: str, names: list[str]) -> None:
    assert list(map(written, numbers.split(" and "))) == list(map(in_code, names))


def name_on_the_page(file: Path, constant: str) -> str:
    """How the page names a constant of a file."""
    path = file.relative_to(ROOT / "app")
    return f"{path} {constant}" if path.suffix == ".js" else ".".join((*path.with_suffix("").parts, constant))


def test_every_limit_of_the_server_of_calls_of_pictures_and_of_the_worker_is_on_the_page() -> None:
    limits = {
        name_on_the_page(path, name)
        for pattern in LIMITED
        for path in (ROOT / "app").glob(pattern)
        for name in re.findall(LIMIT_NAMES, path.read_text(), re.MULTILINE)
    }
    assert limits - NO_LIMITS - {name for _, names in rows() for name in names} == set()
