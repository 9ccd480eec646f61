"""What a user begins with: a repository with this checkout's files, and an environment without the tests' own."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

from support.repository import ROOT

INSTALLS_WITHIN_SECONDS = 300
# A checkout of continuous integration may belong to somebody else.
GIT = ("git", "-c", "user.name=Test", "-c", "user.email=test@example.org", "-c", "safe.directory=*")
# Of the settings that say where Python finds modules, and of those of the service, none is inherited.
NOT_INHERITED = ("PYTHONPATH", "PYTHONHOME", "VIRTUAL_ENV", "DATABASE_URL", "SECRET_KEY", "PORT", "WEB_CONCURRENCY")


def repository_of_checkout(folder: Path) -> Path:
    """A git repository with what git would keep of this checkout, as it is now, in one commit on `main`."""
    listed = git(ROOT, "ls-files", "-z", "--cached", "--others", "--exclude-standard")
    for name in listed.split("\0"):
        if name and (ROOT / name).is_file():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, folder / name)
    git(folder, "init", "--quiet", "--initial-branch", "main")
    commit(folder, "The service")
    return folder


def commit(folder: Path, message: str) -> str:
    """Commit all that is in a repository's folder; returns the commit's hash."""
    git(folder, "add", "--all")
    git(folder, "commit", "--quiet", "--allow-empty", "--message", message)
    return git(folder, "rev-parse", "HEAD").strip()


def git(folder: Path, *words: str | Path) -> str:
    """Run git in a folder; returns what it prints."""
    return subprocess.run([*GIT, *words], cwd=folder, check=True, capture_output=True, text=True).stdout


def environment(*path: Path, **settings: str) -> dict[str, str]:
    """The environment of somebody with these settings, and these folders of programs before the system's."""
    inherited = {
        name: value
        for name, value in os.environ.items()
        if name not in NOT_INHERITED and not name.startswith(("AGENDA_", "GIT_", "PYTEST_", "COV_"))
    }
    own = Path(sys.prefix)
    found = [one for one in os.environ["PATH"].split(os.pathsep) if not Path(one).is_relative_to(own)]
    names = {"GIT_AUTHOR_NAME": "Test", "GIT_AUTHOR_EMAIL": "test@example.org"}
    names |= {name.replace("AUTHOR", "COMMITTER"): value for name, value in names.items()}
    return {**inherited, **names, "PATH": os.pathsep.join([*map(str, path), *found]), **settings}


def empty_environment(folder: Path, *install: str | Path) -> Path:
    """A virtual environment with what pip installs by these words, and nothing else; its folder of programs."""
    subprocess.run([sys.executable, "-m", "venv", folder], check=True)
    programs = folder / "bin"
    if install:
        pip = [programs / "python", "-m", "pip", "install", "--quiet", *install]
        subprocess.run(pip, check=True, env=environment(), timeout=INSTALLS_WITHIN_SECONDS)
    return programs


def run(command: str, folder: Path, settings: dict[str, str]) -> str:
    """Run a line of a docs page by the shell; what it printed. A failure shows that too."""
    done = subprocess.run(
        ["sh", "-ec", command],
        cwd=folder,
        env=settings,
        capture_output=True,
        text=True,
        check=False,
        timeout=INSTALLS_WITHIN_SECONDS,
    )
    assert done.returncode == 0, f"{command}\n{done.stdout}{done.stderr}"
    return done.stdout
