"""What a source is asked with: numbers and kinds of papers, texts, answers."""

import pytest

from onething.domain.form.look_up_params import field_of, is_kind, look_up_values

PAPER = {"kind": "passport", "number": "E12345678"}


@pytest.mark.parametrize(
    ("origin", "value"),
    [
        ("mother_id", "E12345678"),
        ("mother_id.kind", "passport"),
        ("vin", "LEX"),
        ("vin.kind", None),  # what is no paper is of no kind
        ("nobody", None),
        ("nobody.kind", None),
        ("answers.kind", "llc"),  # a question that happens to be called so
        ("answers.nobody", None),
    ],
)
def test_where_a_parameter_comes_from(origin: str, value: str | None) -> None:
    form = {"mother_id": PAPER, "vin": "LEX", "answers": "x"}
    assert look_up_values({"it": origin}, form, {"kind": "llc"}) == {"it": value}


def test_a_kind_belongs_to_its_field() -> None:
    assert [field_of(origin) for origin in ("mother_id.kind", "mother_id", "answers.kind")] == [
        "mother_id",
        "mother_id",
        "answers.kind",
    ]
    assert [is_kind(origin) for origin in ("mother_id.kind", "mother_id", "answers.kind")] == [True, False, False]
