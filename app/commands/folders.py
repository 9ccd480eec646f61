"""Program folders as commands write them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click


@contextmanager
def writing(folder: Path) -> Iterator[None]:
    """Where the system does not let a folder be written, one line says so and the status is 1."""
    try:
        yield
    except OSError as error:
        raise click.ClickException(f"{error.filename or folder}: {error.strerror or error}") from error
