"""A caller: departments where a role means one, and only there."""

import pytest
from pydantic import ValidationError

from onething.domain.principal import DEPARTMENT_ROLES, Principal, Role


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize("department", [None, "psb"])
def test_a_department_belongs_to_department_roles_only(role: Role, department: str | None) -> None:
    def make() -> Principal:
        return Principal(subject="s", role=role, department=department, region="330100", name="䶮")

    if (role in DEPARTMENT_ROLES) == (department is not None):
        assert make().department == department
    else:
        with pytest.raises(ValidationError, match="department"):
            make()


@pytest.mark.parametrize("region", ["", "3301", "330100000000", "３３０１００", "33010a", "330100\n"])
def test_a_region_is_six_ascii_digits(region: str) -> None:
    with pytest.raises(ValidationError, match="region"):
        Principal(subject="s", role=Role.CITIZEN, region=region, name="n")
