"""A profile answers what an address page must, in numbers that a plain view gives too."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from kancil.bitcoin.chain.chain import Chain
from kancil.bitcoin.clusters.clusters import Clusters, build_clusters
from kancil.bitcoin.clusters.coinjoins import exclude_coinjoins
from kancil.bitcoin.clusters.views import ask_cluster
from kancil.ground.words import render_phrase
from kancil.studies.profile import profile as module
from kancil.studies.profile.drawing import activity_svg
from kancil.studies.profile.profile import (
    Profile,
    address_profile,
    cluster_profile,
    profile_answer,
    profile_limits,
)
from tests.cli.sample_unit import PAID_ADDRESS
from tests.studies.moneygraph.sample_chain import sample_chain, sample_labels
from tests.web.test_clusters import FIRST_KEY, MAIN

GENESIS_KEYS_ADDRESS = "12c6DSiU4Rq3P4ZxziKxzrL5LmMBrzjrJX"


@pytest.fixture(scope="module")
def chain() -> Chain:
    return sample_chain()


@pytest.fixture(scope="module")
def clusters(chain: Chain) -> Clusters:
    return build_clusters(chain, sample_labels().index, exclude_coinjoins())


def said(profile: Profile) -> str:
    return " ".join(render_phrase(each) for each in profile_answer(profile))


@pytest.mark.parametrize("address", [PAID_ADDRESS, FIRST_KEY, MAIN])
def test_the_totals_are_those_of_the_plain_view(chain: Chain, address: str) -> None:
    view = chain.address(address)
    profile = address_profile(chain, address)
    assert profile.total_received_sat == view.received_sat
    assert profile.balance_sat == view.no_spend_seen_sat
    assert profile.total_spent_sat == view.received_sat - view.no_spend_seen_sat
    assert profile.deposits == view.deposit_count
    assert profile.income_sat - profile.outgo_sat == (
        profile.balance_sat - profile.spent_elsewhere_sat
    )
    assert profile.first_tx is not None
    assert profile.first_tx.txid == view.deposits[0].outpoint.partition(":")[0]
    assert profile.no_incoming_txs + profile.no_outgoing_txs == len(profile.activity.txs)  # type: ignore[union-attr]


def test_the_first_key_is_told_in_a_sentence(chain: Chain) -> None:
    told = said(address_profile(chain, FIRST_KEY))
    assert told == (
        "0411db93…b412a3 received 50 BTC in one transaction and sent 32 BTC, fees included, in 5 "
        "transactions; 18 BTC are unspent in the blocks held. First seen on 9 January 2009, last "
        "on 12 January 2009."
    )


def test_what_publishers_say_is_told_as_their_allegation(chain: Chain) -> None:
    profile = address_profile(chain, PAID_ADDRESS, sample_labels().index)
    assert "Listed by OFAC: the allegation of each publisher" in said(profile)
    assert any("is its publisher" in render_phrase(each) for each in profile_limits(profile))


def test_a_key_that_is_paid_directly_is_told_apart_and_not_counted(chain: Chain) -> None:
    profile = address_profile(chain, GENESIS_KEYS_ADDRESS)
    assert (profile.deposits, profile.total_received_sat) == (0, 0)
    (same,) = profile.same_key
    assert (same.script, same.deposits, same.received_sat) == ("p2pk", 1, 50 * 10**8)
    assert said(profile) == "No block held pays 12c6DSiU…rzjrJX or spends from it."


def test_a_clusters_totals_are_those_of_its_view(chain: Chain, clusters: Clusters) -> None:
    view = ask_cluster(chain, clusters, sample_labels().index, MAIN)
    profile = cluster_profile(chain, MAIN, clusters)
    assert view.coins is not None
    assert profile.total_received_sat == int(view.coins["received_sat"])
    assert profile.balance_sat == int(view.coins["no_spend_seen_sat"])
    assert len(profile.activity.txs) == view.coins["transactions"]  # type: ignore[union-attr]
    assert profile.entity is not None
    assert profile.entity.addresses == view.size
    own = {each["address"] for each in view.members}
    assert not own & {each.name for each in (*profile.payers, *profile.payees)}


def test_a_large_cluster_is_counted_by_its_rows_and_comes_out_the_same(
    chain: Chain, clusters: Clusters, monkeypatch: pytest.MonkeyPatch
) -> None:
    one_by_one = cluster_profile(chain, MAIN, clusters)
    monkeypatch.setattr(module, "FEW_MEMBERS", 0)
    by_rows = cluster_profile(chain, MAIN, clusters)
    for name in ("total_received_sat", "balance_sat", "spent_elsewhere_sat", "payers", "payees",
                 "no_incoming_txs", "no_outgoing_txs", "first_tx", "last_tx"):  # fmt: skip
        assert getattr(one_by_one, name) == getattr(by_rows, name), name


def test_days_are_those_of_the_unit(chain: Chain) -> None:
    profile = address_profile(chain, FIRST_KEY)
    told = " ".join(
        render_phrase(each) for each in profile_answer(profile, ZoneInfo("Asia/Vientiane"))
    )
    assert "last on 13 January 2009" in told
    assert profile.last_tx is not None
    assert profile.last_tx.at == datetime(2009, 1, 12, 20, 4, 20, tzinfo=UTC)


def test_the_chart_has_a_bar_for_each_part_that_moved_coins(chain: Chain) -> None:
    profile = address_profile(chain, FIRST_KEY)
    drawn = activity_svg(profile.spans, ZoneInfo("UTC"))
    assert drawn.count('class="in"') == sum(each.in_sat > 0 for each in profile.spans)
    assert drawn.count('class="out"') == sum(each.out_sat > 0 for each in profile.spans)
    assert "style" not in drawn
    assert activity_svg((), ZoneInfo("UTC")) == ""
