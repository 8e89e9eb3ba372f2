"""What certificates of the packaged definitions say, made without a server: until when, by whom, in words."""

from datetime import UTC, datetime
from functools import partial
from typing import Any

from definitions.loader import load_catalog
from onething.domain.calendar.days import LOCAL
from onething.domain.kernel.state import CaseState, CaseStatus, Effect, EffectKind, ItemProgress, ItemState
from onething.security import codes
from onething.security.blind_index import BlindIndex
from onething.security.sealing import Sealer
from onething.security.signing import CertificateSigner
from onething.services.application import sealed_values
from onething.services.application.sealed_values import SealedValues
from onething.services.documents import certificates
from onething.store.tables.certificates import Certificate
from tests.support import people

AT = datetime(2026, 11, 21, 11, 0, tzinfo=UTC)
CASE_NO = "330100202611210000019"
KEY = f"{CASE_NO}/1/7.issue_certificates.1"


def issued(bundle: str, item: str, **values: Any) -> tuple[Certificate, dict[str, Any]]:
    catalog = load_catalog()
    stored_values = SealedValues(Sealer({"k1": bytes(32)}, "k1"), CASE_NO)
    applicant = stored_values.seal(sealed_values.APPLICANT, people.ZHAO.applicant)
    stored_values = SealedValues(stored_values.sealer, CASE_NO, {sealed_values.APPLICANT: applicant})
    state = CaseState(
        schema=1,
        status=CaseStatus.DECIDED,
        plan="0" * 64,
        calendar="0" * 64,
        submitted_at=AT,
        items={item: ItemProgress(state=ItemState.APPROVED, round=1)},
        effects=(Effect(id="7.approval", kind=EffectKind.APPROVAL, target=item),),
        data={},
    )
    definition = catalog.latest[bundle]
    signer = CertificateSigner(bytes(32))
    (made,) = certificates.certificates(
        stored_values,
        signer,
        definition,
        catalog.departments,
        state,
        AT,
        {item: values},
        {},
        {one.code: one.department for one in definition.items},
        partial(codes.ending, BlindIndex(bytes(32)), KEY, length=6),
    )
    name = sealed_values.certificate(made.number)
    return made, SealedValues(stored_values.sealer, CASE_NO, {name: made.body}).open(name)


def test_a_permit_is_valid_to_the_end_of_the_day_that_the_decision_names() -> None:
    _, content = issued("transport-business", "permit", permit_valid_until="2030-11-20")
    assert datetime.fromisoformat(content["valid_until"]) == datetime(2030, 11, 20, 23, 59, 59, tzinfo=LOCAL)


def test_what_names_no_end_is_valid_for_good() -> None:
    _, content = issued("transport-business", "licence", uscc="91330106MA2HYR5L3J")
    assert "valid_until" not in content


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


def test_only_decisions_that_had_to_come_before_are_shown() -> None:
    definition = load_catalog().latest["transport-business"]
    every = [[item.code for item in certificates.disclosed_items(definition, one.code)] for one in definition.items]
    assert ["licence", "permit", "vehicle-registration", "transport-certificate"] in every
    assert ["licence"] in every
