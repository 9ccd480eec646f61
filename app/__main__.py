"""`python -m app` is `agenda`."""

import sys

# As a shell says of a command that SIGINT ended.
INTERRUPTED = 130


def run() -> None:
    """Run the command; an interrupt leaves no traceback, also while it still loads."""
    try:
        from app.cli import main  # noqa: PLC0415 - loading takes a second

        main(prog_name="agenda")
    except KeyboardInterrupt:
        sys.exit(INTERRUPTED)


if __name__ == "__main__":
    run()
