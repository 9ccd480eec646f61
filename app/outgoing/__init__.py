"""Calls to other hosts: which addresses may be called, and how one is fetched within limits."""
