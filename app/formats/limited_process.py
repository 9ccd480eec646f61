"""Runs a file or a module of this service as a program in a process of its own, with limits on what it takes.

For libraries that cannot be interrupted and that abort their process, or take all memory, on some data; and for work
that may take long where others wait.
"""

from __future__ import annotations

import os
import resource
import runpy
import subprocess
import sys
import tempfile
from contextlib import suppress
from pathlib import Path

# The folder of the package.
SERVICE = Path(__file__).parents[2]
# What a Python outside of the system's folders may need to find its library; all else stays with this process.
ENVIRONMENT = ("LD_LIBRARY_PATH",)
# Linux: from -1000 to 1000; where memory is short the kernel ends the process with the most first (proc(5)).
OOM_SCORE, FIRST_TO_END = Path("/proc/self/oom_score_adj"), "1000"

# What `output_of` raises.
FAILURES = (OSError, subprocess.SubprocessError)


def output_of(
    program: str, data: bytes, *arguments: str, seconds: int, cpu_seconds: int, memory: int, output: int
) -> bytes:
    """What a program makes of the data on its standard input; raises one of `FAILURES` where it does not end well.

    The program is a file of this folder that imports no module of this service, or the full name of a module.
    ``seconds`` are those in all; ``memory`` and ``output`` are in bytes.
    """
    # Without the folder of this file among the places of modules: it has a `calendar` of its own.
    limits = (str(cpu_seconds), str(memory), str(output))
    command = (sys.executable, "-E", "-P", "-B", __file__, *limits, program, *arguments)
    environment = {name: os.environ[name] for name in ENVIRONMENT if name in os.environ}
    # The system limits a file's size, as it does not limit what comes through a pipe. Ctrl-C in a terminal goes to all
    # of a session, and would end the program as if its data were at fault.
    with tempfile.TemporaryFile() as file:
        subprocess.run(  # noqa: S603 - this service's own files
            command,
            input=data,
            stdout=file,
            stderr=subprocess.DEVNULL,
            env=environment,
            timeout=seconds,
            check=True,
            start_new_session=True,
        )
        file.seek(0)
        return file.read()


def main(cpu_seconds: str, memory: str, output: str, program: str, *arguments: str) -> None:
    """Run a program within limits; beyond them the system ends the process, before others where memory is short."""
    with suppress(OSError):
        OOM_SCORE.write_text(FIRST_TO_END)
    limits = {resource.RLIMIT_CORE: 0, resource.RLIMIT_CPU: int(cpu_seconds), resource.RLIMIT_FSIZE: int(output)}
    for name, most in limits.items():
        _limit(name, most)
    # macOS refuses a limit of the address space that is below what the system's own libraries take.
    with suppress(ValueError):
        _limit(resource.RLIMIT_AS, int(memory))
    sys.argv = [program, *arguments]
    if program.endswith(".py"):
        runpy.run_path(str(Path(__file__).with_name(program)), run_name="__main__")
    else:
        sys.path.insert(0, str(SERVICE))
        runpy.run_module(program, run_name="__main__")


def _limit(name: int, most: int) -> None:
    """Set a limit; one that a process of this sort has from the one that started it is never raised."""
    hard = resource.getrlimit(name)[1]
    least = most if hard == resource.RLIM_INFINITY else min(most, hard)
    resource.setrlimit(name, (least, least))


if __name__ == "__main__":
    main(*sys.argv[1:])
