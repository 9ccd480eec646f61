"""The folder of a frozen copy: nothing of somebody else's is written over."""

from __future__ import annotations

from pathlib import Path

from app.freezing.walking import MARK, CannotFreeze

# What publishing a folder puts there, and a copy leaves alone.
NOT_OURS = (".git", ".gitignore", ".nojekyll", "CNAME")


def is_copy(folder: Path) -> bool:
    """Whether a folder holds an earlier copy."""
    return (folder / MARK).is_file()


def refuse_foreign(folder: Path) -> None:
    """Refuse a folder with files that no freeze wrote."""
    if not folder.exists() or is_copy(folder):
        return
    others = sorted(path.name for path in folder.iterdir() if path.name not in NOT_OURS)
    if others:
        more = f" and {len(others) - 1} more" if len(others) > 1 else ""
        raise CannotFreeze(
            f"{folder} holds {others[0]}{more} and is no frozen copy; name another folder, or write there with --force"
        )
