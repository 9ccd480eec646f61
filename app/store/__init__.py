"""Revisions, stars, displays and sign-ins in a database, through SQLAlchemy Core."""
