"""A copy of uvicorn whose inside is different, as that of a later version may be."""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Mapping
from pathlib import Path

import uvicorn

from support.repository import ROOT

# What the service knows of uvicorn's inside, by other names.
RENAMED = {
    "connections": "open_connections",
    "HttpToolsProtocol": "FastProtocol",
    "httptools_impl": "fast_impl",
    "ServerState": "State",
    "loaded_app": "application",
}


def environment_with(folder: Path, name: str) -> Mapping[str, str]:
    """The environment of a process that imports a copy in which one name is another everywhere."""
    copy = folder / "uvicorn"
    shutil.copytree(Path(uvicorn.__file__).parent, copy, ignore=shutil.ignore_patterns("__pycache__"))
    for file in copy.rglob("*.py"):
        file.write_text(re.sub(rf"\b{name}\b", RENAMED[name], file.read_text()))
        if file.stem == name:
            file.rename(file.with_stem(RENAMED[name]))
    return {**os.environ, "PYTHONPATH": f"{folder}:{ROOT}"}
