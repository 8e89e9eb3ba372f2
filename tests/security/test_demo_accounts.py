"""Demo accounts: the ones that the contract names, one password."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onething.domain.errors import FailureCode
from onething.domain.principal import Role
from onething.security.demo_accounts import (
    DemoAccounts,
    WrongCredentials,
)

accounts = DemoAccounts({"amr": "市场监管", "psb": "公安"}, password="öne-密码", region="330100")


def test_the_accounts_of_the_contract_exist() -> None:
    assert set(accounts.usernames) == {
        *("citizen", "citizen2", "agent", "counter", "supervisor", "admin", "auditor"),
        *("officer.amr", "leader.amr", "system.amr", "officer.psb", "leader.psb", "system.psb"),
    }


def test_an_account_signs_in_as_what_it_is() -> None:
    for username in accounts.usernames:
        principal = accounts.sign_in(username, "öne-密码")
        assert principal.subject == username
        assert principal.region == "330100"
        role = username.split(".")[0].rstrip("2")
        assert principal.role == Role("department_system" if role == "system" else role)
        assert principal.department == (username.split(".")[1] if "." in username else None)


@given(username=st.sampled_from([*accounts.usernames, "root", ""]), password=st.text())
def test_a_wrong_name_or_password_gets_one_answer(username: str, password: str) -> None:
    with pytest.raises(WrongCredentials) as failure:
        accounts.sign_in(username, password)
    assert failure.value.code is FailureCode.WRONG_CREDENTIALS
    assert str(failure.value) == str(WrongCredentials())


def test_the_right_password_opens_no_unknown_account() -> None:
    for username in ("officer.tax", "officer", "Citizen", "worker"):
        with pytest.raises(WrongCredentials):
            accounts.sign_in(username, "öne-密码")


def test_odd_passwords_are_wrong_not_errors() -> None:
    with pytest.raises(WrongCredentials):
        accounts.sign_in("citizen", "\ud800")


def test_an_empty_password_is_refused() -> None:
    with pytest.raises(ValueError, match="empty"):
        DemoAccounts({}, password="", region="330100")
