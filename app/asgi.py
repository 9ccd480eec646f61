"""The ASGI application for production: `uvicorn --factory app.asgi:from_environment` is what `agenda serve` runs."""

from __future__ import annotations

import os

from app import create_app
from app.logs import configure
from app.server.front_door import FrontDoor
from app.server.process_tuning import tune_interpreter
from app.server.uvicorn_server import prepare_process
from app.settings import Settings


def from_environment() -> FrontDoor:
    """The production application, configured by the environment."""
    settings = Settings.read(os.environ)
    configure(settings.log)
    prepare_process()
    front_door = FrontDoor(create_app(settings), settings.grip)
    tune_interpreter()
    return front_door
