"""What nobody sees in a text: what is left out, what is refused, what people's names need and keep."""

import pytest
import unicodedata2
from hypothesis import given
from hypothesis import strategies as st

from onething.domain.characters import UnusableText, cleaned, is_blank, uncertain


@pytest.mark.parametrize("unseen", ["\u200b", "\ufeff", "\u2060", "\u00ad", "\u180e", "\u3164", "\uffa0", "\U000e0041"])
def test_what_shows_nothing_is_left_out(unseen: str) -> None:
    assert cleaned(f"张{unseen}三{unseen}") == "张三"
    assert cleaned(unseen) == ""


@pytest.mark.parametrize("turning", [*"\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"])
def test_what_turns_the_print_round_is_refused(turning: str) -> None:
    with pytest.raises(UnusableText, match=f"{ord(turning):04X}"):
        cleaned(f"营业{turning}执照")


@pytest.mark.parametrize(
    "char", ["\x00", "\x1b", "\x7f", "\x85", "\u2028", "\u2029", "\ud842", "\uffff", "\u0378", "\ufdd0"]
)
def test_what_is_no_character_is_refused(char: str) -> None:
    with pytest.raises(UnusableText):
        cleaned(f"甲{char}乙")


@pytest.mark.parametrize(
    "name",
    [
        "نرگس‌زاده",  # Persian: a non-joiner between the words of one name
        "ක්‍රිෂ්න",  # Sinhala: a joiner behind the virama
        "ᠰᠠᠷᠠ᠎ᠠ",  # Mongolian: the vowel separator
        "ᠪᠠᠭᠠ᠋",  # and a variation selector
        "葛\U000e0100城",  # the way in which an ideograph is written
        "阿依古丽·买买提",
        "䶮𠮷〇",
        "\U000313b5\U0002ebf0",  # Extensions H and I: not assigned in Python 3.11's own table
    ],
)
def test_names_keep_what_their_script_needs(name: str) -> None:
    assert cleaned(name) == name
    assert uncertain(name) == ()


@pytest.mark.parametrize(
    "text", ["张\u200d三", "A\u200cB", "三\u200d", "\u200dک", "ک\u200c", "三\ufe0f\ufe0f", " \ufe0f"]
)
def test_joiners_and_selectors_stay_nowhere_else(text: str) -> None:
    assert len(cleaned(text)) == len(text) - 1


def test_private_use_and_new_ideographs_stay_and_are_told() -> None:
    assert cleaned("\ue863三") == "\ue863三"
    assert uncertain("\ue863三\ue863\U000f0001") == ("\ue863", "\U000f0001")
    newest = "\U0003fffd"
    assert unicodedata2.category(newest) == "Cn", "take one that has no character yet"
    assert cleaned(newest) == newest
    assert uncertain(newest) == (newest,)


@pytest.mark.parametrize("text", ["", " ", "\u3000\t\n", "\u2800", "\u200b\u2060", "\u3164", "\u0301", "\u202f\ufe0f"])
def test_blank_is_what_nobody_sees(text: str) -> None:
    assert is_blank(text)


@pytest.mark.parametrize("text", ["0", "。", "\ue863", "e\u0301", "한", "🏠"])
def test_what_somebody_sees_is_not_blank(text: str) -> None:
    assert not is_blank(text)


@given(st.text(alphabet=st.characters()))
def test_cleaning_is_stable_and_never_adds(text: str) -> None:
    try:
        once = cleaned(text)
    except UnusableText:
        return
    assert cleaned(once) == once
    remaining = iter(text)
    assert all(char in remaining for char in once)


def test_our_table_is_newer_than_pythons() -> None:
    assert int(unicodedata2.unidata_version.split(".")[0]) >= 16
