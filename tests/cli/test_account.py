"""The demo's verdict: a story that ends otherwise than it should is named, and fails the whole."""

import io
from pathlib import Path
from typing import Any

import httpx
import pytest
from rich.console import Console

from onething.cli.demo.account import tell
from onething.cli.demo.outside import Outside, Toll
from onething.cli.demo.performance import Ending
from onething.cli.demo.play import Play
from onething.cli.demo.stage import Stage, Stopped, TookTooLong
from onething.cli.terminal.failures import CommandFailed

NOTHING_LISTENS = "http://127.0.0.1:1"


@pytest.fixture
def stage(tmp_path: Path) -> Stage:
    return Stage(NOTHING_LISTENS, Outside(NOTHING_LISTENS), tmp_path, "onething", lambda story, line: None)


def ending(play: Play, toll: Toll | None = None) -> Ending:
    play.case_no = "330100202611210000019"
    case: dict[str, Any] = {
        "name": "企业开办",
        "status": "closed",
        "items": [{"code": "seal", "name": "公章刻制备案", "department": "psb", "state": "approved"}],
    }
    line = {
        "seq": 1,
        "at": "2026-11-21T18:00:00.100+08:00",
        "kind": "item_decided",
        "text": "“公章刻制备案”准予",
        "item": "seal",
        "role": "officer",
        "department": "psb",
    }
    document = {"name": "公章刻制备案证明", "number": "N1", "department": "psb"}
    toll = toll or Toll(calls=3, failed=1, effects={"record": 2}, undone=0, doubled=())
    return Ending(play, case, [line], [document], {"N1": True}, toll, {"psb": "公安局"})


def told(*endings: Ending | Play) -> tuple[bool, str]:
    out = io.StringIO()
    good = tell(endings, Console(file=out, width=160))
    return good, out.getvalue()


def test_a_good_ending_is_told_with_who_what_when_and_certificates(stage: Stage) -> None:
    good, text = told(ending(Play(stage, "企业开办", "e.yaml", "citizen")))
    assert good
    for part in (
        "18:00:00.1",
        "公安局经办人",
        "“公章刻制备案”准予",
        "N1",
        "公安局颁发",
        "验真通过",
        "3（1）",
        "调取数据 2",
    ):
        assert part in text, text


def test_a_difference_is_named_and_fails_the_demo(stage: Stage) -> None:
    play = Play(stage, "身后事", "d.yaml", "citizen2")
    play.expect("结果", "terminated", "closed")
    good, text = told(ending(play), ending(Play(stage, "企业开办", "e.yaml", "citizen")))
    assert not good
    assert "✗ 身后事：结果：应为 closed，实为 terminated" in text
    assert "都与预期一致" not in text


def test_a_story_that_never_got_a_case_fails_the_demo(stage: Stage) -> None:
    play = Play(stage, "企业开办", "e.yaml", "citizen")

    def story(on: Play) -> None:
        raise CommandFailed("服务拒绝了申请。")

    play.run(story)
    good, text = told(play)
    assert not good
    assert "服务拒绝了申请。" in text
    assert "未能提交" in text


def test_waiting_ends_and_names_what_did_not_happen(stage: Stage) -> None:
    with pytest.raises(TookTooLong, match="办结"):
        stage.wait_for("办结", lambda: None, patience_s=0)


def test_whoever_waits_is_called_off(stage: Stage) -> None:
    stage.stop()
    with pytest.raises(Stopped):
        stage.wait_for("办结", lambda: None)


def test_the_toll_counts_only_the_case_and_notices_a_doubled_effect() -> None:
    calls = [
        {"key": "33/1/a", "failure": "cut"},
        {"key": "33/1/a", "failure": None},
        {"key": "34/1/a", "failure": "cut"},
    ]
    effects = [
        {"key": "33/1/a", "kind": "record", "effects": 2, "undone": True},
        {"key": "34/1/a", "kind": "record", "effects": 1, "undone": False},
    ]

    def answer(request: httpx.Request) -> httpx.Response:
        return httpx.Response(200, json={"items": calls if request.url.path == "/calls" else effects})

    outside = Outside("http://outside.test", transport=httpx.MockTransport(answer))
    assert outside.toll("33") == Toll(calls=2, failed=1, effects={"record": 1}, undone=1, doubled=("33/1/a",))
