"""`python -m tests.record [KIND …] [--missing] [--look]`: exit code 1 if `--look` finds that something would change."""

import argparse
import sys
from collections.abc import Sequence

from tests.record.book import Book
from tests.record.kinds import KINDS

_EXPLANATION = """\
Records anew what the tests compare today's code with, and says in sentences what changed. Look at `git diff` as
well: what is recorded is a promise to those who call the API, and to cases that are under way.

kinds:
{kinds}

Without a kind, all of them. A journal or history that only lacks what has a default, or differs only in moments and
run ids, stays as it is.
"""
_EXAMPLES = """\
examples:
  python -m tests.record                      everything
  python -m tests.record openapi golden       these two
  python -m tests.record histories --missing  new stories get their histories, all others stay: before a change of
                                              workflows/ while cases run (docs/changing-a-live-workflow.md)
  python -m tests.record --look               only says what would change; exit code 1 if anything would
"""


def parser() -> argparse.ArgumentParser:
    kinds = "\n".join(f"  {name:13} {kind.what}" for name, kind in KINDS.items())
    made = argparse.ArgumentParser(
        prog="python -m tests.record",
        description=_EXPLANATION.format(kinds=kinds),
        epilog=_EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    made.add_argument("kinds", nargs="*", metavar="KIND", help=f"one or more of: {', '.join(KINDS)}")
    made.add_argument("--missing", action="store_true", help="only what has no recording yet")
    made.add_argument("--look", action="store_true", help="write nothing, say what would change")
    return made


def main(arguments: Sequence[str] | None = None) -> int:
    made = parser()
    given = made.parse_args(arguments)
    if unknown := [name for name in given.kinds if name not in KINDS]:
        made.error(f"there is no {', '.join(unknown)}; there are {', '.join(KINDS)}")
    book = Book(missing_only=given.missing, look_only=given.look)
    for name in given.kinds or KINDS:
        KINDS[name].record(book)
    sys.stdout.write("\n".join(book.lines()) + "\n")
    return 1 if given.look and book.changes else 0


if __name__ == "__main__":
    sys.exit(main())
