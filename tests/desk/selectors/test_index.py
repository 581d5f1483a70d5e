"""The index of selectors: written with what is recorded, made anew from what is kept."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from kancil.evidence.vault import Vault
from kancil.ground.ids import new_id
from tests.cli.sample_unit import FIRST_PAYMENT, LISTED_PAYMENT, PAID_ADDRESS
from tests.cli.stated_files import RECEIVER, stated_files
from tests.web.scam_site import read_scam
from tests.web.site import Site
from tests.work.shop import Shop

if TYPE_CHECKING:
    from kancil.desk.studies.named_in import NamedIn


def named(site: Site, text: str, cases: Sequence[str]) -> NamedIn:
    from kancil.desk.selectors.kinds import read_selectors
    from kancil.desk.studies.named_in import Searched

    vault = Vault(site.workspace.vault_dir, site.workspace.incoming_dir)
    asked = read_selectors(text, "LA")
    return Searched(site.ledger, site.workspace, vault, cases).named_in(asked, 10)


def test_a_search_names_the_studies_and_traces_of_ones_own_cases_alone(shop: Shop) -> None:
    site = shop.site
    asked = {"chain": "main", "address": PAID_ADDRESS}
    shop.ask("run-study", case="C1", study="cluster", asked=asked)
    shop.work_off()
    own = [site.case("C1")]
    found = named(site, PAID_ADDRESS, own)
    assert [each.study for each in found.studies] == ["cluster"]
    assert (found.traces, found.unread) == ([], 0)
    by_payment = named(site, FIRST_PAYMENT, own)
    assert [each.number for each in by_payment.traces] == [1]
    other = named(site, FIRST_PAYMENT, [new_id()])
    assert (other.traces, other.studies, other.findings) == ([], [], [])


def test_what_was_recorded_before_there_was_an_index_is_found(shop: Shop) -> None:
    from kancil.desk.selectors.models import Indexed, Sighting

    site, own = shop.site, [shop.site.case("C3")]
    txid = LISTED_PAYMENT[:64]
    before = named(site, txid, own)
    assert before.traces
    seen = Sighting.objects.filter(case_id__in=own).count()
    Sighting.objects.all().delete()
    Indexed.objects.all().delete()
    again = named(site, txid, own)
    assert [each.id for each in again.traces] == [each.id for each in before.traces]
    assert Sighting.objects.filter(case_id__in=own).count() == seen


def test_a_table_that_reports_transfers_names_what_it_states(shop: Shop, tmp_path: Path) -> None:
    site, own = shop.site, [shop.site.case("C1")]
    table, mapping, _ = stated_files(tmp_path)
    exhibit = site.unit.ask("exhibit", "add", "C1", table, "--title", "Return")["label"]
    site.unit.say("transfers", "read", exhibit, "--mapping", mapping)
    (found,) = named(site, RECEIVER, own).tables
    assert (found.kind, found.row, found.rows) == ("bitcoin-address", 1, 4)
    assert f"E{found.exhibit.number}" == exhibit
    (on_tron,) = named(site, "a" * 64, own).tables
    assert (on_tron.kind, on_tron.row, on_tron.rows) == ("tron-txid", 4, 1)
    assert named(site, RECEIVER, [new_id()]).tables == []
    page = site.client("officer").get("/find/", {"q": RECEIVER}).content.decode()
    assert "Reported transfers of my cases" in page
    assert "bitcoin address" in page


def test_watch_lists_and_complaints_feed_the_index(shop: Shop, tmp_path: Path) -> None:
    from kancil.desk.studies.models import Watch
    from kancil.ground.clock import now

    site = shop.site
    own = [site.case("C1")]
    Watch.objects.create(
        number=1, chain="main", address=PAID_ADDRESS, is_cluster=False, case_id=own[0],
        reason="invented", legal_basis="invented", by="O1", since=now(), ended_by="", ended_why="",
    )  # fmt: skip
    (watched,) = named(site, PAID_ADDRESS, own).watches
    assert (watched.number, watched.has_ended) == (1, False)
    assert named(site, PAID_ADDRESS, [site.case("C2")]).watches == []
    read_scam(site, tmp_path, ("complaints.csv",))
    (told,) = named(site, "030-555-1112", own).tables
    assert (told.kind, told.rows) == ("bank-account", 2)
