"""A page speaks the chosen language where it is offered in it; else it is English and says so."""

from __future__ import annotations

import pytest

from kancil.ground import offered
from kancil.ground.workspace import Site as WorkspaceSite
from kancil.web.page import pages_of
from kancil.web.surface import surface_of
from tests.cli.running import Unit
from tests.cli.sample_unit import copied
from tests.web.site import Site, site_of


@pytest.fixture(scope="module")
def site(sample: Unit, tmp_path_factory: pytest.TempPathFactory) -> Site:
    served = site_of(copied(sample, tmp_path_factory.mktemp("offered")))
    person = served.people["officer"]
    person.language = "lo"
    person.save()
    return served


def having(patch: pytest.MonkeyPatch, **rooms: int) -> None:
    """Let Lao have so many of the hundred sentences of each room; of others, all."""
    counts = {room: (rooms.get(room, 100), 100) for room in offered.coverage("en")}
    patch.setattr(offered, "coverage", lambda _: counts)


def test_a_page_with_its_words_speaks_the_chosen_language(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    having(monkeypatch)
    page = site.client("officer").get("/find/?q=C1", follow=True).content.decode()
    assert '<html lang="lo"' in page
    assert "not-in-language" not in page


@pytest.mark.parametrize(
    ("have", "said"),
    [
        (0, "This page is in English; no one has translated it to ລາວ yet."),
        (94, "its translation to ລາວ is not finished"),
    ],
)
def test_a_page_below_the_bar_is_english_and_says_so(
    site: Site, monkeypatch: pytest.MonkeyPatch, have: int, said: str
) -> None:
    having(monkeypatch, web_search=have, web=have)
    page = site.client("officer").get("/find/?q=nothing").content.decode()
    assert '<html lang="en"' in page
    assert said in page
    assert 'value="lo" lang="lo" aria-current="true"' in page, "what was chosen stays chosen"


def test_the_menu_says_on_how_many_of_the_pages_a_language_is_offered(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    having(monkeypatch, web_search=0)
    surfaces = [surface_of(each.view.__module__) for each in pages_of(WorkspaceSite.UNIT)]
    of, lacking = len(surfaces) - surfaces.count(None), surfaces.count("web.home.search")
    page = site.client("officer").get("/").content.decode()
    assert lacking
    assert f": {of - lacking} of {of}</small></button>" in page


def test_the_menu_has_no_language_in_which_no_page_is_offered(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    rooms = offered.coverage("en")
    printed = ("reports", "statements", "tracing")
    having(monkeypatch, **{each: 0 for each in rooms if not each.startswith(printed)})
    assert offered.is_offered("lo", "report")
    assert 'name="language" value="lo"' not in site.client(None).get("/sign-in/").content.decode()


def test_a_report_is_offered_in_no_language_that_lacks_its_words(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    having(monkeypatch, reports=80, reports_pdf=80)
    client = site.client("officer")
    page = client.get("/cases/1/report/").content.decode()
    assert '<option value="en"' in page
    assert '<option value="lo"' not in page
    sent = {"report_kind": "prosecutor", "report_language": "lo", "passphrase": "x"}
    answer = client.post("/cases/1/report/", sent).content.decode()
    assert not site.entries("report.made")
    assert 'id="form-errors"' in answer


def test_the_entrance_names_the_language_in_words(site: Site) -> None:
    page = site.client(None).get("/sign-in/").content.decode()
    assert "Language: <b>English</b>" in page
    assert "i-person" not in page


def test_own_account_stands_in_the_menu_with_password_and_factors(site: Site) -> None:
    page = site.client("examiner").get("/").content.decode()
    menu = page.partition('<details class="menu">')[2].partition("</details>")[0]
    for path in ("/account/password/", "/account/factors/", "/account/key/"):
        assert f'href="{path}"' in menu, path
    assert "My account" in menu
