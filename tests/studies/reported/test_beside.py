"""A stated transfer beside a chain: joined, contradicted, not held; never proved.

The chain is a private one, mined here; nothing in it is anybody's.
"""

from __future__ import annotations

from dataclasses import replace

import pytest

from kancil.bitcoin.chain.chain import Chain
from kancil.bitcoin.network import REGTEST
from kancil.bitcoin.script.address import encode_address
from kancil.bitcoin.script.kind import ScriptKind
from kancil.records.transfer import StatedTransfer
from kancil.studies.reported.beside import (
    MOST_BESIDE,
    Joined,
    JoinState,
    beside_chain,
    join_stated,
)
from tests.bitcoin.chains import chain_of
from tests.bitcoin.regtest import GENESIS_HASH, Tx, block_file, coinbase, grow, mine, p2pkh, pay

MINED_AT = 1_300_001_200


def address(key: int) -> str:
    made = encode_address(ScriptKind.P2PKH, key.to_bytes(20, "big"), REGTEST)
    assert made is not None
    return made


NEW = coinbase(1, 7)
PAID = pay(NEW, 0, (3_000_000_000, 8), (1_000_000_000, 9), (1_000_000_000, 9))
ORPHAN_SPEND = Tx(((b"\x05" * 32, 0),), ((5, p2pkh(8)),))


@pytest.fixture(scope="module")
def chain(tmp_path_factory: pytest.TempPathFactory) -> Chain:
    first = mine(GENESIS_HASH, [NEW], time=1_300_000_600)
    second = mine(first.hash, [coinbase(2, 70), PAID, ORPHAN_SPEND], time=MINED_AT)
    blocks = [first, second, *grow(second.hash, 3, 1)]
    return chain_of(tmp_path_factory.mktemp("stated"), {"blk00000.dat": block_file(blocks)})


ROW = StatedTransfer(
    row=1, place="line 2", asset="BTC", amount="30.0", stated_by="Example Exchange",
    exhibit_sha256="a" * 64, chain="bitcoin", to_address=address(8), txid=PAID.shown,
    time="2011-03-13T07:26:40.000000Z",
)  # fmt: skip


def join(held: Chain, **changed: str | None) -> Joined:
    (found,) = join_stated(held, [replace(ROW, **changed)])  # type: ignore[arg-type]
    return found


def test_a_row_that_the_chain_has_is_joined_and_stays_stated(chain: Chain) -> None:
    found = join(chain)
    assert (found.state, found.reasons) == (JoinState.JOINED, ())
    assert [(one.n, one.value_sat) for one in found.outputs] == [(0, 3_000_000_000)]
    assert (found.time, found.seconds_apart) == (MINED_AT, 0)
    value = found.as_dict()
    assert value["stated"]["stated_by"] == "Example Exchange"
    assert value["outputs"][0]["value_sat"] == "3000000000"
    assert value["network"] == "regtest"


def test_the_time_between_statement_and_block_is_shown_and_not_judged(chain: Chain) -> None:
    found = join(chain, time="2011-03-13T06:26:40.000000Z")
    assert (found.state, found.seconds_apart) == (JoinState.JOINED, 3600)
    assert join(chain, time=None).seconds_apart is None


@pytest.mark.parametrize(
    ("changed", "reason", "shown"),
    [
        ({"amount": "29.99999999"}, "amount-differs", [3_000_000_000]),
        ({"amount": "30.5", "fee": "0.5"}, "differs-by-fee", [3_000_000_000]),
        ({"amount": "29.5", "fee": "0.5", "fee_asset": "BTC"}, "differs-by-fee", [3_000_000_000]),
        ({"amount": "30.5", "fee": "0.5", "fee_asset": "BNB"}, "amount-differs", [3_000_000_000]),
        ({"amount": "30.000000001"}, "finer-than-satoshi", [3_000_000_000]),
        ({"to_address": address(5)}, "address-not-paid",
         [3_000_000_000, 1_000_000_000, 1_000_000_000]),
        ({"to_address": "0x" + "1" * 40}, "address-not-readable",
         [3_000_000_000, 1_000_000_000, 1_000_000_000]),
        ({"from_address": address(6)}, "sender-differs", [3_000_000_000]),
    ],
)  # fmt: skip
def test_what_differs_is_shown_side_by_side(
    chain: Chain, changed: dict[str, str], reason: str, shown: list[int]
) -> None:
    found = join(chain, **changed)
    assert found.state is JoinState.CONTRADICTS
    assert reason in found.reasons
    assert [one.value_sat for one in found.outputs] == shown


def test_a_row_without_an_address_fits_by_its_amount_alone(chain: Chain) -> None:
    found = join(chain, to_address=None)
    assert (found.state, found.reasons) == (JoinState.PARTLY, ("address-not-stated",))
    several = join(chain, to_address=address(9), amount="10")
    assert (several.state, several.reasons) == (JoinState.JOINED, ("several-fit",))
    assert len(several.outputs) == 2
    assert join(chain, to_address=None, amount="5").state is JoinState.CONTRADICTS


def test_the_sender_is_compared_where_the_inputs_are_known(chain: Chain) -> None:
    assert join(chain, from_address=address(7)).reasons == ()
    small = {"txid": ORPHAN_SPEND.shown, "amount": "0.00000005"}
    unknown = join(chain, **small, from_address=address(7))
    assert (unknown.state, unknown.reasons) == (JoinState.JOINED, ("sender-not-checked",))
    odd = join(chain, from_address="Mr A")
    assert (odd.state, odd.reasons) == (JoinState.JOINED, ("sender-not-readable",))


def test_a_private_key_in_the_place_of_an_address_is_not_repeated_in_a_reason(chain: Chain) -> None:
    # The example key of the bitcoin wiki's page on wallet import format.
    key = "5HueCGU8rMjxEXxiPuD5BDku4MkFqeZyd4dZ1jvhTVqvbTLvyTJ"
    found = join(chain, to_address=key)
    assert found.state is JoinState.CONTRADICTS
    assert found.reasons == ("address-not-readable",)


@pytest.mark.parametrize(
    ("changed", "state", "reasons"),
    [
        ({"txid": "0" * 64}, JoinState.NOT_HELD, ()),
        ({"txid": "0" * 64, "chain": None}, JoinState.NOT_HELD, ("chain-not-stated",)),
        ({"chain": "bsc"}, JoinState.NOT_BITCOIN, ()),
        ({"asset": "USDT", "chain": None}, JoinState.NOT_BITCOIN, ()),
        ({"txid": "0x" + "0" * 64}, JoinState.NOT_BITCOIN, ("txid-form",)),
        ({"txid": None}, JoinState.NO_TXID, ()),
    ],
)
def test_what_cannot_be_looked_up_is_said_and_is_no_contradiction(
    chain: Chain, changed: dict[str, str | None], state: JoinState, reasons: tuple[str, ...]
) -> None:
    found = join(chain, **changed)
    assert (found.state, found.reasons, found.outputs) == (state, reasons, ())


def test_a_chain_that_is_not_stated_is_found_by_the_transaction_itself(chain: Chain) -> None:
    assert join(chain, chain=None).state is JoinState.JOINED


def test_every_row_gets_one_answer_in_order(chain: Chain) -> None:
    rows = [replace(ROW, row=number) for number in range(1, 6)]
    assert [each.transfer.row for each in join_stated(chain, rows)] == [1, 2, 3, 4, 5]


def test_for_a_picture_only_rows_are_kept_that_may_hang_on_this_chain(chain: Chain) -> None:
    rows = [
        ROW,
        replace(ROW, row=2, amount="29"),
        replace(ROW, row=3, to_address=None),
        replace(ROW, row=4, txid=None),
        replace(ROW, row=5, txid=None, to_address="nobody"),
        replace(ROW, row=6, txid=PAID.shown, chain="tron", asset="USDT"),
        replace(ROW, row=7, txid="0" * 64, to_address=None),
        replace(ROW, row=8, txid=None, chain=None, asset="LAK", amount="5"),
    ]
    found = beside_chain(chain, rows)
    assert [row.row for row in found.rows] == [1, 2, 3, 4, 8]
    assert (found.others, found.left) == (3, 0)
    fits, differs, partly, by_address, money = found.rows
    assert (fits.output, fits.is_contradicted) == (0, False)
    assert (differs.output, differs.is_contradicted) == (None, True)
    assert "note.join-why-amount-differs" in differs.reasons
    assert (partly.output, by_address.output, money.output) == (0, None, None)
    many = beside_chain(chain, [ROW] * (MOST_BESIDE + 2))
    assert (len(many.rows), many.left) == (MOST_BESIDE, 2)
