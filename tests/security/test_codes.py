"""Query codes: readable, typed in many ways, useless for another case."""

from hypothesis import given
from hypothesis import strategies as st

from onething.domain.base import READ_ALOUD
from onething.security.blind_index import BlindIndex
from onething.security.codes import QUERY_CODE_LENGTH, QueryCodes, new_query_code

codes = QueryCodes(BlindIndex(b"i" * 32))
issued = st.text(alphabet=READ_ALOUD, min_size=QUERY_CODE_LENGTH, max_size=QUERY_CODE_LENGTH)
CASE = "20261121000001"


def test_new_codes_are_unambiguous_and_do_not_repeat() -> None:
    made = [new_query_code() for _ in range(2000)]
    assert len(set(made)) == len(made)
    assert {len(code) for code in made} == {8}
    assert set("".join(made)) == set(READ_ALOUD)
    assert not set(READ_ALOUD) & set("ILOU")


LOOKALIKES = {"0": "0oO０", "1": "1iIlL１"}


@given(code=issued, data=st.data())
def test_a_code_is_known_however_it_is_typed(code: str, data: st.DataObject) -> None:
    typed = "".join(
        data.draw(st.sampled_from(LOOKALIKES.get(char, char + char.lower())))
        + data.draw(st.sampled_from(["", "-", " ", "–", "\u200b"]))
        for char in code
    )
    assert codes.matches(CASE, typed, codes.hash(CASE, code))


@given(code=issued, other=issued)
def test_another_code_does_not_match(code: str, other: str) -> None:
    assert codes.matches(CASE, other, codes.hash(CASE, code)) == (code == other)


@given(code=issued)
def test_a_code_opens_only_its_own_case_and_hashes_differ(code: str) -> None:
    assert not codes.matches("20261121000002", code, codes.hash(CASE, code))


@given(code=issued)
def test_another_key_gives_another_hash(code: str) -> None:
    assert QueryCodes(BlindIndex(b"j" * 32)).hash(CASE, code) != codes.hash(CASE, code)


@given(typed=st.text() | st.text(alphabet="\ud800\udfff\x00𠮷"))
def test_whatever_is_typed_gets_an_answer(typed: str) -> None:
    assert codes.matches(CASE, typed, bytes(32)) is False
