"""Exposure: sums that are exact, the plain twin, what stops a walk, what counts as terrorism."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kancil.bitcoin.chain.chain import Chain
from kancil.bitcoin.chain.errors import NotInChain
from kancil.bitcoin.clusters.clusters import build_clusters
from kancil.bitcoin.coinjoins import verdicts as looks
from kancil.bitcoin.exposure.answer import Question, answer_exposure
from kancil.bitcoin.exposure.exposure import (
    Asked,
    Exposure,
    Subject,
    expose,
    find_subject,
    terrorist_financing,
)
from kancil.bitcoin.exposure.marks import Side
from kancil.bitcoin.exposure.views import ExposureView, label_dict
from kancil.bitcoin.labels.authority import (
    authority_of,
    has_unstated_purpose,
    is_terrorism_alleged,
    is_terrorist_financing,
)
from kancil.bitcoin.labels.index import LabelIndex
from kancil.bitcoin.labels.label import Given
from kancil.bitcoin.labels.label_format import LabelFile
from kancil.bitcoin.labels.labels import read_label_file, read_labels
from kancil.bitcoin.labels.store import load_imports, store_import
from kancil.bitcoin.network import MAINNET, REGTEST
from kancil.bitcoin.script.address import encode_address
from kancil.bitcoin.script.kind import ScriptKind
from kancil.bitcoin.tracing.errors import PolicyUnknown
from kancil.ground.errors import OptionNotUsable
from tests.bitcoin import regtest
from tests.bitcoin.chains import chain_of
from tests.bitcoin.regtest import Tx, coinbase, mine, p2pkh
from tests.bitcoin.slow_exposure import received_directly, sent_directly

SUBJECT = 1
BLOCK_TIME = 1_300_000_000
"""13 March 2011, UTC."""
CONSERVING = ("haircut", "fifo", "lifo")
SIDES: tuple[Side, Side] = ("sent", "received")
COLUMNS = "address,label,category,abuse,publisher,law,listed_on,authority"


def address(key: int) -> str:
    text = encode_address(ScriptKind.P2PKH, key.to_bytes(20, "big"), REGTEST)
    assert text is not None
    return text


def labels(folder: Path, rows: Sequence[Mapping[str, str]]) -> LabelIndex:
    """Import a table of labels, by column; the publisher is Tests if a row does not say."""
    names = COLUMNS.split(",")
    full = [{"publisher": "Tests", **row} for row in rows]
    lines = [",".join(row.get(name, "") for name in names) for row in full]
    raw = "\n".join((COLUMNS, *lines, "")).encode()
    store_import(folder, read_labels(LabelFile("labels.csv", raw), Given(), REGTEST))
    return LabelIndex(load_imports(folder), REGTEST)


def chain(folder: Path, txs: Sequence[Tx], *, coins: int = 1, value: int = 1000) -> Chain:
    """A chain of one block for each transaction, after `coins` coinbases of `value`."""
    return chain_of(folder, {"blk00000.dat": regtest.block_file(blocks(txs, coins, value))})


def made_coins(coins: int, value: int) -> list[Tx]:
    return [coinbase(height, 900 + height, value) for height in range(1, coins + 1)]


def blocks(txs: Sequence[Tx], coins: int, value: int) -> list[regtest.Block]:
    made: list[regtest.Block] = []
    previous = regtest.GENESIS_HASH
    for first in made_coins(coins, value):
        made.append(mine(previous, [first], time=BLOCK_TIME))
        previous = made[-1].hash
    for height, tx in enumerate(txs, coins + 1):
        made.append(mine(previous, [coinbase(height, 2000 + height, 0), tx], time=BLOCK_TIME))
        previous = made[-1].hash
    return made


def pay(*inputs: tuple[Tx, int], to: Sequence[tuple[int, int]]) -> Tx:
    """Spend outputs; `to`: key and value."""
    return Tx(
        tuple((tx.txid, n) for tx, n in inputs),
        tuple((value, p2pkh(key)) for key, value in to),
    )


def ask(
    opened: Chain, index: LabelIndex, side: Side = "sent", policy: str = "haircut", hops: int = 4
) -> Exposure:
    subject = find_subject(opened, index, address(SUBJECT))
    return expose(opened, index, subject, Asked(policy, hops, side))


def ends(found: Exposure) -> dict[str, int]:
    """The ends that are not nothing, all determined."""
    assert all(low == high for low, high in found.parts.ends.values())
    return {end: low for end, (low, _) in found.parts.ends.items() if low}


(FIRST,) = made_coins(1, 1000)
FUND = pay((FIRST, 0), to=[(SUBJECT, 1000)])


# --- worked examples ------------------------------------------------------------------------------


def test_direct_and_indirect_coins_and_the_rest_are_all(tmp_path: Path) -> None:
    spent = pay((FUND, 0), to=[(2, 300), (3, 600), (SUBJECT, 50)])  # 50 are the fee
    on = pay((spent, 1), to=[(4, 400), (5, 200)])
    opened = chain(tmp_path, [FUND, spent, on])
    index = labels(
        tmp_path / "labels",
        [
            {"address": address(2), "label": "House", "category": "exchange"},
            {"address": address(4), "label": "Gang", "abuse": "ransomware"},
        ],
    )
    found = ask(opened, index)
    assert ends(found) == {
        "exposed": 700, "fees": 50, "counted-once": 50, "kept": 50, "no-spend-seen": 200,
    }  # fmt: skip
    assert found.parts.all_sat == 1050
    rows = {row.output: row for row in found.met}
    near, far = sorted(rows.values(), key=lambda row: row.hop)
    assert (near.amount, near.direct, near.indirect) == ((300, 300), (300, 300), (0, 0))
    assert (far.amount, far.direct, far.indirect) == ((400, 400), (0, 0), (400, 400))
    assert [opened.txid(tx) for tx in far.way] == [spent.shown, on.shown]
    told = ExposureView(opened, found).as_dict()
    assert [(row["categories"], row["direct_lower_sat"], row["indirect_lower_sat"])
            for row in told["categories"]] == [(["ransomware"], "0", "400"),
                                               (["exchange"], "300", "0")]  # fmt: skip
    groups = {row["group"]: row["lower_sat"] for row in told["one_transaction"]["groups"]}
    assert groups == {
        "exposed": "300", "counted-once": "50", "fees": "50", "unlabelled": "600", "kept": "50",
    }  # fmt: skip


def test_hops_used_up_are_not_followed(tmp_path: Path) -> None:
    spent = pay((FUND, 0), to=[(3, 1000)])
    on = pay((spent, 0), to=[(4, 1000)])
    opened = chain(tmp_path, [FUND, spent, on])
    index = labels(tmp_path / "l", [{"address": address(4), "label": "Gang"}])
    assert ends(ask(opened, index, hops=1)) == {"hops": 1000}
    assert ends(ask(opened, index, hops=2)) == {"exposed": 1000}
    assert ends(ask(opened, index, hops=2, policy="fifo")) == {"exposed": 1000}


def test_a_row_that_got_coins_by_two_ways_tells_them_apart(tmp_path: Path) -> None:
    spent = pay((FUND, 0), to=[(3, 400), (SUBJECT, 600)])
    both = pay((spent, 0), (spent, 1), to=[(4, 1000)])
    opened = chain(tmp_path, [FUND, spent, both])
    index = labels(tmp_path / "l", [{"address": address(4), "label": "Gang"}])
    (row,) = ask(opened, index).met
    assert (row.hop, row.amount, row.direct, row.indirect) == (
        1, (1000, 1000), (600, 600), (400, 400),
    )  # fmt: skip


def test_received_coins_stop_at_the_first_label_behind(tmp_path: Path) -> None:
    seller = pay((FIRST, 0), to=[(7, 600), (8, 400)])
    middle = pay((seller, 0), to=[(6, 600)])
    paid = pay((middle, 0), (seller, 1), to=[(SUBJECT, 1000)])
    opened = chain(tmp_path, [seller, middle, paid])
    index = labels(
        tmp_path / "l", [{"address": address(7), "label": "Market", "category": "market"}]
    )
    found = ask(opened, index, "received")
    assert ends(found) == {"exposed": 600, "newly-issued": 400}
    (row,) = found.met
    assert [opened.txid(tx) for tx in row.way] == [paid.shown, middle.shown]
    assert ends(ask(opened, index, "received", hops=1)) == {"hops": 1000}


def test_an_address_with_two_categories_counts_once(tmp_path: Path) -> None:
    opened = chain(tmp_path, [FUND, pay((FUND, 0), to=[(2, 1000)])])
    index = labels(
        tmp_path / "l",
        [
            {"address": address(2), "label": "A", "category": "exchange"},
            {"address": address(2), "label": "B", "category": "market", "publisher": "Other"},
        ],
    )
    told = ExposureView(opened, ask(opened, index)).as_dict()
    (line,) = told["categories"]
    assert (line["categories"], line["total_lower_sat"]) == (["dark_market", "exchange"], "1000")
    assert {label["publisher"] for label in told["rows"][0]["labels"]} == {"Tests", "Other"}


def test_poison_adds_nothing_up(tmp_path: Path) -> None:
    opened = chain(tmp_path, [FUND, pay((FUND, 0), to=[(2, 300), (3, 700)])])
    index = labels(tmp_path / "l", [{"address": address(2), "label": "A"}])
    found = ask(opened, index, policy="poison")
    told = ExposureView(opened, found).as_dict()
    assert (told["within"]["adds_up"], told["within"]["ends"]) == (False, [])
    assert (told["categories"][0]["outputs"], told["categories"][0]["total_lower_sat"]) == (1, None)
    assert told["rows"][0]["lower_sat"] == "300"


def p2wpkh(number: int) -> bytes:
    return b"\x00\x14" + number.to_bytes(20, "big")


def whirlpool_round(tmp_path: Path) -> tuple[Chain, LabelIndex]:
    pool, more = 1_000_000, 1_003_000
    (first,) = made_coins(1, 5_006_000)
    values = [pool, pool, pool, more, more]
    spread = Tx(
        ((first.txid, 0),),
        ((pool, p2pkh(SUBJECT)), *((value, p2wpkh(50 + n)) for n, value in enumerate(values[1:]))),
    )
    enter = Tx(((spread.txid, 0),), ((pool, p2wpkh(70)),))
    inputs = ((enter.txid, 0), *((spread.txid, n) for n in range(1, 5)))
    mix = Tx(inputs, tuple((pool, p2wpkh(80 + n)) for n in range(5)))
    opened = chain(tmp_path, [spread, enter, mix], value=5_006_000)
    text = encode_address(ScriptKind.P2WPKH, (80).to_bytes(20, "big"), REGTEST)
    index = labels(tmp_path / "l", [{"address": str(text), "label": "Gang"}])
    return opened, index


def test_coins_stop_at_a_whirlpool_round_though_its_outputs_have_labels(tmp_path: Path) -> None:
    opened, index = whirlpool_round(tmp_path)
    found = ask(opened, index)
    assert set(ends(found)) == {"coinjoin", "fees"}
    assert found.met == ()
    told = ExposureView(opened, found).as_dict()["not_exposed"]
    assert {row["heuristic"] for row in told} == {"whirlpool 2"}


def test_an_answer_judges_a_transaction_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened, index = whirlpool_round(tmp_path)
    judged: list[int] = []

    def judge(chain: Chain, tx: int, *more: Any) -> tuple[looks.Look, ...]:
        judged.append(tx)
        return looks_of(chain, tx, *more)

    looks_of = looks.looks_of
    monkeypatch.setattr(looks, "looks_of", judge)
    question = Question(address(SUBJECT), sides=("sent",), also_allegations=True)
    answer = answer_exposure(opened, index, question, None)
    assert {row["end"] for row in answer["sides"][0]["not_exposed"]} == {"coinjoin"}
    assert judged
    assert len(judged) == len(set(judged))


# --- labels and clusters --------------------------------------------------------------------------


def test_a_label_reaches_its_cluster_only_when_asked_and_is_told_apart(tmp_path: Path) -> None:
    (first,) = made_coins(1, 3000)
    fund = pay((first, 0), to=[(SUBJECT, 1000), (2, 1000), (3, 1000)])
    joined = pay((fund, 1), (fund, 2), to=[(9, 2000)])
    spent = pay((fund, 0), to=[(3, 1000)])
    opened = chain(tmp_path, [fund, joined, spent], value=3000)
    index = labels(tmp_path / "l", [{"address": address(2), "label": "Gang"}])
    clusters = build_clusters(opened, index)
    subject = find_subject(opened, index, address(SUBJECT))
    apart = expose(opened, index, subject, Asked("haircut", 2, "sent"), clusters=clusters)
    assert apart.met == ()
    asked = Asked("haircut", 2, "sent", labels_reach_clusters=True)
    found = expose(opened, index, subject, asked, clusters=clusters)
    (row,) = found.met
    assert (row.amount.lower, row.is_by_cluster) == (1000, True)
    told = ExposureView(opened, found).as_dict()
    assert told["categories"][0]["by_cluster_lower_sat"] == "1000"
    assert told["rows"][0]["labels"][0]["labelled_address"] == address(2)
    assert told["rows"][0]["labels"][0]["reach"] == "cluster"


def test_a_cluster_is_asked_about_whole_and_its_own_labels_are_no_exposure(tmp_path: Path) -> None:
    (first,) = made_coins(1, 3000)
    fund = pay((first, 0), to=[(SUBJECT, 1000), (2, 1000), (3, 1000)])
    joined = pay((fund, 0), (fund, 1), to=[(3, 1500), (2, 500)])
    opened = chain(tmp_path, [fund, joined], value=3000)
    index = labels(
        tmp_path / "l",
        [{"address": address(2), "label": "Own"}, {"address": address(3), "label": "Gang"}],
    )
    clusters = build_clusters(opened, index)
    subject = find_subject(opened, index, address(SUBJECT), clusters)
    assert (subject.address_count, len(subject.outputs)) == (2, 3)
    assert [label.label for _, label in subject.labels] == ["Own"]
    found = expose(opened, index, subject, Asked("haircut", 3, "sent"))
    assert ends(found) == {"exposed": 1500, "counted-once": 500, "kept": 500}


# --- terrorist financing --------------------------------------------------------------------------

LISTED = {
    "un": {"abuse": "terrorism", "authority": "un-designation", "listed_on": "2011-03-12"},
    "state": {
        "abuse": "terrorist financing", "authority": "national-designation", "law": "Exampleland",
        "listed_on": "2011-03-13",
    },
    "court": {
        "abuse": "terrorism", "authority": "court-finding", "law": "Exampleland",
        "listed_on": "2011-03-14",
    },
    "undated": {"abuse": "terrorism", "authority": "un-designation"},
    "research": {"abuse": "terrorism"},
    "nobody's": {"abuse": "terrorism", "authority": "national-designation"},
    "order": {"abuse": "terrorism", "authority": "administrative-order", "law": "Israel"},
    "ransom": {"abuse": "ransomware", "authority": "national-designation", "law": "Exampleland"},
    "house": {"category": "exchange"},
}  # fmt: skip


def listed(tmp_path: Path) -> tuple[Chain, LabelIndex, Subject]:
    to = [(10 + n, 100) for n in range(len(LISTED))] + [(3, 100)]
    opened = chain(tmp_path, [FUND, pay((FUND, 0), to=to)])
    rows = [
        {"address": address(10 + n), "label": name, **row}
        for n, (name, row) in enumerate(LISTED.items())
    ]
    index = labels(tmp_path / "l", rows)
    return opened, index, find_subject(opened, index, address(SUBJECT))


def names(opened: Chain, found: Exposure) -> dict[str, str]:
    return {
        row["labels"][0]["label"]: row["listed"]
        for row in ExposureView(opened, found).as_dict()["rows"]
    }


def test_only_designations_and_courts_count_as_terrorist_financing(tmp_path: Path) -> None:
    opened, index, subject = listed(tmp_path)
    asked = Asked("haircut", 2, "sent")
    counted = terrorist_financing(opened, index, subject, asked)
    assert names(opened, counted) == {
        "un": "before", "state": "on-the-day", "court": "later", "undated": "not-known",
    }  # fmt: skip
    assert ends(counted) == {"exposed": 400, "no-spend-seen": 500, "service": 100}
    times = {
        row["listed"]: row["total_lower_sat"] for row in ExposureView(opened, counted).by_time()
    }
    assert times == dict.fromkeys(("before", "on-the-day", "not-known", "later"), "100")
    alleged = terrorist_financing(opened, index, subject, asked, alleged=True)
    assert set(names(opened, alleged)) == {"research", "nobody's", "order"}
    assert not {row.output for row in counted.met} & {row.output for row in alleged.met}


def test_another_label_hides_no_designation_behind_it(tmp_path: Path) -> None:
    spent = pay((FUND, 0), to=[(2, 1000)])
    opened = chain(tmp_path, [FUND, spent, pay((spent, 0), to=[(4, 1000)])])
    rows = [
        {"address": address(2), "label": "Shop", "category": "organization"},
        {"address": address(4), "label": "Group", **LISTED["un"]},
    ]
    index = labels(tmp_path / "l", rows)
    subject = find_subject(opened, index, address(SUBJECT))
    asked = Asked("haircut", 3, "sent")
    assert [row.hop for row in expose(opened, index, subject, asked).met] == [1]
    assert [row.hop for row in terrorist_financing(opened, index, subject, asked).met] == [2]


# --- bad input ------------------------------------------------------------------------------------


def test_what_has_no_meaning_is_refused(tmp_path: Path) -> None:
    opened = chain(tmp_path, [FUND])
    index = LabelIndex([], REGTEST)
    with pytest.raises(NotInChain):
        find_subject(opened, index, address(77))
    with pytest.raises(OptionNotUsable):
        ask(opened, index, hops=0)
    with pytest.raises(PolicyUnknown):
        ask(opened, index, policy="middle")


# --- properties -----------------------------------------------------------------------------------

LABELLED = (2, 4)


@dataclass
class Made:
    txs: list[Tx]
    hidden: set[int]


@st.composite
def payments(draw: st.DrawFn) -> Made:
    """Make payments of a few satoshi among six addresses; two inputs at most, so no CoinJoins."""
    coins = made_coins(3, 20)
    free: list[tuple[Tx, int]] = [(tx, 0) for tx in coins]
    txs: list[Tx] = []
    for _ in range(draw(st.integers(2, 9))):
        if not free:
            break
        count = min(len(free), draw(st.sampled_from((1, 1, 2))))
        inputs = [free.pop(draw(st.integers(0, len(free) - 1))) for _ in range(count)]
        left = sum(tx.outputs[n][0] for tx, n in inputs) - draw(st.sampled_from((0, 0, 1)))
        to = []
        for _ in range(draw(st.sampled_from((0, 1, 2)))):
            part = draw(st.integers(0, max(0, left)))
            to.append((draw(st.integers(1, 6)), part))
            left -= part
        to.append((draw(st.integers(1, 6)), max(0, left)))
        made = pay(*inputs, to=to)
        txs.append(made)
        free += [(made, n) for n, (value, _) in enumerate(made.outputs) if value]
    hidden = {n for n in range(len(txs)) if draw(st.sampled_from((False, False, True)))}
    return Made(txs, hidden)


@contextmanager
def held(made: Made, *, whole: bool) -> Iterator[tuple[Chain, LabelIndex]]:
    folder = Path(tempfile.mkdtemp())
    try:
        every = blocks(made.txs, 3, 20)
        kept = [
            block for n, block in enumerate(every) if whole or n < 3 or n - 3 not in made.hidden
        ]
        opened = chain_of(folder, {"blk00000.dat": regtest.block_file(kept)})
        rows = [{"address": address(key), "label": f"L{key}"} for key in LABELLED]
        yield opened, labels(folder / "labels", rows)
    finally:
        shutil.rmtree(folder)


SLOW = settings(
    max_examples=20, deadline=None, suppress_health_check=[HealthCheck.too_slow], derandomize=True
)


@SLOW
@given(payments())
def test_direct_exposure_is_that_of_the_plain_twin(made: Made) -> None:
    subject = p2pkh(SUBJECT)
    every = [*made_coins(3, 20), *made.txs]
    paid = {(tx.txid, n): script for tx in every for n, (_, script) in enumerate(tx.outputs)}
    scripts = {p2pkh(key) for key in LABELLED}
    with held(made, whole=True) as (opened, index):
        if not any(script == subject for script in paid.values()):
            return
        for policy in CONSERVING:
            for side, twin in zip(SIDES, (sent_directly, received_directly), strict=True):
                try:
                    found = ask(opened, index, side, policy, hops=1)
                except NotInChain:
                    continue
                slow = {
                    point: share
                    for point, share in twin(every, subject, policy).items()
                    if paid[point] in scripts and share
                }
                fast = {_point(opened, row.output): row.direct for row in found.met}
                assert {point: (share, share) for point, share in slow.items()} == fast
                assert sum(slow.values()) == found.direct.ends["exposed"].lower


def _point(opened: Chain, output: int) -> tuple[bytes, int]:
    txid, _, n = opened.outpoint(output).partition(":")
    return bytes.fromhex(txid)[::-1], int(n)


@SLOW
@given(payments(), st.booleans(), st.integers(1, 4))
def test_the_parts_are_always_all(made: Made, whole: bool, hops: int) -> None:
    with held(made, whole=whole) as (opened, index):
        for policy in CONSERVING:
            for side in SIDES:
                try:
                    found = ask(opened, index, side, policy, hops)
                except NotInChain:
                    return
                for parts in (found.parts, found.direct):
                    sure = sum(low for low, _ in parts.ends.values())
                    assert sure + parts.undetermined == parts.all_sat
                    assert parts.undetermined == 0 or not whole
                told: dict[str, Any] = ExposureView(opened, found).as_dict()
                exposed = sum(row.amount.lower for row in found.met)
                assert exposed == found.parts.ends["exposed"].lower
                assert exposed == sum(int(row["total_lower_sat"]) for row in told["categories"])
                groups = sum(int(row["lower_sat"]) for row in told["within"]["groups"])
                assert groups == sum(low for low, _ in found.parts.ends.values())
                for row in found.met:
                    assert row.amount.lower <= row.amount.upper <= row.value_sat
                    if row.amount.lower == row.amount.upper and row.direct[0] == row.direct[1]:
                        assert row.direct.lower + row.indirect.lower == row.amount.lower
                    assert 1 <= len(row.way) <= hops


def test_a_listing_says_whose_act_it_is() -> None:
    nbctf = LabelFile(
        "w.csv", b"order,address,kind\nASO 1/21,1NpHuti9NSM9fVTXLkvSDU4AnhqGQ5N53d,BTC-like\n"
    )
    ofac = LabelFile("sanctioned_addresses_XBT.txt", b"1NpHuti9NSM9fVTXLkvSDU4AnhqGQ5N53d\n")
    acts = {}
    for file in (nbctf, ofac):
        (label,) = read_labels(file, Given(fetched_on=date(2024, 9, 27)), MAINNET).labels
        acts[file.name] = authority_of(label)
    assert acts == {
        "w.csv": "administrative-order", "sanctioned_addresses_XBT.txt": "national-designation",
    }  # fmt: skip


def test_no_published_pack_or_order_here_counts_as_terrorist_financing(shared_data: Path) -> None:
    """A pack on a forfeiture and NBCTF's orders are allegations; OFAC's list names no reason."""
    tags = shared_data / "bitcoin" / "tags"
    files = {
        "tagpacks/aft-alqaeda-forfeit_vc.yaml": (True, False),
        "il_nbctf_wallets.csv": (True, False),
        "ofac/sanctioned_addresses_XBT.txt": (False, True),
        "tagpacks/ofac.yaml": (False, False),
    }
    for name, (alleged, unstated) in files.items():
        found = read_label_file(tags / name, Given(fetched_on=date(2024, 9, 27))).labels
        assert found
        assert not any(is_terrorist_financing(label) for label in found), name
        assert all(is_terrorism_alleged(label) == alleged for label in found), name
        told = [label_dict(label) for label in found]
        bare = {
            has_unstated_purpose(one["authority"], one["category"], one["abuse"]) for one in told
        }
        assert bare == {unstated}, name


@pytest.mark.parametrize(
    ("act", "category", "abuse", "unstated"),
    [
        ("un-designation", "", "", True),
        ("national-designation", "", "", True),
        ("court-finding", "", "", True),
        ("administrative-order", "", "", False),
        ("none", "", "", False),
        ("national-designation", "exchange", "", False),
        ("national-designation", "", "ransomware", False),
    ],
)
def test_only_an_act_that_counts_and_says_no_word_is_silent_on_its_purpose(
    act: str, category: str, abuse: str, *, unstated: bool
) -> None:
    assert has_unstated_purpose(act, category, abuse) is unstated
