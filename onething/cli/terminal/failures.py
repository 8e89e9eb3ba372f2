"""How a command ends when it can't do what was asked: one Chinese message, what to do next, an exit code."""

from enum import IntEnum


class ExitCode(IntEnum):
    """Documented in `onething --help`."""

    OK = 0
    FAILED = 1
    USAGE = 2  # typer's own
    UNREACHABLE = 3
    REFUSED = 4
    INTERRUPTED = 130


class CommandFailed(Exception):
    """What to print on stderr (Chinese, with the remedy) and how to exit."""

    def __init__(self, message: str, exit_code: ExitCode = ExitCode.FAILED) -> None:
        super().__init__(message)
        self.message = message
        self.exit_code = exit_code
