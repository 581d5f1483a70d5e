"""The index of selectors: written with what is recorded, made anew from what is kept."""

from __future__ import annotations

from kancil.ground.ids import new_id
from tests.cli.sample_unit import FIRST_PAYMENT, LISTED_PAYMENT, PAID_ADDRESS
from tests.work.shop import Shop


def test_a_search_names_the_studies_and_traces_of_ones_own_cases_alone(shop: Shop) -> None:
    from kancil.desk.cases.search import named_in

    site = shop.site
    asked = {"chain": "main", "address": PAID_ADDRESS}
    shop.ask("run-study", case="C1", study="cluster", asked=asked)
    shop.work_off()
    own = [site.case("C1")]
    found = named_in(site.ledger, site.workspace, PAID_ADDRESS, own, 10)
    assert [each.study for each in found.studies] == ["cluster"]
    assert (found.traces, found.unread) == ([], 0)
    by_payment = named_in(site.ledger, site.workspace, FIRST_PAYMENT, own, 10)
    assert [each.number for each in by_payment.traces] == [1]
    other = named_in(site.ledger, site.workspace, FIRST_PAYMENT, [new_id()], 10)
    assert (other.traces, other.studies, other.findings) == ([], [], [])


def test_what_was_recorded_before_there_was_an_index_is_found(shop: Shop) -> None:
    from kancil.desk.cases.search import named_in
    from kancil.desk.selectors.models import Indexed, Sighting

    site, own = shop.site, [shop.site.case("C3")]
    txid = LISTED_PAYMENT[:64]
    before = named_in(site.ledger, site.workspace, txid, own, 10)
    assert before.traces
    seen = Sighting.objects.filter(case_id__in=own).count()
    Sighting.objects.all().delete()
    Indexed.objects.all().delete()
    again = named_in(site.ledger, site.workspace, txid, own, 10)
    assert [each.id for each in again.traces] == [each.id for each in before.traces]
    assert Sighting.objects.filter(case_id__in=own).count() == seen
