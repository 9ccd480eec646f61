"""A bare Debian in a folder, made by debootstrap: for containers' base images and for machines with systemd."""

from __future__ import annotations

import fcntl
import os
import shutil
import subprocess
from pathlib import Path

SUITE = "bookworm"
MADE_WITHIN_SECONDS = 600
CERTIFICATES = Path("/etc/ssl/certs/ca-certificates.crt")


def why_no_debian() -> str | None:
    """Why a Debian cannot be made here; None where it can."""
    if os.getuid() != 0:
        return "needs root: debootstrap makes devices and sets owners"
    if shutil.which("debootstrap") is None:
        return "needs debootstrap: `.ci/tools acceptance` installs it"
    return None


def make_debian(shared: Path, folder: Path, *packages: str) -> Path:
    """Make a Debian with some packages in a new folder; returns it.

    ``shared`` is a folder in which an archive of it is kept, so that of several processes one makes it. The machine's
    certificates are in it, so that what is installed there trusts what this machine trusts.
    """
    archive = shared / f"{'-'.join((SUITE, *sorted(packages)))}.tar"
    with archive.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not archive.exists():
            _write_archive(archive, packages)
    folder.mkdir(parents=True)
    _run("tar", "--extract", "--numeric-owner", "--file", str(archive), "--directory", str(folder))
    return folder


def _write_archive(archive: Path, packages: tuple[str, ...]) -> None:
    root = archive.with_suffix(".root")
    shutil.rmtree(root, ignore_errors=True)
    include = ",".join(("ca-certificates", *packages))
    _run("debootstrap", "--variant=minbase", f"--include={include}", SUITE, str(root))
    if CERTIFICATES.exists():
        shutil.copy(CERTIFICATES, root / str(CERTIFICATES).lstrip("/"))
    unfinished = archive.with_suffix(".unfinished")
    _run("tar", "--create", "--numeric-owner", "--file", str(unfinished), "--directory", str(root), ".")
    shutil.rmtree(root)
    unfinished.rename(archive)


def _run(*command: str) -> None:
    done = subprocess.run(command, capture_output=True, text=True, timeout=MADE_WITHIN_SECONDS, check=False)
    if done.returncode:
        raise RuntimeError(f"{' '.join(command)}:\n{done.stdout[-2000:]}{done.stderr[-2000:]}")
