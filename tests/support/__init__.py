"""Helpers of tests: one topic a file."""
