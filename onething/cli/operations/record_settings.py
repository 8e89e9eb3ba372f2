"""Settings for what operators do on the record itself: those of the environment, or of the stack that runs here."""

from typing import TYPE_CHECKING

from onething.cli.client.this_machine import running_here, say_which, usual_folder
from onething.cli.terminal.failures import CommandFailed

if TYPE_CHECKING:
    from onething.settings import Settings


def record_settings() -> "Settings":
    """With an address of the database that a worker connects with. A stack of this machine is used where the
    environment names none, and said. Raises `CommandFailed` where there is neither."""
    from onething.settings import settings

    own = settings()
    if own.database_worker_url:
        return own
    stack = running_here()
    if stack is None:
        raise CommandFailed(
            "不知道是哪个数据库：没有设置 ONETHING_DATABASE_WORKER_URL，本机也没有正在运行的整套系统"
            f"（数据目录 {usual_folder()}）。\n"
            "下一步：本机的，先 onething up；自备数据库的，照 docs/operating.md 设置 ONETHING_DATABASE_WORKER_URL。"
        )
    try:
        found = stack.settings(own)
    except OSError as closed:
        raise CommandFailed(
            f"读不了整套系统的密钥 {stack.folder.secrets}（{closed.strerror}）：请以启动它的用户运行。"
        ) from None
    if not found.database_worker_url:
        raise CommandFailed(
            "本机正在运行的整套系统用的是外部数据库：请设置启动它时的 ONETHING_DATABASE_WORKER_URL，再运行一次。"
        )
    say_which(stack, f"PostgreSQL 127.0.0.1:{stack.state.ports['postgres']}")
    return found
