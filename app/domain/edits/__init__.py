"""Edits of the program as values, their previews, and suggestions where they would clash."""
