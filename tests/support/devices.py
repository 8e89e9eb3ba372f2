"""The service of a counter's devices, as a vendor installs it on the computer: card reader, document camera, signature
pad, rating pad. Plays them for tests, and for whoever wants to try them:

    python -m tests.support.devices 9123       # with ONETHING_DEVICES_ORIGIN=http://127.0.0.1:9123
"""

import base64
import json
import sys
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from tests.support import people
from tests.support.files import png
from tests.support.photos import jpeg

Answer = tuple[int, Mapping[str, Any]]


def card(person: people.Person) -> Answer:
    """Of a resident, read by its chip."""
    return 200, {"document": "resident_id", "name": person.name, "id_number": person.id_number}


def picture(content: bytes, media_type: str) -> Answer:
    return 200, {"media_type": media_type, "data": base64.b64encode(content).decode()}


def refusal(detail: str) -> Answer:
    return 503, {"detail": detail}


@dataclass
class Devices:
    """`answers`: what each verb gives; `asked`: the verbs in their order, with the site that asked."""

    origin: str = ""
    answers: dict[str, Answer] = field(
        default_factory=lambda: {
            "read_card": card(people.ZHANG),
            "capture": picture(jpeg(), "image/jpeg"),
            "sign": picture(png(), "image/png"),
            "rate": (200, {"grade": 5, "tags": ["kind"]}),
        }
    )
    asked: list[tuple[str, str]] = field(default_factory=list)


@contextmanager
def serving_devices(port: int = 0) -> Iterator[Devices]:
    """Until the end. Like a vendor's, it answers every site that the browser lets ask."""
    devices = Devices()

    class Handler(BaseHTTPRequestHandler):
        def do_OPTIONS(self) -> None:
            self._answer(204, None)

        def do_POST(self) -> None:
            self.rfile.read(int(self.headers.get("Content-Length", "0")))
            verb = self.path.removeprefix("/")
            devices.asked.append((verb, self.headers.get("Origin", "")))
            self._answer(*devices.answers.get(verb, (404, {"detail": "没有这种设备。"})))

        def _answer(self, status: int, body: Mapping[str, Any] | None) -> None:
            self.send_response(status)
            self.send_header("Access-Control-Allow-Origin", self.headers.get("Origin", ""))
            self.send_header("Access-Control-Allow-Headers", "content-type")
            self.send_header("Access-Control-Allow-Private-Network", "true")
            self.send_header("Content-Type", "application/json; charset=utf-8")
            self.end_headers()
            if body is not None:
                self.wfile.write(json.dumps(body, ensure_ascii=False).encode())

        def log_message(self, *_: object) -> None:
            """Says nothing: what passes here is personal."""

    server = ThreadingHTTPServer(("127.0.0.1", port), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    devices.origin = f"http://127.0.0.1:{server.server_address[1]}"
    try:
        yield devices
    finally:
        server.shutdown()
        server.server_close()


if __name__ == "__main__":
    with serving_devices(int(sys.argv[1])) as running:
        print(f"{running.origin}：读卡、高拍仪、签名板（都是演示用的）。按 Ctrl+C 结束。")  # noqa: T201
        threading.Event().wait()
