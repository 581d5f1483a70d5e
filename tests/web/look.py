"""The pages of the look, rendered by the template engine alone and served under the strict policy.

Their data are invented. `python -m tests.web.look FOLDER` writes a picture of each page, in both
colours, two widths and two languages, for a person to look at.
"""

from __future__ import annotations

import mimetypes
import re
import sys
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any, Literal
from zoneinfo import ZoneInfo

import django
from cheroot import wsgi
from django import forms
from django.conf import settings
from django.core.paginator import Paginator
from django.template import Context, Engine
from django.utils import timezone

from kancil.ground import words
from kancil.ground.phrase import Phrase
from kancil.web import parts
from tools.both_sites import settings_of_both

PAGES = Path(__file__).parent / "pages"
WEB = Path(__file__).resolve().parents[2] / "src" / "kancil" / "web"
STATIC = WEB / "static"
POLICY = (
    "default-src 'self'; base-uri 'none'; object-src 'none'; frame-ancestors 'none'; "
    "form-action 'self'"
)
TXID = "41f366c2afcc222fe45398b6dc13dcca8874ca6ed288420700575495d03f8dad"
ADDRESS = "bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4"
"""The address of BIP-173's test vector; it belongs to nobody."""
MOMENT = datetime(2019, 5, 2, 12, 26, 4, tzinfo=UTC)
ZONE = ZoneInfo("Asia/Phnom_Penh")

SCHEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")
Start = Callable[..., Any]


def start_django() -> None:
    """Make templates and forms usable, under the project's own settings."""
    if not settings.configured:
        settings.configure(**settings_of_both())
    django.setup()


@cache
def engine() -> Engine:
    """The template engine alone, with the web's own words."""
    start_django()
    return Engine(
        dirs=[str(PAGES), str(WEB / "templates")],
        libraries={
            "kancil_words": "kancil.web.templatetags.kancil_words",
            "static": "django.templatetags.static",
        },
    )


def render(name: str, language: str = "en", **context: Any) -> str:
    """Render a template in a language; the language spoken before is spoken after."""
    before = words.spoken()
    words.speak(language)
    try:
        with timezone.override(ZONE):
            template = engine().get_template(name)
            return str(template.render(Context({"zone": ZONE, **context})))
    finally:
        words.speak(before)


def sample_form(data: dict[str, Any] | None = None) -> forms.Form:
    """A form with every kind of control; bound where data are given."""
    start_django()

    class Sample(forms.Form):
        name = forms.CharField(
            label="Name of the case", help_text="As on the file's cover.", max_length=80
        )
        basis = forms.ChoiceField(
            label="Legal basis",
            choices=[("", "Choose one"), ("warrant", "Search warrant"), ("consent", "Consent")],
        )
        until = forms.DateField(
            label="Valid until", help_text="2026-11-24", required=False,
            widget=forms.DateInput(attrs={"type": "date"}),
        )  # fmt: skip
        direction = forms.ChoiceField(
            label="Direction",
            choices=[("back", "Where it came from"), ("forward", "Where it went")],
            widget=forms.RadioSelect,
        )
        remark = forms.CharField(label="Remark", required=False, widget=forms.Textarea)
        sealed = forms.BooleanField(
            label="Seal it at once", required=False, help_text="Nobody opens it without a reason."
        )
        listing = forms.FileField(label="Listing of files", required=False)

    return Sample(data)


def _room(name: str) -> Phrase:
    return Phrase(f"web.room.{name}")


def sample(theme: str = "", kind: str = "") -> dict[str, Any]:
    """The invented data that all pages of the look are filled with."""
    here = [
        ("overview", None), ("exhibits", 4), ("money", None), ("findings", 2), ("report", None),
        ("bundle", None), ("", None), ("custody", 1204), ("people", 3),
    ]  # fmt: skip
    rail = [
        parts.Place(_room(room), f"#{room}", count, current=room == "money")
        if room
        else parts.Place(_room("records"))
        for room, count in here
    ]
    return {
        "theme": theme, "rail": rail, "kind": kind, "find_url": "/find", "home_url": "/",
        "person": {"id": 7, "name": "Officer Dara (sample)", "role": Phrase("web.role.officer")},
        "menu": [{"name": _room("keys"), "url": "#keys"}],
        "sign_out_url": "/sign-out", "language_url": "/language",
        "languages": [
            {"code": "en", "name": "English", "reviewed": True, "current": True},
            {"code": "km", "name": "ខ្មែរ", "reviewed": False},
            {"code": "vi", "name": "Tiếng Việt", "reviewed": False},
        ],
        "crumbs": [
            parts.Crumb(_room("cases"), "#cases"),
            parts.Crumb("2026-014 Sample: payment under threat", "#case"),
            parts.Crumb(_room("money")),
        ],
        "txid": TXID, "address": ADDRESS, "moment": MOMENT, "form": sample_form(),
        "wrong_form": sample_form({"name": "", "direction": "sideways", "remark": "Kept."}),
        "page": Paginator(range(200), 25).page(2),
        "columns": [
            parts.Column("From"), parts.Column("To"), parts.Column("Amount", right=True),
            parts.Column("When"), parts.Column("Why it is here"),
        ],
        "rows": [
            [parts.Tag("service", "Exchange, 3 outputs"),
             parts.Identifier(TXID, "#tx", short=True), parts.Amount(30_100_000),
             parts.When(MOMENT), "FIFO: first 3 outputs of the input list"],
            [parts.Identifier(ADDRESS, "#address", short=True),
             parts.Identifier(TXID, short=True), parts.Amount(14_200_000),
             parts.When(MOMENT), "FIFO: next in the input list"],
            [parts.Tag("unknown", "unknown source"), parts.Identifier(TXID, short=True),
             parts.Amount(None), parts.When(None), "the source's block is not in this slice"],
        ],
    }  # fmt: skip


VIEWS = {
    "/style": "style.html",
    "/money": "money.html",
    "/sign-in": "sign_in.html",
    "/form": "form.html",
    "/error": "kancil/error.html",
    "/signed-out": "kancil/signed-out.html",
    "/nothing": "nothing.html",
}
"""Path of each page of the look → its template."""


def answer(environ: dict[str, Any], start: Start) -> Iterable[bytes]:
    """Serve the pages and the static files under the strict policy, as a WSGI application."""
    path = environ["PATH_INFO"]
    query = dict(
        part.split("=", 1) for part in environ.get("QUERY_STRING", "").split("&") if "=" in part
    )
    language = query.pop("language", "en")
    headers = [("Content-Security-Policy", POLICY), ("X-Content-Type-Options", "nosniff")]
    file = STATIC / re.sub(r"^/static/(?:[0-9a-f]{16}/)?", "", path)
    if path.startswith("/static/") and ".." not in path and file.is_file():
        kind = mimetypes.guess_type(file.name)[0] or "application/octet-stream"
        start("200 OK", [*headers, ("Content-Type", kind)])
        return [file.read_bytes()]
    if path not in VIEWS:
        body = render("kancil/error.html", status=404)
        start("404 Not Found", [*headers, ("Content-Type", "text/html; charset=utf-8")])
        return [body.encode()]
    cookies = environ.get("HTTP_COOKIE", "")
    theme = next((each for each in ("light", "dark") if f"kancil_theme={each}" in cookies), "")
    context = {**sample(theme), **query, "status": 404}
    if path in ("/error", "/signed-out", "/sign-in"):
        context |= {"rail": [], "crumbs": [], "person": None, "title": ""}
    body = render(VIEWS[path], language, **context)
    start("200 OK", [*headers, ("Content-Type", "text/html; charset=utf-8")])
    return [body.encode()]


@contextmanager
def serving(application: Callable[..., Iterable[bytes]] = answer) -> Iterator[str]:
    """Serve on a free port of this machine alone; gives the address."""
    start_django()
    server = wsgi.Server(("127.0.0.1", 0), application, numthreads=4)
    server.prepare()
    thread = threading.Thread(target=server.serve, daemon=True)
    thread.start()
    try:
        yield f"http://localhost:{server.bind_addr[1]}"
    finally:
        server.stop()
        thread.join()


def main(folder: Path) -> None:
    """Write a picture of each page."""
    from tests.page.browser import open_browser

    folder.mkdir(parents=True, exist_ok=True)
    with serving() as address, open_browser() as browser:
        for path in VIEWS:
            for width in (1280, 390):
                for scheme in SCHEMES:
                    for language in ("en", "km"):
                        page = browser.new_page(
                            viewport={"width": width, "height": 900},
                            color_scheme=scheme,
                        )
                        page.goto(f"{address}{path}?language={language}")
                        page.evaluate("document.fonts.ready.then(() => true)")
                        name = f"{path[1:]}-{width}-{scheme}-{language}.png"
                        page.screenshot(path=folder / name, full_page=True)
                        page.close()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
