"""What README and docs promise about protection is proved: each such sentence names a test, and the test is there."""

import tomllib
from pathlib import Path

import pytest

from tests.docs.promises import WORDS, Sentence, exists, is_left_out, of_pages, sentences, without_proof

_LIST = Path(__file__).with_name("no_promises.toml")
TOLD = of_pages()


def excepted() -> dict[str, dict[str, str]]:
    """Page → beginning of a sentence → why it is no promise of protection, or none that is ours."""
    listed: dict[str, dict[str, str]] = tomllib.loads(_LIST.read_text(encoding="utf-8"))
    return listed


def test_every_promise_names_its_proof() -> None:
    assert without_proof(TOLD, excepted()) == [], (
        "These promise protection, and no test is named behind them. Name it: "
        "`<!-- test: tests/…/test_x.py::test_y -->`, several with spaces between, in a row of a table anywhere. If no "
        "test proves it, write one, or take the promise back. If it is none, its beginning goes into "
        f"tests/docs/{_LIST.name}, with the reason."
    )


def test_every_proof_is_there() -> None:
    named = {(sentence.page, test) for sentence in TOLD for test in sentence.tests}
    assert len(named) > 200
    assert sorted(one for one in named if not exists(one[1])) == [], (
        "No such test function: write `tests/…/test_x.py::test_y`, as it is called now."
    )


def test_every_proof_is_run_every_day() -> None:
    named = {(sentence.page, test) for sentence in TOLD for test in sentence.tests}
    assert sorted(one for one in named if is_left_out(one[1])) == [], (
        "`pytest.mark.sampled` leaves these out on other days: what a promise rests on is run whenever the suite is."
    )
    assert is_left_out("tests/e2e/test_whole.py::test_a_lost_workflow_is_started_anew")


def test_exceptions_are_of_today_and_say_why() -> None:
    for page, listed in excepted().items():
        for beginning, why in listed.items():
            found = [one for one in TOLD if one.page == page and one.text.startswith(beginning)]
            assert len(found) == 1, f"{page}: {len(found)} sentences begin with: {beginning}"
            assert found[0].promises, f"{page}: it would not be taken for a promise: strike it out: {beginning}"
            assert not found[0].tests, f"{page}: it has its proof: strike it out: {beginning}"
            assert len(why) > 5, beginning


def test_every_word_is_used() -> None:
    """A word that finds nothing is one that nobody has looked at; each kind of protection has its sentences."""
    assert len(WORDS) == 6
    assert sum(one.promises for one in TOLD) > 150


_PROOF = "tests/docs/test_promises.py::test_every_proof_is_there"
PLANTED = [
    "个人信息全部加密。",
    "别人看不到申请的内容。",
    "- 每次查阅都记入访问日志。",
    f"先说别的。只有审计员读得到这些。<!-- test: {_PROOF} -->最后：没有授权答 403。",
    "| 登录 | 超出答 429，不再理会 |",
    "一段话，\n第二行说证照都签了名，改动看\n得出。",
    "Personal data is encrypted at rest.",
    "这个版本起，缺一把密钥就拒绝启动。",
]


@pytest.mark.parametrize("planted", PLANTED)
def test_a_promise_without_a_proof_is_found(planted: str) -> None:
    read = list(sentences("docs/x.md", f"# 标题\n\n{planted}\n\n另一段。\n"))
    [found] = without_proof(read, {})
    assert found.startswith("docs/x.md: ")
    assert "另一段" not in found
    [promise] = [one for one in read if one.promises and not one.tests]
    assert without_proof(read, {"docs/x.md": {promise.text[:6]: "why"}}) == []
    behind = (
        f"{planted[:-1]} <!-- test: {_PROOF} --> |" if planted.startswith("|") else f"{planted}<!-- test: {_PROOF} -->"
    )
    proved = list(sentences("docs/x.md", behind))
    assert without_proof(proved, {}) == []
    assert {test for one in proved for test in one.tests} == {_PROOF}


def test_a_proof_is_of_the_sentence_before_it_only() -> None:
    text = (
        "看不到。<!-- test: tests/a.py::test_b tests/c.py::test_d -->\n签了名。又读不到。<!-- test: tests/e.py::t -->"
    )
    assert list(sentences("p", text)) == [
        Sentence("p", "看不到。", ("tests/a.py::test_b", "tests/c.py::test_d")),
        Sentence("p", "签了名。", ()),
        Sentence("p", "又读不到。", ("tests/e.py::t",)),
    ]


def test_a_head_and_code_promise_nothing() -> None:
    table = "| 个人信息 | 403 |\n|---|---|\n| 内容 | `401` |\n"
    assert [(one.text, one.promises) for one in sentences("p", table)] == [("| 内容 | `401` |", False)]


@pytest.mark.parametrize(
    ("test", "there"),
    [
        ("tests/docs/test_promises.py::test_every_proof_is_there", True),
        ("tests/docs/test_promises.py::test_no_such_thing", False),
        ("tests/docs/test_promises.py::excepted", False),
        ("tests/docs/test_promises.py", False),
        ("tests/docs/test_no_such_file.py::test_every_proof_is_there", False),
        ("tests/api/test_audit.py::test_an_auditor_sees_no_case", True),
    ],
)
def test_a_proof_is_a_test_function_that_is_there(test: str, there: bool) -> None:
    assert exists(test) is there
