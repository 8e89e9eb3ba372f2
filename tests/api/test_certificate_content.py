"""What certificates of the packaged definitions say, made without a server: until when, by whom, in words."""

from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from typing import Any

import pytest

from definitions.loader import load_catalog
from onething.domain.calendar.days import LOCAL
from onething.domain.identity import IdType
from onething.domain.kernel.certificate_no import CertificateNo
from onething.domain.kernel.state import ReissueWhy
from onething.domain.reissue.rules import ToMakeOut
from onething.security import codes
from onething.security.blind_index import BlindIndex
from onething.security.sealing import Sealer
from onething.security.signing import CertificateSigner
from onething.services.application import sealed_values
from onething.services.application.sealed_values import SealedValues
from onething.services.documents import certificates
from onething.services.documents.certificates import Bearer, CertificateContent, MadeOut
from onething.store.tables.certificates import Certificate
from tests.support import people

AT = datetime(2026, 11, 21, 11, 0, tzinfo=UTC)
CASE_NO = "330100202611210000019"
KEY = f"{CASE_NO}/1/7.issue_certificates.1"


def issued(
    bundle: str, item: str, *, before: CertificateContent | None = None, why: ReissueWhy | None = None, **values: Any
) -> tuple[Certificate, dict[str, Any]]:
    catalog = load_catalog()
    stored_values = SealedValues(Sealer({"k1": bytes(32)}, "k1"), CASE_NO)
    applicant = stored_values.seal(sealed_values.APPLICANT, people.ZHAO.applicant)
    stored_values = SealedValues(stored_values.sealer, CASE_NO, {sealed_values.APPLICANT: applicant})
    definition = catalog.latest[bundle]
    signer = CertificateSigner(bytes(32))
    outputs = tuple(
        one.id for it in definition.items if it.code == item for one in it.outputs if one.kind == "certificate"
    )
    department = {one.code: one.department for one in definition.items}[item]
    (made,) = certificates.certificates(
        stored_values,
        signer,
        definition,
        catalog.departments,
        {item: ToMakeOut(1 if before is None else before.edition + 1, outputs, why)},
        lambda _: MadeOut(values, Bearer(people.ZHAO.name, IdType.RESIDENT_ID, people.ZHAO.id_number), department),
        AT,
        {} if before is None else {CertificateNo.parse(before.number).nth: before},
        partial(codes.ending, BlindIndex(bytes(32)), KEY, length=6),
    )
    name = sealed_values.certificate(made.number)
    return made, SealedValues(stored_values.sealer, CASE_NO, {name: made.body}).open(name)


def test_a_permit_is_valid_to_the_end_of_the_day_that_the_decision_names() -> None:
    _, content = issued("transport-business", "permit", permit_valid_until="2030-11-20")
    assert datetime.fromisoformat(content["valid_until"]) == datetime(2030, 11, 20, 23, 59, 59, tzinfo=LOCAL)


def test_what_names_no_end_is_valid_for_good() -> None:
    _, content = issued("transport-business", "registration", uscc="91330106MA2HYR5L3J")
    assert "valid_until" not in content


def test_what_takes_the_place_of_another_says_so_and_lasts_no_longer(monkeypatch: pytest.MonkeyPatch) -> None:
    catalog = load_catalog()
    definition = catalog.latest["transport-business"]
    items = tuple(
        one.model_copy(update={"outputs": tuple(out.model_copy(update={"valid_years": 4}) for out in one.outputs)})
        for one in definition.items
    )
    lasting = replace(
        catalog, latest={**catalog.latest, "transport-business": definition.model_copy(update={"items": items})}
    )
    monkeypatch.setattr(f"{__name__}.load_catalog", lambda: lasting)
    _, first = issued("transport-business", "registration", uscc="91330106MA2HYR5L3J")
    assert datetime.fromisoformat(first["valid_until"]) == AT.replace(year=2030)
    earlier = CertificateContent.model_validate(first).model_copy(update={"valid_until": AT.replace(year=2028)})
    made, content = issued(
        "transport-business", "registration", before=earlier, why=ReissueWhy.LOST, uscc="91330106MA2HYR5L3J"
    )
    assert datetime.fromisoformat(content["valid_until"]) == AT.replace(year=2028)
    assert (content["replaces"], content["reissued"], content["edition"], made.edition) == (
        first["number"],
        "lost",
        2,
        2,
    )


def test_people_read_names_not_codes() -> None:
    _, content = issued("newborn", "household", child_sex="female")
    assert content["department"] == "公安局"
    assert content["fields"] == [{"label": "新生儿性别", "value": "女"}]


def test_the_row_repeats_what_was_signed_and_a_second_attempt_gives_the_same() -> None:
    one, content = issued("newborn", "household", child_sex="female")
    bundle, item, output = content["kind"].split(".")
    assert (bundle, item, output) == ("newborn", one.item, one.output)
    assert (content["number"], content["case_no"], content["issued_at"]) == (
        one.number,
        CASE_NO,
        AT.isoformat()[:-6] + "Z",
    )
    again, _ = issued("newborn", "household", child_sex="female")
    assert (again.number, again.signature) == (one.number, one.signature)
    assert one.number.startswith(CASE_NO)


def test_it_shows_what_was_decided_before_it() -> None:
    _, content = issued("enterprise-opening", "seal", uscc="91330106MA2HYR5L3J", seal_filing_no="330106-1")
    assert content["fields"] == [
        {"label": "统一社会信用代码", "value": "91330106MA2HYR5L3J"},
        {"label": "印章备案编号", "value": "330106-1"},
    ]


def test_decisions_that_had_to_come_before_count() -> None:
    definition = load_catalog().latest["transport-business"]
    every = [[item.code for item in certificates.disclosed_items(definition, one.code)] for one in definition.items]
    assert ["registration", "permit", "vehicle-registration", "transport-certificate"] in every
    assert ["registration"] in every


def test_what_an_earlier_item_corrects_of_the_application_is_shown_by_what_comes_after_it() -> None:
    """A later item that only comes after it (`after`) issues the name as it was put right."""
    definition = load_catalog().latest["newborn"]
    before = [one.code for one in certificates.disclosed_items(definition, "vaccination")]
    assert before == ["birth-certificate", "vaccination"]
