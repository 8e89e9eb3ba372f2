"""The owner of the database changes what it likes: no certificate says another thing for it, none lives again, and each
such certificate that somebody looks at is an alarm."""

from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import product
from typing import Any

import pytest

from onething.domain.base import READ_ALOUD
from onething.domain.identity import IdType
from onething.security import codes
from onething.security.alarms import CertificateFault
from onething.security.blind_index import BlindIndex
from onething.security.signing import CertificateSigner
from onething.services import command_gateway
from onething.services.application import sealed_values
from onething.store.tables.certificates import Certificate
from tests.api import acts
from tests.api.conftest import TownBy, key
from tests.api.lawful import with_a_lease_that_may_be_promised, with_a_licence_of_the_register
from tests.api.test_licences import FIRST, _search, _with
from tests.api.test_metrics import scraped
from tests.api.test_revocation import REVOKE, broken
from tests.api.town import Town
from tests.support import people

OTHER_CASE = "(select case_no from cases c where c.case_no <> certificates.case_no and status = 'closed' limit 1)"
MUTATIONS = {
    "number": "left(number, -6) || 'ABCDEF'",
    "case_no": OTHER_CASE,
    "item": "'tax'",
    "output": "'other'",
    "edition": "2",
    "bundle": "'newborn'",
    "kind": "'newborn.household.booklet'",
    "holder": "substring(sha256('somebody else') for 16)",
    "issued_at": "issued_at + interval '1 microsecond'",
    "signature": "set_byte(signature, 20, get_byte(signature, 20) # 1)",
    "body": "set_byte(body, octet_length(body) - 20, get_byte(body, octet_length(body) - 20) # 1)",
}
"""Column → another value."""


@dataclass(frozen=True)
class Place:
    """A town with a closed case and one of its licences, and what was shown of it while all was well."""

    town: Town
    case_no: str
    number: str
    shown: dict[str, Any]

    async def verified(self, number: str = "") -> dict[str, Any]:
        answer = await self.town.get(None, f"/api/certificates/{number or self.number}/verify")
        assert answer.status_code == 200, answer.text
        told: dict[str, Any] = answer.json()
        return told

    async def alarms(self) -> float:
        return sum(times for name, times in (await scraped(self.town)).items() if "certificate_alarms" in name)

    async def looked_at_everywhere(self) -> dict[str, bool]:
        """Where it is shown → whether it is shown there as good."""
        documents = (await self.town.get("citizen", f"/api/cases/{self.case_no}/documents")).json()["items"]
        licences = (await _search(self.town, "citizen")).json()["items"]
        used = await self.town.post("citizen", "/api/cases", _with(self.number))
        return {
            "verify": (await self.verified())["valid"],
            "documents": any(one["genuine"] for one in documents if one["number"] == self.number),
            "search": any(one["state"] == "valid" for one in licences if one["number"] == self.number),
            "use": used.status_code == 201,
        }


@pytest.fixture
async def place(town_by: TownBy) -> AsyncIterator[Place]:
    async with town_by(with_a_licence_of_the_register) as town:
        await acts.closed(town)
        case_no = await acts.closed(town, uscc=FIRST)
        number = acts.certificate_no(town, case_no)
        shown = (await town.get(None, f"/api/certificates/{number}/verify")).json()
        yield Place(town, case_no, number, shown)


@contextmanager
def without_triggers(town: Town, table: str) -> Iterator[None]:
    town.change(f"alter table {table} disable trigger all")
    yield
    town.change(f"alter table {table} enable trigger all")


def columns(town: Town) -> set[str]:
    found = town.rows("select column_name from information_schema.columns where table_name = 'certificates'")
    return {name for (name,) in found}


async def test_every_column_of_a_certificate(place: Place, caplog: pytest.LogCaptureFixture) -> None:
    town, number = place.town, place.number
    assert columns(town) == MUTATIONS.keys(), "a new column: say here how somebody would change it"
    town.change("alter table certificates alter column kind drop expression")
    town.change("alter table certificates drop constraint certificates_case_no_item_output_edition_key")
    good = dict.fromkeys(("verify", "documents", "search", "use"), True)
    assert await place.looked_at_everywhere() == good
    assert await place.alarms() == 0
    for column, value in MUTATIONS.items():
        ((before,),) = town.rows(f"select {column} from certificates where number = %s", number)
        ((now,),) = town.rows(f"update certificates set {column} = {value} where number = %s returning number", number)
        before_alarms = await place.alarms()
        shown_as_good = {where for where, as_good in (await place.looked_at_everywhere()).items() if as_good}
        assert shown_as_good == set(), column
        told = await place.verified()
        assert told == {"number": number, "genuine": False, "valid": False, "revoked": False}, column
        assert await place.alarms() >= before_alarms + 3, column
        town.change(f"update certificates set {column} = %s where number = %s", before, now)
        assert await place.verified() == place.shown, column
    lines = [record for record in caplog.records if record.message == "certificate is not genuine"]
    assert {record.__dict__["case_no"] for record in lines} == {place.case_no}
    named = {
        record.__dict__["column"] for record in lines if record.__dict__["found"] == CertificateFault.COLUMN_DIFFERS
    }
    assert named >= {"item", "output", "bundle", "kind", "holder", "issued_at"}
    assert number not in str([record.__dict__ for record in lines])


async def test_a_licence_made_over_to_another_is_found_by_them_and_no_good(place: Place) -> None:
    town, number = place.town, place.number
    town.change(
        "update certificates set holder = %s where number = %s",
        town.context.index.of_identity(IdType.RESIDENT_ID, people.LI.id_number),
        number,
    )
    assert number not in str((await _search(town, "citizen")).json())
    (found,) = (await _search(town, "citizen2", id_number=people.LI.id_number)).json()["items"]
    assert found == {"number": number, "state": "not_genuine", "verify": f"/api/certificates/{number}/verify"}


async def test_the_content_of_another_certificate(place: Place) -> None:
    """Of the same case, and of another one's same item; sealed and signed as it should be, only elsewhere."""
    town, number = place.town, place.number
    for other in town.rows("select number from certificates where number <> %s", number):
        saved = town.rows("select body, signature from certificates where number = %s", number)[0]
        town.change(
            "update certificates c set body = o.body, signature = o.signature from certificates o"
            " where c.number = %s and o.number = %s", number, *other
        )  # fmt: skip
        assert (await place.verified())["genuine"] is False
        assert not any((await place.looked_at_everywhere()).values())
        town.change("update certificates set body = %s, signature = %s where number = %s", *saved, number)
    assert await place.verified() == place.shown


async def test_a_row_that_was_taken_away(place: Place) -> None:
    town, number = place.town, place.number
    town.change("delete from certificates where number = %s", number)
    assert await place.verified() == {"number": number, "genuine": False, "valid": False, "revoked": False}
    assert not any((await place.looked_at_everywhere()).values())
    documents = (await town.get("citizen", f"/api/cases/{place.case_no}/documents")).json()["items"]
    assert [one["genuine"] for one in documents] == [False, True]
    assert town.context.alarms.certificates[CertificateFault.ROW_GONE] >= 3


async def test_a_row_that_nobody_issued(place: Place) -> None:
    """Signed and sealed with our own keys, as by who has stolen them: the journal knows nothing of it."""
    town, number, context = place.town, place.number, place.town.context
    forged = f"{number[:-6]}ABCDEF"
    ((body,),) = town.rows("select body from certificates where number = %s", number)
    name, other = sealed_values.certificate(number), sealed_values.certificate(forged)
    content = context.values(place.case_no, {name: bytes(body)}).open(name) | {"number": forged}
    signature = CertificateSigner.from_setting(key("c")).sign(content)
    town.change("alter table certificates drop constraint certificates_case_no_item_output_edition_key")
    town.change(
        "insert into certificates (number, case_no, item, output, edition, issued_at, signature, body)"
        " select %s, case_no, item, output, edition, issued_at, %s, %s from certificates where number = %s",
        forged, bytes.fromhex(signature.key_id) + signature.value, context.values(place.case_no).seal(other, content),
        number,
    )  # fmt: skip
    assert await place.verified(forged) == {"number": forged, "genuine": False, "valid": False, "revoked": False}
    assert context.alarms.certificates[CertificateFault.NEVER_ISSUED] == 1
    documents = (await town.get("citizen", f"/api/cases/{place.case_no}/documents")).json()["items"]
    assert {one["number"]: one["genuine"] for one in documents}[forged] is False


@pytest.fixture
async def revoked(town_by: TownBy) -> AsyncIterator[Place]:
    async with town_by(with_a_lease_that_may_be_promised) as town:
        case_no = await broken(town)
        number = acts.certificate_no(town, case_no)
        answer = await town.post("officer.amr", f"/api/tasks/{case_no}-registration.revoke-1/revoke", REVOKE)
        assert answer.status_code == 200, answer.text
        shown = (await town.get(None, f"/api/certificates/{number}/verify")).json()
        assert (shown["genuine"], shown["valid"], shown["revoked_at"]) == (True, False, answer.json()["at"])
        yield Place(town, case_no, number, shown)


REVIVALS = [
    "delete from journal where kind = 'revocation_decided'",
    """update journal set line = replace(line, '"revoke":true', '"revoke":false') where kind = 'revocation_decided'""",
    """update journal set line = replace(line, '"item":"registration"', '"item":"seal"')
       where kind = 'revocation_decided'""",
    "update cases set head_seq = head_seq - 1",
]


@pytest.mark.parametrize("statement", REVIVALS)
async def test_what_was_revoked_does_not_live_again_by_the_journal(revoked: Place, statement: str) -> None:
    with without_triggers(revoked.town, "journal"):
        revoked.town.change(statement)
    told = await revoked.verified()
    assert (told["genuine"], told["valid"]) == (False, False)
    assert revoked.town.context.alarms.certificates[CertificateFault.CHAIN_BROKEN] == 1


async def test_columns_of_the_journal_say_nothing(revoked: Place) -> None:
    """They are made from the line, until the owner says otherwise; the line is what counts."""
    town = revoked.town
    for column, value in (("kind", "'rated'"), ("event", "'{}'::jsonb"), ("at", "now()"), ("hash", "''::bytea")):
        town.change(f"alter table journal alter column {column} drop expression")
        with without_triggers(town, "journal"):
            town.change(f"update journal set {column} = {value} where line like '%%revocation_decided%%'")
        assert await revoked.verified() == revoked.shown, column


async def test_a_row_put_back(revoked: Place) -> None:
    """As it was before the approval was taken back."""
    town, number = revoked.town, revoked.number
    town.change(
        "create table saved as"
        " select number, case_no, item, output, edition, issued_at, signature, body from certificates"
    )
    town.change("delete from certificates where number = %s", number)
    assert (await revoked.verified())["genuine"] is False
    town.change(
        "insert into certificates (number, case_no, item, output, edition, issued_at, signature, body)"
        " select * from saved where number = %s", number
    )  # fmt: skip
    assert await revoked.verified() == revoked.shown


async def test_a_number_ends_in_what_nobody_can_guess_and_is_the_same_when_tried_again(fresh_town: Town) -> None:
    town, tried = fresh_town, list[Certificate]()

    def fail(_: object, one: Certificate) -> None:
        tried.append(one)
        raise RuntimeError("before the commit")

    case_no = await acts.decided(town)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(command_gateway.certificates, "issue", fail)
        for _ in range(2):
            with pytest.raises(RuntimeError):
                await town.finish(case_no)
    await town.finish(case_no)
    number = acts.certificate_no(town, case_no)
    assert [one.number for one in tried] == [number, number]
    endings = {acts.certificate_no(town, await acts.closed(town))[-6:] for _ in range(3)} | {number[-6:]}
    assert len(endings) == 4
    assert (await town.get(None, f"/api/certificates/{number[:-6]}ABCDEF/verify")).status_code == 404
    for typed in (number.lower(), f"{number[:-6]}-{number[-6:]}", number.replace("0", "O")):
        assert (await town.get(None, f"/api/certificates/{typed}/verify")).json()["number"] == number


def test_endings_follow_from_key_and_output_and_from_a_secret() -> None:
    one, another = BlindIndex(b"a" * 32), BlindIndex(b"b" * 32)
    told = product((one, another), ("c/1/7.x.1", "c/2/7.x.1"), ("a.b", "a.c"))
    made = {codes.ending(index, command, what, 6) for index, command, what in told}
    assert len(made) == 8
    assert codes.ending(one, "c/1/7.x.1", "a.b", 6) in made
    many = "".join(codes.ending(one, str(n), "a.b", 6) for n in range(500))
    assert set(many) == set(READ_ALOUD)
