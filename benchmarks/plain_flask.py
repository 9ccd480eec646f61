"""The same page from a plain Flask view, behind the same server."""

from __future__ import annotations

import os
from pathlib import Path

import uvicorn
from a2wsgi import WSGIMiddleware
from flask import Flask, Response

from app.server.uvicorn_server import server_options

app = Flask(__name__)
page = (Path(os.environ["BENCH_FOLDER"]) / "page").read_bytes()


@app.get("/")
def day() -> Response:
    return Response(page, content_type="text/html; charset=utf-8")


@app.get("/healthz")
def alive() -> str:
    return "alive"


if __name__ == "__main__":
    uvicorn.run(
        WSGIMiddleware(app, workers=10),  # type: ignore[arg-type]  # Flask types the environment looser
        host="127.0.0.1",
        port=int(os.environ["PORT"]),
        log_level="error",
        **{**server_options(), "lifespan": "off"},
    )
