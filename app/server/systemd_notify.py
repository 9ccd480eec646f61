"""Tells systemd when the service answers (sd_notify(3)); without systemd it does nothing."""

from __future__ import annotations

import os
import socket
from contextlib import suppress


def notify_ready() -> None:
    """Tell systemd that requests are answered from now on, where it has started this process."""
    address = os.environ.get("NOTIFY_SOCKET", "")
    if address:
        with suppress(OSError), socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as systemd:
            # A name that begins with "@" is one of the abstract names, which begin with a zero byte (unix(7)).
            systemd.connect(address.replace("@", "\0", 1) if address.startswith("@") else address)
            systemd.send(b"READY=1")
