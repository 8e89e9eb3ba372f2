"""Others are told what happens: a real server that checks signatures by itself, refuses, dies and comes back."""

import asyncio
import base64
import hashlib
import hmac
import json
import socket
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import psycopg
import pytest

from onething.connectors import webhooks
from onething.connectors.webhooks import Undelivered, WebhookClient
from onething.domain.engine import publication
from onething.relay.webhook_dispatcher import BACKOFF, GIVE_UP, WebhookDispatcher
from onething.store.connection.leader_lock import only_webhook_dispatcher
from tests.api.acts import accepted_case, approve, open_case
from tests.api.forms import APPLICANT
from tests.api.town import Town
from tests.support.patience import PATIENCE_S


@dataclass
class Receiver:
    """`answer` decides what is said to each request; what came is kept."""

    url: str = ""
    came: list[tuple[dict[str, str], bytes]] = field(default_factory=list)
    paths: set[str] = field(default_factory=set)
    answer: Callable[[int], int] = lambda _: 204
    hold: threading.Event | None = None
    arrived: threading.Event = field(default_factory=threading.Event)

    @property
    def events(self) -> list[dict[str, Any]]:
        return [json.loads(body) for _, body in self.came]

    @property
    def ids(self) -> list[str]:
        return [headers["webhook-id"] for headers, _ in self.came]


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    kept = Receiver()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"]))
            kept.came.append(({name.lower(): value for name, value in self.headers.items()}, body))
            kept.paths.add(self.path)
            kept.arrived.set()
            if kept.hold is not None:
                kept.hold.wait(20)
            self.send_response(kept.answer(len(kept.came)))
            self.send_header("Location", kept.url + "/elsewhere")
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    kept.url = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield kept
    server.shutdown()
    server.server_close()
    thread.join(10)


def signatures(secret: str, headers: dict[str, str], body: bytes) -> list[bool]:
    """Each of the signatures, by the text of the standard alone."""
    key = base64.b64decode(secret.removeprefix("whsec_"))
    text = headers["webhook-id"].encode() + b"." + headers["webhook-timestamp"].encode() + b"." + body
    right = base64.b64encode(hmac.new(key, text, hashlib.sha256).digest()).decode()
    return [one == f"v1,{right}" for one in headers["webhook-signature"].split(" ")]


async def subscribe(town: Town, receiver: Receiver, **how: Any) -> tuple[str, str]:
    body = {"url": receiver.url, "types": ["onething.case.*", "onething.item.*", "onething.clock.*"], **how}
    answer = await town.post("admin", "/api/subscriptions", body)
    assert answer.status_code == 201, answer.text
    return answer.json()["id"], answer.json()["secret"]


def dispatcher(town: Town) -> WebhookDispatcher:
    client = WebhookClient({"127.0.0.1"})
    return WebhookDispatcher(town._worker, town.clock, town.context.sealer, client, lambda: None)  # type: ignore[arg-type, return-value]


async def standing(town: Town, id_: str) -> dict[str, Any]:
    told: dict[str, Any] = (await town.get("admin", f"/api/subscriptions/{id_}/deliveries")).json()
    return told


async def test_signed_in_order_and_without_personal_data(fresh_town: Town, receiver: Receiver) -> None:
    town = fresh_town
    before = await open_case(town)
    _, secret = await subscribe(town, receiver)
    case_no = await accepted_case(town)
    await approve(town, case_no, "registration")
    tells = dispatcher(town)
    await tells.tell_once()
    await tells.tell_once()
    mine = [event for event in receiver.events if event["subject"] == case_no]
    recorded = town.rows("select seq, kind from journal where case_no = %s order by seq", case_no)
    assert [event["data"]["seq"] for event in mine] == [seq for seq, _ in recorded]
    assert before not in [event["subject"] for event in receiver.events]
    assert {"onething.case.submitted", "onething.case.accepted", "onething.item.decided"} <= {e["type"] for e in mine}
    decided = next(event for event in mine if event["type"] == "onething.item.decided")
    assert (decided["data"]["item"], decided["data"]["outcome"]) == ("registration", "approve")
    assert decided["specversion"] == "1.0"
    for headers, body in receiver.came:
        assert signatures(secret, headers, body) == [True]
        assert signatures("whsec_" + base64.b64encode(b"x" * 32).decode(), headers, body) == [False]
        assert headers["content-type"] == "application/cloudevents+json"
        assert headers["webhook-id"] == json.loads(body)["id"]
        for personal in (*APPLICANT.values(), "citizen", "officer.amr", "符合条件"):
            if personal != "person":
                assert personal.encode() not in body


async def test_filters(fresh_town: Town, receiver: Receiver) -> None:
    town = fresh_town
    await subscribe(town, receiver, types=["onething.case.accepted"], bundle="enterprise-opening", region="330100")
    other = Receiver(receiver.url + "/other")
    await subscribe(town, other, bundle="newborn")
    await accepted_case(town)
    await dispatcher(town).tell_once()
    assert [event["type"] for event in receiver.events] == ["onething.case.accepted"]


async def test_a_failure_is_tried_again_in_order(fresh_town: Town, receiver: Receiver) -> None:
    town = fresh_town
    id_, _ = await subscribe(town, receiver)
    receiver.answer = lambda n: 500 if n <= 2 else 307 if n == 3 else 204
    case_no = await open_case(town)
    tells = dispatcher(town)
    await tells.tell_once()
    await tells.tell_once()
    assert receiver.ids == [f"{case_no}-1"]  # not before its time
    one = (await standing(town, id_))["subscription"]
    assert (one["state"], one["last_failure"]) == ("failing", "HTTP 500")
    for pause in BACKOFF[:3]:
        town.clock.move(pause)
        await tells.tell_once()
    recorded = town.rows("select count(*) from journal where case_no = %s", case_no)[0][0]
    assert receiver.ids == [*[f"{case_no}-1"] * 3, *[f"{case_no}-{seq + 1}" for seq in range(recorded)]]
    assert "/elsewhere" not in receiver.paths  # where the redirect, which repeats the POST, leads
    one = (await standing(town, id_))["subscription"]
    assert (one["state"], one["delivered"]) == ("active", recorded)


async def test_what_never_gets_through_is_a_dead_letter_until_it_is_told_anew(
    fresh_town: Town, receiver: Receiver
) -> None:
    town = fresh_town
    id_, _ = await subscribe(town, receiver, types=["onething.case.submitted"])
    receiver.answer = lambda _: 400
    began = town.clock.now()
    first = await open_case(town)
    tells = dispatcher(town)
    for pause in (timedelta(), *BACKOFF):
        town.clock.move(pause)
        await tells.tell_once()
    (letter,) = (await standing(town, id_))["dead"]
    assert (letter["event_id"], letter["attempts"], letter["failure"]) == (f"{first}-1", len(BACKOFF) + 1, "HTTP 400")
    receiver.answer = lambda _: 200
    second = await open_case(town)
    await tells.tell_once()
    assert receiver.ids[-1] == f"{second}-1"

    again = await town.post("admin", f"/api/subscriptions/{id_}/redeliver?from={began.isoformat().replace('+', '%2B')}")
    assert again.status_code == 200, again.text
    receiver.came.clear()
    await tells.tell_once()
    assert receiver.ids == [f"{first}-1", f"{second}-1"]
    assert (await standing(town, id_))["dead"] == []


async def test_who_does_not_answer_for_days_or_says_gone_is_disabled_and_can_come_back(
    fresh_town: Town, receiver: Receiver
) -> None:
    town = fresh_town
    id_, _ = await subscribe(town, receiver, types=["onething.case.submitted"])
    receiver.answer = lambda _: 503
    began = town.clock.now()
    case_no = await open_case(town)
    tells = dispatcher(town)
    await tells.tell_once()
    town.clock.move(GIVE_UP)
    await tells.tell_once()
    one = (await standing(town, id_))["subscription"]
    assert one["state"] == "disabled"
    assert "三天" in one["disabled_why"]
    asked = len(receiver.came)
    town.clock.move(timedelta(hours=1))
    await tells.tell_once()
    assert len(receiver.came) == asked
    receiver.answer = lambda _: 410
    since = began.isoformat().replace("+", "%2B")
    await town.post("admin", f"/api/subscriptions/{id_}/redeliver?from={since}")
    await tells.tell_once()
    assert "410" in (await standing(town, id_))["subscription"]["disabled_why"]
    receiver.answer = lambda _: 204
    await town.post("admin", f"/api/subscriptions/{id_}/redeliver?from={since}")
    await tells.tell_once()
    assert receiver.ids[-1] == f"{case_no}-1"
    assert (await standing(town, id_))["subscription"]["state"] == "active"


async def test_a_new_secret_and_the_old_one_sign_for_a_day(fresh_town: Town, receiver: Receiver) -> None:
    town = fresh_town
    id_, old = await subscribe(town, receiver, types=["onething.case.submitted"])
    answer = await town.post("admin", f"/api/subscriptions/{id_}/rotate")
    new = answer.json()["secret"]
    assert new != old
    tells = dispatcher(town)
    await open_case(town)
    await tells.tell_once()
    assert (signatures(new, *receiver.came[-1]), signatures(old, *receiver.came[-1])) == ([True, False], [False, True])
    town.clock.move(timedelta(hours=25))
    await open_case(town)
    await tells.tell_once()
    assert (signatures(new, *receiver.came[-1]), signatures(old, *receiver.came[-1])) == ([True], [False])
    assert new.removeprefix("whsec_").encode() not in bytes(town.rows("select secrets from subscriptions")[0][0])
    assert new not in (await town.get("admin", "/api/subscriptions")).text


async def test_killed_after_it_arrived_it_comes_again_under_the_same_id(fresh_town: Town, receiver: Receiver) -> None:
    town = fresh_town
    await subscribe(town, receiver, types=["onething.case.submitted"])
    case_no = await open_case(town)
    receiver.hold = threading.Event()
    dying = asyncio.create_task(dispatcher(town).tell_once())
    await asyncio.to_thread(receiver.arrived.wait, PATIENCE_S)
    dying.cancel()
    await asyncio.gather(dying, return_exceptions=True)
    receiver.hold.set()
    await dispatcher(town).tell_once()
    assert receiver.ids == [f"{case_no}-1"] * 2
    assert receiver.came[0][1] == receiver.came[1][1]


async def test_of_several_processes_one_tells(fresh_town: Town, receiver: Receiver) -> None:
    town = fresh_town
    await subscribe(town, receiver, types=["onething.case.submitted"])
    case_no = await open_case(town)
    url = str(town._worker._url)
    client = WebhookClient({"127.0.0.1"})
    how = (town._worker, town.clock, town.context.sealer, client, lambda: only_webhook_dispatcher(url))
    loops = [asyncio.create_task(WebhookDispatcher(*how, every_s=0.05).run()) for _ in range(2)]
    await asyncio.to_thread(receiver.arrived.wait, PATIENCE_S)
    await asyncio.sleep(0.5)
    for loop in loops:
        loop.cancel()
    await asyncio.gather(*loops, return_exceptions=True)
    assert receiver.ids == [f"{case_no}-1"]


async def test_nothing_is_passed_over_for_what_commits_late(fresh_town: Town, receiver: Receiver) -> None:
    """A transaction that began before and is still open might yet write: what came after it waits."""
    town = fresh_town
    await subscribe(town, receiver, types=["onething.case.submitted"])
    tells = dispatcher(town)
    with psycopg.connect(town._owner_url) as slow:
        slow.execute("select pg_current_xact_id()")
        early = slow.execute("select (present_epoch()::bigint << 48) + pg_current_xact_id()::text::bigint").fetchone()
        case_no = await open_case(town)
        await tells.tell_once()
        assert receiver.ids == []
        slow.execute("alter table journal disable trigger append_only")
        slow.execute(
            "insert into journal (line)"
            " select jsonb_set(line::jsonb, '{seq}', '99')::text from journal where case_no = %s and seq = 1",
            (case_no,),
        )
        slow.commit()
    assert town.rows("select landed from journal where seq = 99") == [early]
    await tells.tell_once()
    assert receiver.ids == [f"{case_no}-99", f"{case_no}-1"]  # the one that began first comes first, and none is lost


@pytest.mark.parametrize(
    "url",
    [
        "http://example.org/hook",
        "https://user:secret@example.org/",
        "ftp://127.0.0.1/",
        "https:///nowhere",
        "https://example.org:99999/",
        "https://example.org/#here",
        # in the private network, however it is written
        "https://127.0.0.2/hook",
        "https://localhost/hook",
        "https://10.0.0.1:8443/",
        "https://127.1/",
        "https://2130706433/",
        "https://169.254.169.254/latest/",
        "https://100.64.0.1/",
        "https://224.0.0.1/",
        "https://[::1]/",
        "https://[fd00::1]/",
        "https://[::ffff:10.0.0.1]/",
        "https://[64:ff9b::a00:1]/",
        "https://[2002:a00:1::]/",
    ],
)
async def test_addresses_that_may_not_be_told(town: Town, url: str) -> None:
    answer = await town.post("admin", "/api/subscriptions", {"url": url, "types": ["onething.case.*"]})
    assert answer.status_code == 422, answer.text
    assert [one["pointer"] for one in answer.json()["errors"]] == ["/url"]


@pytest.mark.parametrize(
    "url",
    ["https://127.0.0.1/", "https://localhost/", "https://[::1]/", "https://169.254.169.254/", "http://10.0.0.1/"],
)
async def test_the_private_network_is_not_reached(url: str) -> None:
    client = WebhookClient()
    with pytest.raises(Undelivered, match="not"):
        await client.post(url, {}, b"{}")
    await client.aclose()


async def test_a_name_is_looked_up_when_it_is_subscribed_and_whenever_something_is_told(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    leads_to = ["93.184.216.34"]

    async def addresses(host: str, port: int) -> list[str]:
        if not leads_to:
            raise socket.gaierror
        return leads_to

    monkeypatch.setattr(webhooks, "_addresses", addresses)
    body = {"url": "https://partner.example/hook", "types": ["onething.case.*"]}
    client = WebhookClient()
    outside = await town.post("admin", "/api/subscriptions", body)
    assert outside.status_code == 201, outside.text
    leads_to[:] = ["93.184.216.34", "10.0.0.7"]
    inside = await town.post("admin", "/api/subscriptions", body)
    assert [(e["pointer"], "内网" in e["detail"]) for e in inside.json()["errors"]] == [("/url", True)]
    with pytest.raises(Undelivered, match="not a public address"):  # it leads elsewhere by now
        await client.post(body["url"], {}, b"{}")
    await client.aclose()
    leads_to.clear()
    unknown = await town.post("admin", "/api/subscriptions", body)
    assert unknown.status_code == 201, "a name that is not known yet may be later"
    for answer in (outside, unknown):
        assert (await town.client("admin").delete(f"/api/subscriptions/{answer.json()['id']}")).status_code == 204


async def test_types_that_there_are_not_are_told_with_those_that_there_are(town: Town) -> None:
    types = ["onething.case.closed_by_itself", "onething.item.decided", "onething.other.*", "decided"]
    answer = await town.post("admin", "/api/subscriptions", {"url": "https://93.184.216.34/", "types": types})
    assert answer.status_code == 422
    errors = answer.json()["errors"]
    assert [one["pointer"] for one in errors] == ["/types/0", "/types/2", "/types/3"]
    assert all("onething.clock.*" in one["detail"] and "onething.item.decided" in one["detail"] for one in errors)


async def test_only_the_admin_subscribes(town: Town, receiver: Receiver) -> None:
    body = {"url": receiver.url, "types": ["onething.case.*"]}
    for who in ("citizen", "counter", "officer.amr", "supervisor"):
        assert (await town.post(who, "/api/subscriptions", body)).status_code == 403
        assert (await town.get(who, "/api/subscriptions")).status_code == 403
    assert (await town.post("admin", "/api/subscriptions", body | {"types": ["onething.other.*"]})).status_code == 422
    refused = town.rows("select role, outcome from access_log where act = 'add_subscription' and outcome <> 'done'")
    assert sorted(set(refused)) == [
        (role, "not_permitted") for role in ("citizen", "counter", "officer", "supervisor")
    ], "who tried it stands in the log"
    id_, _ = await subscribe(town, receiver)
    assert (await town.client("admin").delete(f"/api/subscriptions/{id_}")).status_code == 204
    assert (await town.client("admin").delete(f"/api/subscriptions/{id_}")).status_code == 404


def test_types() -> None:
    assert publication.type_of("clock_overdue", {"clock": "x", "item": "a"}) == "onething.clock.overdue"
    assert publication.type_of("urged", {"item": "a"}) == "onething.item.urged"
    assert publication.type_of("urged", {"item": None}) == "onething.case.urged"
    assert publication.matches(["onething.case.*"], "onething.case.urged")
    assert not publication.matches(["onething.case.*"], "onething.item.urged")
    assert publication.public_fields({"item": "a", "reason": "秘密", "by": "officer", "materials": ["x"]}) == {
        "item": "a"
    }
