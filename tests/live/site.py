"""A small web site on loopback: opening hours, a menu as a table, a form; it remembers what was sent."""

import http.server
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import parse_qs, urlsplit

HOME = """<html><head><title>Harbour Cafe</title></head><body><h1>Harbour Cafe</h1>
<p>Open Tuesday to Sunday, 8:30 to 17:45.</p><a href="/menu.html">Menu</a> <a href="/contact.html">Contact</a></body></html>"""
MENU = """<html><head><title>Menu</title></head><body><h1>Menu</h1><table><tr><th>Dish</th><th>Price</th></tr>
<tr><td>Lentil soup</td><td>6.40</td></tr><tr><td>Grilled sardines</td><td>11.90</td></tr>
<tr><td>Almond cake</td><td>4.20</td></tr></table></body></html>"""
CONTACT = """<html><head><title>Contact</title></head><body><h1>Contact</h1><form method="get" action="/sent">
<label>Name <input name="name" placeholder="Your name"></label>
<label>Message <input name="message" placeholder="Message"></label><button>Send</button></form></body></html>"""
SENT = "<html><head><title>Sent</title></head><body><h1>Thank you</h1><p>Ticket 7731</p></body></html>"
PAGES = {"/": HOME, "/menu.html": MENU, "/contact.html": CONTACT, "/sent": SENT}


class Site(http.server.ThreadingHTTPServer):
    """The site; `sent` holds the forms that were sent."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Pages)
        self.sent: list[dict[str, list[str]]] = []

    @property
    def url(self) -> str:
        """Its address."""
        return f"http://127.0.0.1:{self.server_port}"


class Pages(http.server.BaseHTTPRequestHandler):
    """Its pages."""

    server: Site

    def do_GET(self) -> None:
        """A page, by its path."""
        place = urlsplit(self.path)
        if place.path == "/sent":
            self.server.sent.append(parse_qs(place.query))
        self.send_response(200 if place.path in PAGES else 404)
        self.send_header("content-type", "text/html; charset=utf-8")
        self.end_headers()
        self.wfile.write(PAGES.get(place.path, "").encode())

    def log_message(self, format: str, *arguments: object) -> None:
        """Silence."""


@contextmanager
def site() -> Iterator[Site]:
    """The site while it is served."""
    server = Site()
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()
