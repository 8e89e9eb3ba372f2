"""A server of a page that a test writes itself."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs

STRICT = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'"
"""As our pages have it."""


@dataclass
class OwnSite:
    """`pages`: path → content; `posted`: path and fields of every form that came; `then`: where forms lead."""

    pages: dict[str, str]
    then: str = "/after"
    posted: list[tuple[str, dict[str, str]]] = field(default_factory=list)
    url: str = ""


@contextmanager
def own_site(pages: dict[str, str]) -> Iterator[OwnSite]:
    """Serves them until the end, with a strict Content-Security-Policy."""
    site = OwnSite(pages)

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            content = site.pages.get(self.path)
            self.send_response(404 if content is None else 200)
            kind = "javascript" if self.path.endswith(".js") else "html"
            self.send_header("Content-Type", f"text/{kind}; charset=utf-8")
            self.send_header("Content-Security-Policy", STRICT)
            self.end_headers()
            self.wfile.write((content or "").encode())

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            site.posted.append((self.path, {name: values[0] for name, values in parse_qs(body).items()}))
            self.send_response(303)
            self.send_header("Location", site.then)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Says nothing: a browser asks for icons that aren't there."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    site.url = f"http://127.0.0.1:{server.server_address[1]}"
    try:
        yield site
    finally:
        server.shutdown()
        server.server_close()
