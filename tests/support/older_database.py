"""A database as version 0.1.0 of the program wrote it, at the end of a small day: `tests/store/databases/0.1.0.sql`.

Its own code made it, on the commit before the change log's first line after 0.1.0, with the clock of the workshop's
day: at 08:40 the first program was published, Ada signed in by a link, Grace, who chairs the room, got one, a reader
starred two talks, and a display reported; then came, from the terminal, a delay, an announcement, a cancellation,
its undo and another cancellation, and at 10:40 from Ada's console a title.
"""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, MetaData, create_engine, event, insert, select
from sqlalchemy.pool import StaticPool

from app.store.database import connect
from support.repository import ROOT

SQL = ROOT / "tests" / "store" / "databases" / "0.1.0.sql"
# What the people of that day have: the browser of Ada, the chair and the reader.
ADAS_SIGN_IN = "3T1aK0P06TFnlP73xMkcLU09oQzmLRJnJ44MP3li-Kg"
GRACES_LINK = "JLfrBY7nFkqc4bRDmXLGbm0vJgH5MXpLUotFdDljQFI"
USED_LINK = "sCaewyzaK8aHXoz8_3y6EU31HNzrSnBSVc2irHdUHGg"
STAR_KEY = "6BK2EalJ4EG_zg-7-2FqVwz12xiXcff465JsRFc2zos"
CALENDAR_KEY = "9V-Cheg_LNCgLegt9U1hcg"
IDENTITY = "a040a5dd"


def older_file(path: Path) -> Path:
    """Write it as the SQLite file that it was."""
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA journal_mode=WAL")
        connection.executescript(SQL.read_text())
    return path


def older_database(url: str) -> str:
    """Put it at an address, SQLite's or PostgreSQL's; returns the address."""
    with closing(connect(url)) as database:
        if database.is_sqlite:
            older_file(Path(database.place))
        else:
            _copy(_in_memory(), database.engine)
    return url


def _in_memory() -> Engine:
    engine = create_engine("sqlite://", poolclass=StaticPool)
    with closing(engine.raw_connection()) as connection:
        connection.cursor().executescript(SQL.read_text())
    return engine


def _copy(source: Engine, target: Engine) -> None:
    """Copy tables as they are, whatever this program's own are."""
    tables = MetaData()
    event.listen(tables, "column_reflect", _take_general_type)
    tables.reflect(source)
    with source.connect() as reading, target.begin() as writing:
        tables.create_all(writing)
        for table in tables.sorted_tables:
            rows = [dict(row) for row in reading.execute(select(table)).mappings()]
            writing.execute(insert(table), rows)


def _take_general_type(_inspector: Any, _table: Any, column: dict[str, Any]) -> None:
    column["type"] = column["type"].as_generic()
