"""What tests of pages start with: who is signed in to the console, and how a day changes."""

from __future__ import annotations

from functools import partial

import pytest
from flask import Flask
from support.console_browser import Console
from support.publishing import Publish, publish_noted

from app.store.sign_ins import SignIns
from app.web.running_service import Service


@pytest.fixture
def frank(app: Flask) -> Console:
    """A signed-in organizer."""
    return Console(app)


@pytest.fixture
def sign_ins(service: Service) -> SignIns:
    """The people, links and signed-in browsers in the service's database."""
    return SignIns(service.database)


@pytest.fixture
def publish(service: Service) -> Publish:
    """Publishes an edit with a note."""
    return partial(publish_noted, service)
