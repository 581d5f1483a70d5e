"""Hostile text in every field of every form: shown as what it is, never as what it would do.

Markup, quotes, template tags, formulas, marks that turn the direction of reading, characters of no
width, ten thousand characters. Each form of the site is filled with it, then every page is opened,
the report, the bundle and the graph's files are read, and Chromium looks at all of it.
"""

from __future__ import annotations

import csv
import io
import re
import threading
import zipfile
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import TYPE_CHECKING, Any

import pytest
from playwright.sync_api import Browser

from kancil.ground.words import visible
from tests.cli.running import Unit
from tests.cli.sample_unit import FIRST_COINS, copied
from tests.reports import poppler
from tests.web.signing import PASSPHRASE, confirm, with_key
from tests.web.site import Site, site_of
from tests.web.test_permissions import address, pages
from tests.web.watching import watch

if TYPE_CHECKING:
    from django.test import Client

pytestmark = pytest.mark.thorough

EVIL = "kancil-evil"
"""Were it read as markup, this would be a tag, an attribute, or the address of a script."""
TURNED = "\u202e\u2066\u200f\u200b\ufeff"
HOSTILE = (
    f"=1+1 <{EVIL} {EVIL}=1></title><script>window.{EVIL.replace('-', '_')}=1</script>"
    f'"\'> {EVIL}="1" {{{{ 7|add:92837 }}}}{{% x %}} javascript:alert(1) '
    f'#panic("x") $x$ {TURNED}end'
)
SHORT = f"@<{EVIL}>\"'{TURNED[:2]}{{{{7}}}}"
LONG = "W" * 10_000
KNOWN = {
    "handling_code": "",
    "start": FIRST_COINS, "basis_kind": "consent", "passphrase": PASSPHRASE,
    "policy": "fifo", "direction": "forward", "chain": "main",
    "min_sat": "0", "hops": "2", "row": "1", "since": "", "until": "", "outside_kind": "person",
    "finding_class": "chain-fact", "report_kind": "prosecutor", "report_language": "en",
}  # fmt: skip
"""What a form must be given for the rest of it to be taken."""


@dataclass
class Read(HTMLParser):
    """A page: its forms with their fields, and what of the hostile text was read as markup."""

    forms: list[dict[str, Any]] = field(default_factory=list)
    evil: list[str] = field(default_factory=list)
    scripts: int = 0

    def __post_init__(self) -> None:
        super().__init__(convert_charrefs=True)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        self.scripts += tag == "script" and not given.get("src") and "json" not in str(given)
        if tag == EVIL or EVIL in given or any(name.startswith("on") for name in given):
            self.evil.append(self.get_starttag_text() or tag)
        if any(given.get(name, "").startswith("javascript") for name in ("href", "src", "action")):
            self.evil.append(self.get_starttag_text() or tag)
        if tag == "form":
            self.forms.append({"action": given.get("action", ""), "fields": {}, **given})
        if tag in ("input", "textarea", "select") and "name" in given and self.forms:
            self.forms[-1]["fields"][given["name"]] = (tag, given)


def read(answer: Any) -> Read:
    """Read a page, and hold it to show the hostile text as text."""
    text = str(answer.content.decode())
    found = Read()
    found.feed(text)
    assert not found.evil, found.evil
    assert not found.scripts, "a script stands in the page"
    assert "92844" not in text, "a template tag was run"
    shown = re.sub(r"<textarea.*?</textarea>|<input[^>]*>", "", text, flags=re.DOTALL)
    shown = re.sub(r'\bdata-copy="[^"]*"', "", shown)
    turned = re.findall(f".{{0,80}}[{TURNED}].{{0,20}}", shown)
    assert not turned, "text is turned or hidden on the page"
    return found


def filled(fields: dict[str, tuple[str, dict[str, str]]], text: str) -> dict[str, Any]:
    """Fill in every field of a form that takes text."""
    from django.core.files.uploadedfile import SimpleUploadedFile

    given: dict[str, Any] = {}
    for name, (tag, attributes) in fields.items():
        kind = attributes.get("type", "text")
        if name in KNOWN:
            given[name] = KNOWN[name]
        elif kind == "file" and "certificate" not in name:
            given[name] = SimpleUploadedFile(f"../{HOSTILE[:200]}.txt", b"bytes")
        elif tag == "textarea" or kind in ("text", "search", "password"):
            given[name] = text[: int(attributes.get("maxlength", 10**9))]
        elif kind == "hidden":
            given[name] = attributes.get("value", "")
    return given


@dataclass
class Filled:
    """A site in which somebody has typed hostile text wherever there was a field."""

    site: Site
    case: int
    trace: int
    exhibit: int
    """A seized thing in the officer's hands."""
    leaving: int
    """One that was handed over, and may leave."""

    def client(self, name: str) -> Client:
        return self.site.client(name)

    def addresses(self) -> list[str]:
        """List the pages to look at, of the hostile case and of the site."""
        return [
            self.of_mine(address(page), page.name)
            for page in pages()
            if "GET" in page.methods and page.name not in ("account_logout", "bundle_file")
        ]

    def of_mine(self, url: str, name: str) -> str:
        """Turn the sample's case, trace and exhibit in an address into the hostile ones."""
        exhibit = self.leaving if name == "exhibit_return" else self.exhibit
        url = re.sub("^/cases/1/", f"/cases/{self.case}/", url)
        url = re.sub("(?<=/)money/1/", f"money/{self.trace}/", url)
        return re.sub("(?<=/)exhibits/1/", f"exhibits/{exhibit}/", url)


@pytest.fixture(scope="module")
def hostile(sample: Unit, tmp_path_factory: pytest.TempPathFactory) -> Filled:
    """Fill in every form, as an officer of a hostile case and as an administrator."""
    site = site_of(copied(sample, tmp_path_factory.mktemp("texts")))
    with_key(site, "officer")
    officer = site.client("officer")
    case = made(post(officer, "/cases/new/"))
    trace = made(post(officer, f"/cases/{case}/money/ask/"))
    confirm(officer)
    finding = f"/cases/{case}/money/{trace}/finding/"
    for url in (f"/cases/{case}/intake/", finding):
        made(post(officer, url))
    assert made(post(officer, finding, do="keep")) == 1, "no draft was kept"
    entry = site.entries("exhibit.added")[-1]
    for path in ("report", "bundle"):
        name = "withhold" if path == "report" else "withhold_whole"
        more = {name: str(entry.n), f"{name}-{entry.n}": HOSTILE}
        made(post(officer, f"/cases/{case}/{path}/", **more))
    for path in ("basis", "people"):
        assert post(officer, f"/cases/{case}/{path}/").status_code in (200, 302), path
    assert post(site.client("administrator"), "/people/new/", SHORT).status_code == 200
    return Filled(site, case, trace, *(seized(site, officer, case) for _ in range(2)))


def seized(site: Site, officer: Client, case: int) -> int:
    """Seize a hostile thing, with a hostile photograph, and record a hostile seal."""
    mine, first = site.people["officer"].officer, site.by.id
    exhibit = made(post(officer, f"/cases/{case}/exhibits/seize/", seized_by=str(mine)))
    url = f"/cases/{case}/exhibits/{exhibit}/"
    for path in ("seal", "open", "acquire", "store"):
        made(post(officer, f"{url}{path}/"))
    if len(site.entries("exhibit.seized")) > 1:
        made(post(officer, f"{url}hand-over/", receiver=first, receiver_passphrase=""))
        made(post(officer, f"{url}deposit/"))
        made(post(officer, f"{url}take-back/"))
        made(post(officer, f"{url}hand-out/"))
    return exhibit


def made(answer: Any) -> int:
    """Hold a form to have been taken; give the last number of where it led."""
    assert answer.status_code == 302, re.findall(r"<li>.*?</li>", answer.content.decode())
    assert "confirm" not in answer.headers["Location"]
    return int((re.findall(r"/([0-9]+)(?=/)", answer.headers["Location"]) or ["0"])[-1])


def post(client: Client, url: str, text: str = HOSTILE, **more: str) -> Any:
    """Fill in the main form of a page and send it."""
    page = read(client.get(url))
    mine = [each for each in page.forms if each.get("method") == "post" and "data-keep" in each]
    assert len(mine) == 1, (url, page.forms)
    return client.post(mine[0]["action"] or url, filled(mine[0]["fields"], text) | more)


def test_text_that_steers_unseen_is_shown_by_its_number() -> None:
    assert visible("a\u202eb") == "a⟨U+202E⟩b"
    assert visible("exam\u200bple") == "exam⟨U+200B⟩ple"
    khmer = "\u1781\u17d2\u1798\u17c2\u200b\u1798\u17c1"
    assert visible(khmer) == khmer, "Khmer is written with it"
    assert visible("a\tb\nc\u00a0d") == "a\tb\nc\u00a0d"
    assert visible("\u200b\x00\x1b[31m") == "⟨U+200B⟩⟨U+0000⟩⟨U+001B⟩[31m"


@pytest.mark.thorough
def test_every_form_takes_or_refuses_hostile_text_and_never_runs_it(hostile: Filled) -> None:
    met, filled_in = 0, set[str]()
    for name in ("administrator", "officer"):
        client = hostile.client(name)
        for url in hostile.addresses():
            answer = client.get(url)
            if answer.status_code != 200 or "html" not in answer.headers["Content-Type"]:
                continue
            filled_in.add(url)
            for form in read(answer).forms:
                action = form["action"] or url
                if form.get("method") != "post" or "sign-out" in action or "password" in action:
                    continue
                for text in (HOSTILE, LONG):
                    sent = client.post(action, filled(form["fields"], text))
                    assert sent.status_code < 500, (action, text[:20])
                    if sent.status_code == 200 and "html" in sent.headers["Content-Type"]:
                        read(sent)
                    met += 1
    assert met > 60, "forms were not found"
    things = [url for url in filled_in if f"/exhibits/{hostile.exhibit}/" in url]
    assert len(things) >= 8, "the acts on an exhibit were not found"
    client = hostile.client("officer")
    for text in (HOSTILE, LONG):
        read(client.get("/find/", {"q": text}))
        read(client.get("/chains/main/graph/", {"start": text}))
        read(
            site_answer := client.get(
                f"/cases/{hostile.case}/money/{hostile.trace}/finding/", {"row": text}
            )
        )
        assert site_answer.status_code < 500


def seen_by(hostile: Filled, name: str) -> str:
    """Read every page that somebody may see."""
    seen = ""
    for url in hostile.addresses():
        answer = hostile.client(name).get(url)
        if answer.status_code == 200 and "html" in answer.headers["Content-Type"]:
            read(answer)
            seen += answer.content.decode()
    return seen


@pytest.mark.thorough
@pytest.mark.parametrize("name", ["administrator", "reader"])
def test_every_page_of_others_shows_what_was_typed_as_text(hostile: Filled, name: str) -> None:
    assert "</html>" in seen_by(hostile, name)


def test_every_page_shows_what_was_typed_as_text(hostile: Filled) -> None:
    seen = seen_by(hostile, "officer")
    assert f"&lt;{EVIL}" in seen
    assert "⟨U+202E⟩" in seen
    assert "{{ 7|add:92837 }}" in seen


def is_formula(cell: str) -> bool:
    return cell[:1] in ("=", "+", "-", "@", "\t", "\r")


def test_the_bundle_and_its_report_hold_it_as_text_and_no_cell_is_a_formula(
    hostile: Filled,
) -> None:
    folder = hostile.site.workspace.root / "desk" / "bundles"
    path = min(folder.glob(f"C{hostile.case}-*.zip"))
    with zipfile.ZipFile(path) as bundle:
        report = bundle.read("analysis/report.html").decode()
        tables = [name for name in bundle.namelist() if name.endswith(".csv")]
        cells = [
            cell
            for name in tables
            for row in csv.reader(io.StringIO(bundle.read(name).decode(), newline=""))
            for cell in row
        ]
    found = Read()
    found.feed(report)
    assert not found.evil
    assert f"&lt;{EVIL}" in report
    assert not set(TURNED) & set(report)
    assert len(tables) >= 5
    assert not [cell for cell in cells if is_formula(cell)]


def test_the_printed_report_shows_it_as_text(hostile: Filled) -> None:
    poppler.need("pdftotext")
    folder = hostile.site.workspace.root / "desk" / "reports"
    path = min(folder.glob(f"C{hostile.case}-*.pdf"))
    text = poppler.text_of(path)
    assert f"<{EVIL}" in text
    assert "#panic(" in text
    assert "\u202e" not in text


def test_the_graphs_files_hold_no_formula_and_no_script(hostile: Filled) -> None:
    client, url = hostile.client("officer"), f"/cases/{hostile.case}/"
    page = client.get(f"{url}canvas/?trace={hostile.trace}").content.decode()
    view = re.search(r'<script id="canvas-view"[^>]*>(.*?)</script>', page, re.S)[1]  # type: ignore[index]
    table = client.post(f"{url}canvas/csv/", {"view": view})
    rows = list(csv.reader(io.StringIO(table.content.decode(), newline="")))
    assert len(rows) > 1
    assert not [cell for row in rows for cell in row if is_formula(cell)]
    picture = client.get(f"{url}money/{hostile.trace}/picture.svg").content.decode()
    assert "<script" not in picture
    assert EVIL not in re.findall(r"<([\w-]+)", picture)


@pytest.mark.thorough
@pytest.mark.browser
def test_chromium_runs_none_of_it_and_no_page_grows_wider_than_a_phone(
    hostile: Filled, browser_after: Any
) -> None:
    cookies = {
        name: str(hostile.client(name).cookies["sessionid"].value)
        for name in ("officer", "administrator")
    }
    browser, port = browser_after()
    money = f"money/{hostile.trace}/"
    exhibit = f"exhibits/{hostile.exhibit}/"
    shown = ("", "exhibits/", "custody/", "people/", "findings/", "report/", "bundle/", money,
             exhibit, f"{exhibit}hand-over/", f"{exhibit}dispose/")  # fmt: skip
    urls = [f"/cases/{hostile.case}/{path}" for path in (*shown, f"{money}finding/")]
    for url in ["/", "/find/?q=%3Ckancil-evil%3E%E2%80%AE", *urls]:
        look(browser, f"http://localhost:{port}{url}", cookies["officer"])
    look(browser, f"http://localhost:{port}/people/", cookies["administrator"])


def look(browser: Browser, url: str, session: str) -> None:
    """Open a page as a person, at the width of a phone; nothing may go wrong in it."""
    state: Any = {
        "cookies": [
            {
                "name": "sessionid", "value": session, "domain": "localhost", "path": "/",
                "expires": -1, "httpOnly": True, "secure": False, "sameSite": "Lax",
            }
        ],
        "origins": [],
    }  # fmt: skip
    watched = watch(browser, url, width=390, storage_state=state)
    try:
        assert not watched.faults(), (url, watched.faults())
        assert watched.page.evaluate("window.kancil_evil === undefined"), url
        assert watched.page.locator(EVIL).count() == 0, url
        assert not watched.sticks_out(), (url, watched.sticks_out())
    finally:
        watched.page.context.close()


@pytest.fixture
def browser_after(hostile: Filled, request: pytest.FixtureRequest) -> Any:
    """Serve the site from this process, and open Chromium only once that is done.

    Its driver leaves an event loop in this thread, in which Django then answers nothing.
    """
    from kancil.web.reach import Reach
    from kancil.web.serving import server

    running = server(Reach(port=0))
    running.prepare()
    serving = threading.Thread(target=running.serve)
    serving.start()

    def begin() -> tuple[Browser, int]:
        return request.getfixturevalue("browser"), running.bind_addr[1]

    yield begin
    running.stop()
    serving.join()
