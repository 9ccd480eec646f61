"""Displays that report to a service."""

from __future__ import annotations

from flask.testing import FlaskClient
from werkzeug.test import TestResponse


class Screen:
    """A display, which has asked for its token; its id is the token's signed part."""

    def __init__(self, client: FlaskClient) -> None:
        self.client = client
        self.token: str = client.post("/display/token").get_json()["token"]
        self.id = self.token.partition(".")[0]

    def report(self, said: object) -> TestResponse:
        """Say what it shows."""
        return self.client.post("/display/report", json=said, headers={"Authorization": f"Bearer {self.token}"})
