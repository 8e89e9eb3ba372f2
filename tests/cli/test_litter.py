"""`case submit` with files begins a draft for itself: where it does not come to an end, nothing is left of it."""

from pathlib import Path

import httpx
import pytest

from onething.cli.client.client import Client
from onething.cli.client.problem import ApiRefused
from onething.cli.commands import intake
from onething.cli.commands.application_file import ApplicationFile


def answering(fails: str, sent: list[str]) -> httpx.MockTransport:
    """All goes well but the request whose path ends so."""

    def answer(request: httpx.Request) -> httpx.Response:
        sent.append(f"{request.method} {request.url.path}")
        if fails and request.url.path.endswith(fails):
            problem = {"status": 422, "title": "题", "detail": "细节。", "code": "wrong_file_type"}
            return httpx.Response(422, json=problem)
        if request.method == "DELETE":
            return httpx.Response(204)
        return httpx.Response(201, json={"case_no": "1", "query_code": "c"})

    return httpx.MockTransport(answer)


@pytest.mark.parametrize("fails", ["/materials/articles", "/submit"])
def test_what_failed_leaves_no_draft(tmp_path: Path, fails: str) -> None:
    (tmp_path / "a.pdf").write_bytes(b"x")
    application = ApplicationFile({"bundle": "b"}, (("articles", tmp_path / "a.pdf"),), {})
    sent: list[str] = []
    with Client("http://api", "t", transport=answering(fails, sent)) as client, pytest.raises(ApiRefused):
        intake._apply(client, application, {}, draft=False, accept=False, incomplete=False)
    assert (sent[0], sent[-1]) == ("POST /api/cases", "DELETE /api/cases/1")


def test_what_was_refused_after_the_submission_is_no_draft_any_more(tmp_path: Path) -> None:
    (tmp_path / "a.pdf").write_bytes(b"x")
    application = ApplicationFile({"bundle": "b"}, (("articles", tmp_path / "a.pdf"),), {})
    sent: list[str] = []
    with Client("http://api", "t", transport=answering("/accept", sent)) as client, pytest.raises(ApiRefused):
        intake._apply(client, application, {}, draft=False, accept=True, incomplete=False)
    assert not [one for one in sent if one.startswith("DELETE")]
