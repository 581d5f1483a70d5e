"""Findings on the site: what was taken back is shown as taken back."""

from __future__ import annotations

from pathlib import Path

from tests.web.site import Site


def test_a_withdrawn_finding_stays_on_its_page_and_says_why(site: Site) -> None:
    site.unit.say("finding", "accept", "C1", "--trace", "T1", "--class", "chain-fact")
    site.unit.say("finding", "accept", "C1", "--trace", "T1", "--class", "policy-result")
    client = site.client("officer")
    before = client.get("/cases/1/findings/").content.decode()
    assert "withdrawn" not in before
    site.unit.say("finding", "withdraw", "F1", "--reason", "read from the wrong row")
    after = client.get("/cases/1/findings/").content.decode()
    assert after.count("read from the wrong row") == 1
    assert "Withdrawn later" in after
    assert "F1" in after
    assert "F2" in after


def test_the_models_are_what_the_migrations_make(site: Site) -> None:
    from django.core.management import call_command

    assert site.ledger.head().size
    call_command("makemigrations", check_changes=True, dry_run=True, verbosity=0)


def test_after_a_finding_the_page_says_what_comes_next(site: Site, tmp_path: Path) -> None:
    client = site.client("officer")
    site.unit.say("finding", "accept", "C1", "--trace", "T1", "--class", "chain-fact")
    page = client.get("/cases/1/findings/").content.decode().split("<main")[1]
    assert "Next: print the findings in a report." in page
    assert 'href="/cases/1/report/"' in page
    reader = site.client("reader").get("/cases/1/findings/").content.decode()
    assert "Next: print" not in reader, "who only reads makes none"
    site.unit.say("report", "C1", "-o", tmp_path / "report.pdf")
    page = client.get("/cases/1/findings/").content.decode().split("<main")[1]
    assert "Next: make a bundle, which others can check without Kancil." in page
    site.unit.say("bundle", "C1", "-o", tmp_path / "bundle.zip")
    assert "Next: " not in client.get("/cases/1/findings/").content.decode().split("<main")[1]
