"""The stack that runs on this machine, for commands that were told of no other: said, never taken silently."""

from pathlib import Path
from typing import TYPE_CHECKING

from onething.cli.terminal.failures import CommandFailed
from onething.cli.terminal.output import console

if TYPE_CHECKING:
    from onething.embedded.local_stack import LocalStack


def running_here() -> "LocalStack | None":
    """Raises `CommandFailed` for who may not look."""
    from onething.embedded import local_stack  # only what needs it: programs and processes are behind it

    try:
        return local_stack.find()
    except OSError as closed:
        raise CommandFailed(
            f"数据目录 {usual_folder()} 是别的用户的，看不了（{closed.strerror}）："
            "请以启动它的用户运行，或用 ONETHING_DATA_DIR、--url 指明别的。"
        ) from None


def usual_folder() -> Path:
    from onething.embedded.folders import default_path

    return default_path()


def say_which(stack: "LocalStack", what: str) -> None:
    """On stderr, so that who reads the output has it unspoilt."""
    text = f"用本机正在运行的整套系统：{what}（数据目录 {stack.folder.path}）"
    console(stderr=True).print(text, style="dim", markup=False)
