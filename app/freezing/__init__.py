"""A frozen copy: the whole edition as files that any static host serves."""
