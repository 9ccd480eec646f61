"""The conference day as frozen values and pure functions.

Nothing here reads a clock, a file, a database or a request: ``now`` is always an
argument. Imports: the standard library and pytz. Every datetime is aware and in UTC;
it is converted to venue time only for display.
"""
