"""The command line: every command teaches by its help, says what went wrong and what to do next.

Commands that touch cases are HTTP clients like anybody's; only those that start processes know settings and wiring.

Start here: `app.py`, the tree of commands; `commands/` about cases, `operations/` for who runs the system.
Not to be confused with: `api`, whose client it is.
"""

from onething.cli.app import main

__all__ = ["main"]
