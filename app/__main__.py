"""`python -m app` is `agenda`."""

from app.cli import main

main(prog_name="agenda")
