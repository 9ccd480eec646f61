"""The API is what its description says: schemathesis tries it, on the running server and on Flask alone."""

from __future__ import annotations

import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

import pytest
from flask import Flask
from support.server_thread import served
from werkzeug.serving import make_server

Serve = Callable[[Flask], AbstractContextManager[str]]
# Beside what it makes up, it tries every example and every edge of every parameter.
EXAMPLES = "4"


@contextmanager
def served_by_flask(app: Flask) -> Iterator[str]:
    """As `flask run` does it."""
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.port}"
    finally:
        server.shutdown()
        thread.join()


@pytest.mark.process
@pytest.mark.parametrize(
    ("serve", "phases", "paths"),
    [
        (served, "examples,coverage", ()),
        pytest.param(served, "fuzzing,stateful", (), marks=pytest.mark.acceptance),
        # Flask has no streams.
        pytest.param(served_by_flask, "examples,fuzzing", ("--exclude-path", "/live"), marks=pytest.mark.acceptance),
    ],
)
def test_schemathesis_finds_nothing(
    app: Flask, tmp_path: Path, serve: Serve, phases: str, paths: tuple[str, ...]
) -> None:
    # A stream has no end that could be waited for.
    (tmp_path / "schemathesis.toml").write_text('[[operations]]\ninclude-path = "/live"\nrequest-timeout = 1\n')
    with serve(app) as url:
        options = [*paths, "--phases", phases, "--max-examples", EXAMPLES]
        options += ["--generation-deterministic", "--no-color"]
        command = [Path(sys.executable).with_name("schemathesis"), "run", f"{url}/api/openapi.json", *options]
        ran = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=120, check=False)
    assert "No issues found" in ran.stdout, ran.stdout + ran.stderr
    assert ran.returncode == 0
