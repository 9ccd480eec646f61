"""Who signs in to the console, and the sign-ins that there are."""

from __future__ import annotations

import pytest
from flask import Flask
from support.console_browser import Console

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
