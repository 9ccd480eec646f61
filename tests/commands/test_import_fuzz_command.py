"""Whatever bytes a person hands to `agenda import`: a folder that `agenda check` accepts, or one clear line."""

from __future__ import annotations

import tempfile
from pathlib import Path

import pytest
from click.testing import CliRunner
from hypothesis import HealthCheck, given
from hypothesis import strategies as st
from support.import_results import OPTIONS
from support.strategies import examples

from app.cli import main

SMALL = sorted(name for name in OPTIONS if "fosdem" not in name and "own.json" not in name and "2016" not in name)
SCRAPS = (
    b"", b"<", b'"', b"}", b"]", b"\n", b"\0", b"\xff", b"<!--", b"javascript:alert(1)", b"https://", b"-1", b"9" * 30,
    b"24:00", b"2025-02-30", b"9999-12-31T23:59:59+14:00", b"0001-01-01T00:00:00Z", b"|", b"\\u0000", b"&#0;", b"\x1b",
)  # fmt: skip


def outcome(data: bytes) -> tuple[int, str]:
    """The exit status of an import, then of the check of what it wrote; and what it said against it."""
    with tempfile.TemporaryDirectory() as made:
        folder = str(Path(made) / "program")
        options = ("--to", folder, "--date", "2025-03-30", "--timezone", "Europe/Vienna")
        result = CliRunner().invoke(main, ["import", "-", *options], input=data)
        if result.exit_code == 0:
            return CliRunner().invoke(main, ["check", folder]).exit_code, ""
        assert isinstance(result.exception, SystemExit)
        return result.exit_code, result.stderr


def is_clear(found: tuple[int, str]) -> bool:
    """Whether a folder was written that is good, or one line says why not."""
    status, said = found
    return (status, said) == (0, "") or (status == 1 and said.startswith("agenda: -: ") and said.count("\n") == 1)


@given(st.binary(max_size=200))
@examples(60)
def test_any_bytes_give_a_good_folder_or_one_clear_line(data: bytes) -> None:
    """Law: whatever bytes come in, either a program or one clear error; no traceback."""
    assert is_clear(outcome(data))


@pytest.mark.parametrize("name", SMALL)
@given(data=st.data())
@examples(15, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_damaged_schedule_gives_a_good_folder_or_one_clear_line(
    fixtures_path: Path, name: str, data: st.DataObject
) -> None:
    """Law: as above, for real files with a few bytes changed, taken out or put in."""
    damaged = bytearray((fixtures_path / name).read_bytes()[:200_000])
    for _ in range(data.draw(st.integers(1, 12))):
        at = data.draw(st.integers(0, len(damaged)))
        damaged[at : at + data.draw(st.sampled_from((0, 0, 1, 4, 40)))] = data.draw(st.sampled_from(SCRAPS))
    found = outcome(bytes(damaged))
    assert is_clear(found), found
