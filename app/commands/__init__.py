"""The commands of `agenda`, one topic a file."""
