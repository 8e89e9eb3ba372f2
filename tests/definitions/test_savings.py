"""What is saved: counted by hand for a small case, and for every situation of every bundle by what must always hold."""

import pytest

from definitions.compile import applicable_form, compile_plan
from definitions.lint.combinations import combinations
from definitions.loader import load_catalog
from definitions.savings import Saving, saving
from onething.domain.definition.bundle import BundleDefinition
from onething.domain.definition.questions import Answers
from tests.support.whole import sampled

CATALOG = load_catalog()


def saving_of(definition: BundleDefinition, answers: Answers) -> Saving:
    return saving(definition, compile_plan(definition, CATALOG.sources, answers), applicable_form(definition, answers))


def test_counted_by_hand() -> None:
    death = CATALOG.latest["death-deregistration"]
    told = saving_of(death, {"pension": "employee", "housing_fund": True})
    # household: two records; pension: its record, relation proof, cremation, cancellation; medical insurance: relation
    # proof, cancellation; housing fund: its record, relation proof, cancellation
    assert told.materials_alone == 2 + 4 + 2 + 3
    assert (told.materials_shared, told.materials_produced, told.materials_duplicate) == (4, 3, 2)
    assert told.materials_here == 2
    assert (told.copies_alone, told.copies_here) == (11, 2)
    assert (told.forms_alone, told.trips_alone, told.trips_here) == (4, 8, 0)


def test_copies_count_for_every_item_that_wants_them() -> None:
    death = CATALOG.latest["death-deregistration"]
    materials = tuple(
        material.model_copy(update={"copies": 3}) if material.code == "relation-proof" else material
        for material in death.materials
    )
    told = saving_of(death.model_copy(update={"materials": materials}), {"pension": "employee", "housing_fund": True})
    assert (told.copies_alone, told.copies_here) == (11 + 3 * 2, 2 + 2)


@pytest.mark.parametrize("definition", sampled([*CATALOG.bundles.values()], 4), ids=lambda definition: definition.ref)
def test_nothing_is_ever_less_alone_and_the_sums_add_up(definition: BundleDefinition) -> None:
    for answers in combinations(definition):
        told = saving_of(definition, answers)
        assert all(count >= 0 for count in told.model_dump().values())
        taken_off = told.materials_produced + told.materials_shared + told.materials_licensed
        assert told.materials_alone == told.materials_here + taken_off + told.materials_duplicate
        assert told.copies_alone - told.copies_here >= told.materials_alone - told.materials_here
        assert told.fields_alone >= told.fields_here
        assert told.forms_alone >= told.forms_here
        assert told.trips_alone >= told.trips_here
