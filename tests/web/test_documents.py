"""What the report and the bundle of a case print of reported transfers, victims and saved views."""

from __future__ import annotations

from pathlib import Path

import pytest

from kancil.ground import canonical
from kancil.reports.casework.bundle.archive import read_archive
from kancil.studies.canvas.view import read_view_file
from tests.reports import poppler
from tests.web.signing import PASSPHRASE, with_key
from tests.web.site import Site
from tests.web.test_canvas import part
from tests.web.test_leaving import BUNDLE, REPORT, officer, order, site, ticked, whole

__all__ = ["site"]
"""The fixture of the neighbour: an officer with a key of their own."""


@pytest.fixture
def with_scam(scam_site: Site) -> Site:
    """The same officer where the tables of the invented swindle were read."""
    with_key(scam_site, "officer")
    return scam_site


def made(site: Site, tmp_path: Path, **changed: object) -> str:
    """Make a report of case 1; its text."""
    poppler.need("pdftotext")
    client = officer(site)
    answer = client.post(REPORT, order(report_kind="prosecutor", **changed))
    assert answer.status_code == 302, answer.content.decode()[:3000]
    entry = site.entries("report.made")[-1]
    sent = client.get(f"{REPORT}{entry.n}.pdf")
    path = tmp_path / f"{entry.n}.pdf"
    path.write_bytes(whole(sent))
    return " ".join(poppler.text_of(path).split())


def test_a_report_prints_what_is_reported_and_victims_without_their_names(
    with_scam: Site, tmp_path: Path
) -> None:
    text = made(with_scam, tmp_path)
    for words in (
        "3 victims complain of having paid",
        "Reported transfers and victims", "Vientiane Example Bank",
        "names are not printed", "Reported, not proved: Victims",
    ):  # fmt: skip
        assert words in text, words
    assert "Invented One" not in text


def test_where_a_reading_is_withheld_nothing_of_reported_transfers_is_printed(
    with_scam: Site, tmp_path: Path
) -> None:
    n = with_scam.entries("transfers.read")[0].n
    text = made(with_scam, tmp_path, **ticked(str(n), "a protected witness"))
    assert "since entries on which they rest are withheld" in text
    assert "victims complain" not in text
    assert "Reported, not proved" not in text


def saved(site: Site, query: str = "trace=1") -> str:
    """Save a view of the first trace as an officer does on the canvas; its label."""
    client = officer(site)
    view = part(client.get(f"/cases/1/canvas/?{query}").content.decode(), "canvas-view")
    sent = canonical.dumps({"view": view, "name": "To the payee", "note": "", "base": None})
    answer = client.post("/cases/1/canvas/save/", sent, content_type="application/json")
    assert answer.status_code == 200, answer.content.decode()
    return str(answer.json()["saved"]["label"])


def test_a_view_that_an_officer_ticks_goes_into_report_and_bundle_as_saved(
    site: Site, tmp_path: Path
) -> None:
    client = officer(site)
    assert "shown_views" not in client.get(REPORT).content.decode(), "there is none yet"
    label = saved(site)
    assert "To the payee" in client.get(REPORT).content.decode()
    assert f"Saved view {label}" not in made(site, tmp_path)
    text = made(site, tmp_path, shown_views=[label])
    assert f"Saved view {label}: To the payee" in text
    assert "An officer arranged this picture" in text
    sent = {"purpose": "court", "shown_views": [label], "passphrase": PASSPHRASE}
    assert client.post(BUNDLE, sent).status_code == 302
    entry = site.entries("bundle.made")[-1]
    assert len(entry.body["views"]) == 1
    data = whole(client.get(f"{BUNDLE}{entry.n}.zip"))
    view = read_view_file(read_archive(data).members["views/1.json"])
    assert view.sha256 == site.entries("view.saved")[-1].body["sha256"]
    site.verify()


def test_a_view_with_reported_transfers_is_printed_with_them_and_says_that_they_are_reported(
    with_scam: Site, tmp_path: Path
) -> None:
    label = saved(with_scam, "trace=1&transfers=1")
    text = made(with_scam, tmp_path, shown_views=[label])
    assert f"Saved view {label}" in text
    assert "Transfers that tables of the case report" in text
    _, _, drawn = text.partition(f"Saved view {label}")
    assert " LAK" in drawn, "amounts of banks stand in the picture"
    n = with_scam.entries("transfers.read")[0].n
    hushed = made(with_scam, tmp_path, shown_views=[label], **ticked(str(n), "a protected witness"))
    _, _, drawn = hushed.partition(f"Saved view {label}")
    assert drawn
    assert " LAK" not in drawn


@pytest.mark.parametrize("page", [REPORT, BUNDLE])
def test_a_view_that_is_not_there_is_refused(site: Site, page: str) -> None:
    saved(site)
    answer = officer(site).post(page, order(purpose="court", shown_views=["V9"]))
    assert answer.status_code == 200
    assert not site.entries("report.made")
    assert not site.entries("bundle.made")
