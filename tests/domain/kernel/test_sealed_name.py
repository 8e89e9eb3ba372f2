"""What sealed values are called: one text for each, and nothing else is one."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onething.domain.base import CODE
from onething.domain.kernel import certificate_no
from onething.domain.kernel.sealed_name import SealedKind, SealedName
from onething.services.application import sealed_values

codes = st.from_regex(CODE, fullmatch=True).filter(lambda code: len(code) <= 60)
numbers = st.integers(1, 10**9)
MADE = [
    st.builds(sealed_values.opinion, codes, numbers),
    st.builds(sealed_values.question, codes, numbers, numbers),
    st.builds(sealed_values.consult_opinion, codes, numbers, numbers),
    st.builds(sealed_values.conclusion, codes, numbers),
    st.builds(sealed_values.outputs, codes, numbers),
    st.builds(sealed_values.sent_back, codes, numbers),
    st.builds(sealed_values.finding, codes),
    st.builds(sealed_values.record, codes),
    st.builds(sealed_values.late_record, codes),
    st.builds(sealed_values.revocation, codes, numbers),
    st.builds(sealed_values.resolved, codes, numbers),
    st.builds(sealed_values.looked, codes, numbers),
    st.builds(sealed_values.file, codes, st.text("0123456789abcdef", min_size=64, max_size=64)),
    st.builds(sealed_values.certificate, st.from_regex(certificate_no.PATTERN, fullmatch=True)),
    st.builds(sealed_values.new_notice),
    st.builds(sealed_values.new_supervision),
    st.sampled_from([one for one in vars(sealed_values).values() if isinstance(one, SealedName)]),
]
names = st.one_of(MADE)


@given(names)
def test_what_is_written_is_read_again_with_its_kind(name: SealedName) -> None:
    text = str(name)
    assert type(text) is str
    again = SealedName.parse(text)
    assert (again, again.kind) == (name, name.kind)


@given(st.one_of(st.text(), names.flatmap(lambda one: st.sampled_from([f"{one}:", f"{one} ", f":{one}", f"{one}\n"]))))
def test_nothing_else_is_read(text: str) -> None:
    try:
        name = SealedName.parse(text)
    except ValueError:
        return
    assert name == text
    begin, colon, end = name.kind.partition(":")
    assert text.startswith(begin)
    assert text.endswith(colon + end)


@pytest.mark.parametrize(
    "text",
    ["", "form:", "form:x", "record", "record:", "record:x:y", "record:X", "opinion:x", "opinion:x:0", "outputs:x:1",
     "question:x:1", "notice:", "notice:xyz", "file:x:0", "rating:", "consent", "late"],
)  # fmt: skip
def test_what_is_nearly_one_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="no sealed value"):
        SealedName.parse(text)


def test_a_name_is_of_the_kind_that_it_was_made_as() -> None:
    with pytest.raises(ValueError, match="another kind"):
        SealedName.of(SealedKind.RECORD, "x:late")
