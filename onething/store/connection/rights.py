"""Rights that no process may have: whoever opens a pool is refused with the SQL that takes them away."""

from typing import Any

from onething.store.connection.sql_files import load

TEMPORARY = load("connection/rights").temporary


class UnsafeRights(Exception):
    """What the login role may do would let a session's own objects take the place of the record's. For people."""


def refuse_temporary(row: Any) -> None:
    """`row`: of the query `TEMPORARY`. Raises UnsafeRights where temporary objects may be made.

    PostgreSQL looks for a table among a session's temporary ones first, unless it is told otherwise: what one caller
    leaves in a pooled session, the next would read and write. The right comes back with every copy and restore of a
    database, so it is looked for at each start and not only when the schema is installed.
    """
    if not row["held"]:
        return
    database = row["database"]
    raise UnsafeRights(
        f"数据库登录角色 {row['role']} 可以在 {database} 里建临时对象（TEMP），同名的临时表会顶替记录的表，"
        "所以没有启动。复制或恢复出来的库会重新带上这项权限。请以数据库属主执行下面一句，或重新运行 "
        "onething schema install，然后再启动：\n"
        f"  revoke temporary on database {database} from public, onething_api, onething_worker, onething_writer;\n"
        "属主和超级用户的这项权限收不掉：进程只能以 onething_api 或 onething_worker 登录。"
    )
