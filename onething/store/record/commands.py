"""What an attempt reads before it does anything: whether its command is still wanted."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from onething.domain.engine.snapshot import CaseSnapshot, snapshot_of
from onething.domain.errors import FailureCode, NotAllowed
from onething.domain.kernel.commands import CommandKind, CommandStatus, idempotency_key
from onething.domain.kernel.sealed_name import SealedKind
from onething.domain.kernel.state import CaseState
from onething.store.connection.database import Transaction
from onething.store.connection.sql_files import load

_sql = load("record/commands")


@dataclass(frozen=True, slots=True)
class CommandStanding:
    """A command as it stands, with its case. Done: `snapshot` is the reply. Void: stop."""

    status: CommandStatus
    key: str  # that its effect carries, for good
    kind: str
    target: str
    region: str
    state: CaseState
    snapshot: CaseSnapshot
    sealed: dict[str, bytes] = field(repr=False)


async def standing(
    tx: Transaction, case_no: str, epoch: int, command_id: str, *, values: Sequence[SealedKind] = ()
) -> CommandStanding:
    """`values`: kinds of sealed values that are wanted with it. Raises NotAllowed COMMAND_VOID
    for a command of another epoch or not in the record, NEWER_STATE."""
    return (await standings(tx, case_no, epoch, [command_id], values=values))[command_id]


async def standings(
    tx: Transaction, case_no: str, epoch: int, command_ids: Sequence[str], *, values: Sequence[SealedKind] = ()
) -> dict[str, CommandStanding]:
    """Command id → how it stands; all of one moment, with the same values. Raises NotAllowed COMMAND_VOID as
    `standing` does."""
    rows = await tx.rows(_sql.get, case_no=case_no, ids=list(command_ids), value_kinds=list(values))
    if len(rows) != len(set(command_ids)) or rows[0]["epoch"] != epoch:
        raise NotAllowed(FailureCode.COMMAND_VOID, "该指令不属于当前记录，不再执行。")
    state = CaseState.from_json(rows[0]["state"])
    snapshot = snapshot_of(case_no, epoch, rows[0]["head_seq"], state)
    sealed = dict(zip(rows[0]["value_names"], rows[0]["value_bodies"], strict=True))
    return {
        row["id"]: CommandStanding(
            CommandStatus(row["status"]),
            idempotency_key(case_no, row["made_in"], row["id"]),
            row["kind"],
            row["target"],
            row["region"],
            state,
            snapshot,
            sealed,
        )
        for row in rows
    }


@dataclass(frozen=True, slots=True)
class CalledBack:
    """The command that a callback is about. `epoch` is the present one, which its outcome is recorded under."""

    status: CommandStatus
    target: str
    epoch: int
    state: CaseState


async def called_back(
    tx: Transaction, case_no: str, made_in: int, command_id: str, kind: CommandKind
) -> CalledBack | None:
    """Whatever has become of it; None if there never was one that the actor may see."""
    row = await tx.row(_sql.called_back, case_no=case_no, id=command_id, made_in=made_in, kind=kind)
    if row is None:
        return None
    return CalledBack(CommandStatus(row["status"]), row["target"], row["epoch"], CaseState.from_json(row["state"]))


async def key_of(tx: Transaction, case_no: str, command_id: str) -> str:
    """The key that a command's effect carried, whatever has become of it."""
    return idempotency_key(case_no, await tx.value(_sql.made_in, case_no=case_no, id=command_id), command_id)
