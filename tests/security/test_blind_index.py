"""The blind index: one value however a number is written, another for every other number, key and purpose."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onething.domain.identity import IdType
from onething.security.blind_index import INDEX_BYTES, BlindIndex

index = BlindIndex(b"i" * 32)
other_key = BlindIndex(b"j" * 32)
RESIDENT = IdType.RESIDENT_ID

FULL_WIDTH = str.maketrans("0123456789Xx", "０１２３４５６７８９Ｘｘ")
numbers = st.from_regex(r"[0-9]{17}[0-9X]", fullmatch=True)


@st.composite
def ways_of_writing(draw: st.DrawFn, number: str) -> str:
    separators = st.text(alphabet=" -\u3000\t－—–\u00a0\u200b\u2212", max_size=2)
    written = "".join(char + draw(separators) for char in number)
    if draw(st.booleans()):
        written = written.lower()
    return draw(separators) + (written.translate(FULL_WIDTH) if draw(st.booleans()) else written)


@given(number=numbers, data=st.data())
def test_every_way_of_writing_a_number_finds_it(number: str, data: st.DataObject) -> None:
    assert index.of_identity(RESIDENT, data.draw(ways_of_writing(number))) == index.of_identity(RESIDENT, number)


@given(first=numbers, second=numbers)
def test_different_numbers_differ(first: str, second: str) -> None:
    assert (index.of_identity(RESIDENT, first) == index.of_identity(RESIDENT, second)) == (first == second)


@given(number=numbers)
def test_different_keys_differ(number: str) -> None:
    assert index.of_identity(RESIDENT, number) != other_key.of_identity(RESIDENT, number)
    assert index.digest("name", number) != other_key.digest("name", number)


@pytest.mark.parametrize(
    ("short", "long"),
    [("110105491231002", "11010519491231002X"), ("360426910101007", "360426199101010071")],
)
def test_an_old_15_digit_id_finds_the_18_digit_one(short: str, long: str) -> None:
    assert index.of_identity(RESIDENT, short.translate(FULL_WIDTH)) == index.of_identity(RESIDENT, long.lower())


@pytest.mark.parametrize("number", ["330102991399001", "110105491231999"])
def test_what_is_no_old_id_stays_itself(number: str) -> None:
    """A date that there is not; a serial set aside for centenarians."""
    as_if = f"{number[:6]}19{number[6:]}"
    assert all(index.of_identity(RESIDENT, number) != index.of_identity(RESIDENT, as_if + end) for end in "0123456789X")


@given(number=st.from_regex(r"[A-Z0-9]{8,18}", fullmatch=True))
def test_a_number_of_one_kind_is_not_that_of_another(number: str) -> None:
    series = [kind for kind in IdType if kind is not IdType.HMT_RESIDENCE_PERMIT]  # shows citizens' numbers
    assert len({index.of_identity(kind, number) for kind in series}) == len(series)


def test_nothing_to_index_is_refused() -> None:
    for empty in ("", "  ", "　-"):
        with pytest.raises(ValueError, match="empty"):
            index.of_identity(RESIDENT, empty)


@given(text=st.text())
def test_purposes_are_separate(text: str) -> None:
    assert index.digest("identity", text) != index.digest("name", text)
    assert index.mac("a", "b" + text) != index.mac("ab", text)


def test_digests_are_exact_and_indexes_short() -> None:
    assert index.digest("name", "é") != index.digest("name", "e\u0301")
    assert len(index.digest("name", "䶮")) == 64
    assert len(index.of_identity(RESIDENT, "11010519491231002X")) == INDEX_BYTES


def test_a_short_key_is_refused() -> None:
    with pytest.raises(ValueError, match="5 bytes"):
        BlindIndex(b"short")
    with pytest.raises(ValueError, match="5 bytes"):
        BlindIndex.from_setting("c2hvcnQ=")
