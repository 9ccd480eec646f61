"""iCalendar feeds (RFC 5545)."""
