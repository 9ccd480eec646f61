"""What our exports of the exchange formats and the reading of them agree on."""

from __future__ import annotations

# The name by which a file says that we wrote it.
GENERATOR = "codeml-agenda"
# Where a session for all rooms stands in a format in which each event has a room.
ROOM_FOR_ALL = "All rooms"
# The end of the path above a session's id, in its address.
TALKS = "/talks"
CANCELLED = "CANCELLED: "
