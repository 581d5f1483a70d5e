"""Findings on the site: what was taken back is shown as taken back."""

from __future__ import annotations

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
