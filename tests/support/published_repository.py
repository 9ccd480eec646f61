"""A git repository with what is in this checkout, committed or not, as if it were published: tests clone it."""

from __future__ import annotations

import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

from support.repository import ROOT

_AUTHOR = ("-c", "user.name=Tests", "-c", "user.email=tests@agenda.invalid", "-c", "init.defaultBranch=main")


@dataclass(frozen=True)
class PublishedRepository:
    """A repository in a folder."""

    folder: Path

    def release(self, name: str) -> str:
        """Commit all that is in the folder; returns the commit's hash."""
        _git(self.folder, "add", "--all")
        _git(self.folder, *_AUTHOR, "commit", "--quiet", "--allow-empty", "--message", name)
        return _git(self.folder, "rev-parse", "HEAD")


def publish_checkout(folder: Path) -> PublishedRepository:
    """Make a repository in a new folder of the files that git knows here, or would add."""
    listed = _git(ROOT, "ls-files", "--cached", "--others", "--exclude-standard", "-z", "--", ":!.venv")
    for name in filter(None, listed.split("\0")):
        source, target = ROOT / name, folder / name
        if source.is_file():
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(source, target)
    _git(folder, *_AUTHOR, "init", "--quiet")
    repository = PublishedRepository(folder)
    repository.release("The first release")
    return repository


def _git(folder: Path, *arguments: str) -> str:
    # The folder may belong to somebody else, as a checkout of continuous integration does.
    command = ("git", "-C", str(folder), "-c", f"safe.directory={folder}", *arguments)
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()
