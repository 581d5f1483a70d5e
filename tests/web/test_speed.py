"""What a page costs does not grow with the unit: as many queries for many cases as for few."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import pytest

from kancil.custody.basis import from_text
from kancil.custody.exhibits import Content
from kancil.custody.exhibits import add_exhibit as record_exhibit
from kancil.ground.ids import CaseId
from tests.cli.running import Unit
from tests.cli.sample_unit import FIRST_PAYMENT, PAID_ADDRESS, copied
from tests.web.site import Site, site_of

MOST_QUERIES = 29
ORDINARY_BYTES = 400_000


@pytest.fixture(scope="module")
def grown(sample: Unit, tmp_path_factory: pytest.TempPathFactory) -> Site:
    """A site with sixty cases more, which nobody may change."""
    site = site_of(copied(sample, tmp_path_factory.mktemp("grown")))
    grow(site)
    return site


def grow(site: Site, numbers: Iterable[int] = range(60)) -> None:
    """Open sixty cases, and add an exhibit to each and to case 1."""
    from kancil.desk.cases.actions import open_case

    officer = site.people["officer"]
    for number in numbers:
        case = open_case(
            site.ledger, title=f"Phone {number}", basis=from_text("Court, 1/2026"),
            opener=officer, by=site.by,
        )  # fmt: skip
        for target in (case, site.case("C1")):
            record_exhibit(
                site.ledger, case=CaseId(target), title=f"Phone {number}", source="generated",
                content=Content(1, 5, f"{number:064x}", f"{number:064x}", None, None, True),
                by=site.by,
            )  # fmt: skip


def pages() -> dict[str, str]:
    digest = "ab" * 32
    return {
        "home": "/", "cases": "/cases/", "case": "/cases/1/", "exhibits": "/cases/1/exhibits/",
        "exhibit": "/cases/1/exhibits/2/", "custody": "/cases/1/custody/",
        "studies": "/cases/1/money/", "findings": "/cases/1/findings/",
        "people": "/cases/1/people/", "transaction": f"/chains/main/tx/{FIRST_PAYMENT}/",
        "address": f"/chains/main/address/{PAID_ADDRESS}/",
        "graph": f"/chains/main/graph/?start={FIRST_PAYMENT}", "work": "/tasks/",
        "search a title": "/find/?q=phone", "search a digest": f"/find/?q={digest}",
        "search a transaction": f"/find/?q={FIRST_PAYMENT}",
        "search an address": f"/find/?q={PAID_ADDRESS[:-1]}e",
    }  # fmt: skip


def counted(client: Any, address: str) -> tuple[int, int]:
    """Ask for a page; give how many queries it made, and how many bytes it has."""
    from django.db import connection

    asked: list[str] = []

    def count(execute: Callable[..., Any], sql: str, *more: Any) -> Any:
        asked.append(sql)
        return execute(sql, *more)

    with connection.execute_wrapper(count):
        answer = client.get(address)
    assert answer.status_code == 200, (address, answer.status_code)
    return len(asked), len(answer.content)


def test_a_page_makes_as_many_queries_for_many_cases_and_exhibits_as_for_few(site: Site) -> None:
    client = site.client("officer")
    grow(site, [60])  # so that a search finds one
    client.get("/cases/1/")  # the entry that the officer looked in
    few = {name: counted(client, address) for name, address in pages().items()}
    grow(site)
    many = {name: counted(client, address) for name, address in pages().items()}
    assert {name: queries for name, (queries, _) in many.items()} == {
        name: queries for name, (queries, _) in few.items()
    }
    assert max(queries for queries, _ in many.values()) <= MOST_QUERIES
    assert max(size for _, size in many.values()) < ORDINARY_BYTES / 4


def test_a_long_history_is_shown_part_by_part_and_whole(grown: Site) -> None:
    """Every entry of the case stands on exactly one part of its custody page."""
    client = grown.client("officer")
    client.get("/cases/1/")
    size = len(list(grown.ledger.case_entries(grown.case("C1"))))
    assert size > 50
    shown: list[int] = []
    for part in range(1, -(-size // 50) + 1):
        page = client.get(f"/cases/1/custody/?page={part}").content.decode()
        rows = re.findall(r'<tr role="row"><td[^>]*><span class="num">([\d\u202f,  ]+)<', page)
        shown += [int(re.sub(r"\D", "", each)) for each in rows]
    assert shown == [entry.n for entry in grown.ledger.case_entries(grown.case("C1"))]
    last = client.get("/cases/1/custody/").content.decode()
    assert last.count('<tr role="row"><td') == size % 50 or size % 50 == 0


def test_entries_of_some_kinds_are_those_of_the_case_that_have_them(grown: Site) -> None:
    case = grown.case("C1")
    every = list(grown.ledger.case_entries(case))
    kinds = ("case.opened", "exhibit.added")
    assert [entry.n for entry in grown.ledger.case_entries(case, *kinds)] == [
        entry.n for entry in every if entry.kind in kinds
    ]
    assert [entry.n for entry in grown.ledger.case_part(case, 2, 5)] == [
        entry.n for entry in every[2:5]
    ]


GRAPH_BYTES = 1_100_000
STATIC = Path(__file__).parents[2] / "src" / "kancil" / "web" / "static"
FONTS_READ = ("NotoSans-", "NotoSansMono-", "NotoSansMyanmar-")
"""The fonts that a page loads in the heaviest script; the others are of scripts not on it."""


def loaded_with(page: str) -> set[Path]:
    """List the files that a page loads: what it links to, and what these name in their turn."""
    wanted = re.findall(r'(?:href|src)="/static/[0-9a-f]{16}/([^"]+)"', page)
    waiting = [STATIC / name for name in wanted]
    found: set[Path] = set()
    while waiting:
        path = waiting.pop().resolve()
        if path in found:
            continue
        assert path.is_file(), path
        found.add(path)
        text = path.read_text("utf-8") if path.suffix in (".css", ".js") else ""
        named = re.findall(r'url\(["\']?([^)"\']+)' if path.suffix == ".css" else
                           r'(?:from|import)\s*["\'](\.[^"\']+)["\']', text)  # fmt: skip
        waiting += [
            path.parent / each
            for each in named
            if not each.endswith(".woff2") or Path(each).name.startswith(FONTS_READ)
        ]
    return found


def test_real_pages_weigh_no_more_than_they_may_with_all_they_load(grown: Site) -> None:
    client = grown.client("officer")
    client.get("/cases/1/")
    for name, address in {**pages(), "trace": "/cases/1/money/1/"}.items():
        answer = client.get(address)
        assert answer.status_code == 200, name
        files = loaded_with(answer.content.decode())
        assert any(path.suffix == ".woff2" for path in files), "the fonts are counted"
        weight = len(answer.content) + sum(path.stat().st_size for path in files)
        assert weight < (GRAPH_BYTES if name in ("graph", "trace") else ORDINARY_BYTES), (
            name, weight
        )  # fmt: skip
