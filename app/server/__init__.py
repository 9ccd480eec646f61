"""The production server: stored responses, event streams, and limits on what a connection may cost."""
