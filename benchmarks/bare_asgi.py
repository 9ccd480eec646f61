"""The same page from an ASGI application that does nothing else: what the server itself can."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import uvicorn

from app.server.uvicorn_server import server_options

page = (Path(os.environ["BENCH_FOLDER"]) / "page").read_bytes()
HEADERS = [(b"content-type", b"text/html; charset=utf-8"), (b"content-length", str(len(page)).encode())]


async def app(_scope: Any, _receive: Any, send: Any) -> None:
    await send({"type": "http.response.start", "status": 200, "headers": HEADERS})
    await send({"type": "http.response.body", "body": page})


if __name__ == "__main__":
    uvicorn.run(
        app,
        host="127.0.0.1",
        port=int(os.environ["PORT"]),
        log_level="error",
        **{**server_options(), "lifespan": "off"},
    )
