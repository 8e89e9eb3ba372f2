"""What a clerk fills in, as the fields of the counter's form."""

from typing import Any

from playwright.async_api import Page

from tests.api.test_birth_registration import PAPERS, birth
from tests.support import people


def birth_fields(**changes: Any) -> dict[str, Any]:
    """All that a birth takes whose mother applies at the counter."""
    told = birth()
    form = {f"/form/{name}": value for name, value in told["form"].items()}
    mother, father = form.pop("/form/mother_id"), form.pop("/form/father_id")
    answers = {f"/answers/{name}": as_sent(value) for name, value in told["answers"].items()}
    return {
        "/applicant/id_number": people.ZHANG.id_number,
        "/applicant/name": people.ZHANG.name,
        "/applicant/phone": people.ZHANG.phone,
        "/seen/0/document": "resident_id",
        "/seen/0/presence": "in_person",
        **answers,
        **form,
        "/form/mother_id/kind": "resident_id",
        "/form/mother_id/number": mother,
        "/form/father_id/kind": "resident_id",
        "/form/father_id/number": father,
        **{f"_material/{code}": "paper" for code in PAPERS},
        "/delivery/method": "counter",
        **changes,
    }


async def looked_at(page: Page) -> None:
    """Whatever others of the same site have that may be the same: no matter of the test. By the keyboard."""
    box = page.locator("#f-duplicates")
    if await box.count():
        await box.press("Space")


def as_sent(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value)
