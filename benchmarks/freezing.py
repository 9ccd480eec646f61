"""What a frozen copy costs: the first time, with nothing changed, and after an edit.

`python -m benchmarks.freezing [SCHEDULE]` prints JSON; without a file of a schedule a made-up program is frozen.
"""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from app.formats.program_folder.reader import read_program
from app.formats.program_folder.writer import write_program
from benchmarks.programs import program_of

SESSIONS = 872
PUBLIC = "https://conference.example/agenda"
ZONE = "Europe/Brussels"


def measure(schedule: Path | None = None, sessions: int = SESSIONS) -> dict[str, Any]:
    """Each freeze as a command of its own, from its start to its end, on as many cores as there are.

    Seconds are those of a clock, and those of all processors together.
    """
    with TemporaryDirectory() as folder:
        program = Path(folder) / "program"
        environment = {
            **os.environ,
            "AGENDA_PROGRAM": str(program),
            "DATABASE_URL": f"sqlite:///{folder}/agenda.sqlite",
            "AGENDA_PUBLIC_URL": PUBLIC,
        }
        if schedule is None:
            write_program(program_of(sessions), program)
        else:
            _agenda(environment, "import", str(schedule), "--to", str(program), "--timezone", ZONE)
        _publish(environment)
        copy, session = Path(folder) / "copy", read_program(program).sessions[0].id
        found = {"first": _freeze(environment, copy), "nothing changed": _freeze(environment, copy)}
        _agenda(environment, "edit", session, "--title", "What was measured")
        found["after an edit"] = _freeze(environment, copy)
        return {"sessions": len(read_program(program).sessions), "files": _files(copy), **found}


def _freeze(environment: Mapping[str, str], copy: Path) -> dict[str, float]:
    began, before = time.monotonic(), resource.getrusage(resource.RUSAGE_CHILDREN)
    _agenda(environment, "freeze", str(copy))
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    spent = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return {"seconds": round(time.monotonic() - began, 2), "processor_seconds": round(spent, 2)}


def _agenda(environment: Mapping[str, str], *words: str) -> None:
    command = [sys.executable, "-m", "app", *words]
    subprocess.run(command, env=environment, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def _publish(environment: Mapping[str, str]) -> None:
    """Publish the folder as a service does at its start."""
    script = (
        "import os; from app.service_factory import open_service; from app.settings import Settings;"
        " open_service(Settings.read(os.environ)).close()"
    )
    subprocess.run([sys.executable, "-c", script], env=environment, check=True)


def _files(copy: Path) -> int:
    return sum(path.is_file() for path in copy.rglob("*"))


if __name__ == "__main__":
    print(json.dumps(measure(Path(sys.argv[1]) if len(sys.argv) > 1 else None), indent=1))
