"""What a process may use of its machine."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.server import process_tuning
from app.server.process_tuning import memory_megabytes


@pytest.fixture
def machine_megabytes(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> int:
    """The memory of a machine whose groups the folder `groups` describes, by files as Linux has them."""
    monkeypatch.setattr(process_tuning, "CONTROL_GROUPS", tmp_path / "cgroup")
    files = {controllers: (tmp_path / "groups", file) for controllers, (_, file) in process_tuning.LIMIT_FILES.items()}
    monkeypatch.setattr(process_tuning, "LIMIT_FILES", files)
    megabytes = memory_megabytes()
    assert megabytes is not None
    return megabytes


@pytest.mark.parametrize(
    ("line", "file"),
    [
        pytest.param("0::/system.slice/agenda.service", "system.slice/agenda.service/memory.max", id="version 2"),
        pytest.param("7:memory:/agenda", "agenda/memory.limit_in_bytes", id="version 1"),
        pytest.param("0::/", "memory.max", id="a container"),
        pytest.param("7:memory:/machine/agenda", "memory.limit_in_bytes", id="a container that sees the host's names"),
    ],
)
@pytest.mark.usefixtures("machine_megabytes")
def test_the_limit_of_a_control_group_counts(tmp_path: Path, line: str, file: str) -> None:
    (tmp_path / "cgroup").write_text(f"3:pids:/\n{line}\n")
    limit = tmp_path / "groups" / file
    limit.parent.mkdir(parents=True)
    limit.write_text("64000000\n")
    assert memory_megabytes() == 64


@pytest.mark.parametrize("limit", ["max", "9223372036854771712", ""])
def test_a_group_without_a_limit_may_use_the_machines_memory(
    tmp_path: Path, machine_megabytes: int, limit: str
) -> None:
    (tmp_path / "cgroup").write_text("0::/\n")
    (tmp_path / "groups").mkdir()
    (tmp_path / "groups" / "memory.max").write_text(limit)
    assert memory_megabytes() == machine_megabytes
