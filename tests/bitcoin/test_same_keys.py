"""A public key and its addresses: asked for either, both are told, each by itself."""

from __future__ import annotations

import hashlib
from pathlib import Path

import numpy as np
import pytest

from kancil.bitcoin.chain.chain import Chain
from kancil.bitcoin.chain.errors import NotInChain
from kancil.bitcoin.chain.ingest import ingest
from kancil.bitcoin.chain.same_keys import key_of_text, scripts_of_key
from kancil.bitcoin.clusters.clusters import build_clusters
from kancil.bitcoin.clusters.views import address_of_text
from kancil.bitcoin.network import MAINNET, REGTEST
from kancil.bitcoin.script.address import encode_address
from kancil.bitcoin.script.kind import ScriptKind
from kancil.bitcoin.script.ripemd160 import hash160, ripemd160, ripemd160_of_digests
from kancil.ground.errors import KancilError
from kancil.ground.plain import plain
from tests.bitcoin.regtest import GENESIS_HASH, SUBSIDY_SAT, Tx, coinbase, mine
from tests.bitcoin.store.making import raws, write_blocks

SAMPLE = Path(__file__).parents[2] / "sample" / "blocks"
# Block 9's reward: the key and its address are widely published with the first payment.
KEY_9 = (
    "0411db93e1dcdb8a016b49840f8c53bc1eb68a382e97b1482ecad7b148a6909a5c"
    "b2e0eaddfb84ccf9744464f82e160bfa9b8b64f9d4c03f999b8643f656b412a3"
)
ADDRESS_9 = "12cbQLTFMXRnSzktFkuoG3eHoMeFtpTu3S"
# The generator of secp256k1, whose secret is 1 (SEC 2), and its addresses (BIP 173).
LONG = bytes.fromhex(
    "0479be667ef9dcbbac55a06295ce870b07029bfcdb2dce28d959f2815b16f81798"
    "483ada7726a3c4655da4fbfc0e1108a8fd17b448a68554199c47d08ffb10d4b8"
)
SHORT = b"\x02" + LONG[1:33]


@pytest.fixture(scope="module")
def early(tmp_path_factory: pytest.TempPathFactory) -> Chain:
    folder = tmp_path_factory.mktemp("early") / "chain"
    ingest(folder, [SAMPLE / "blk00000.dat"], network=MAINNET)
    return Chain.open(folder)


def pushed(key: bytes) -> bytes:
    return bytes([len(key)]) + key + b"\xac"


def of_hash(hashed: bytes) -> bytes:
    return b"\x76\xa9\x14" + hashed + b"\x88\xac"


@pytest.fixture(scope="module", params=[None, 0])
def every_form(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Chain:
    """One payment of each form to one key: a slice, and a whole chain."""
    folder = tmp_path_factory.mktemp("forms")
    new = coinbase(1, 1)
    scripts = [
        pushed(LONG), of_hash(hash160(LONG)), pushed(SHORT), of_hash(hash160(SHORT)),
        b"\x00\x14" + hash160(SHORT),
    ]  # fmt: skip
    outputs = tuple((number + 1, script) for number, script in enumerate(scripts))
    spend = Tx(((new.txid, 0),), (*outputs, (SUBSIDY_SAT - 15, of_hash(bytes(20)))))
    path = write_blocks(
        folder / "blk00000.dat", raws([mine(GENESIS_HASH, [new, spend], time=1_300_000_000)])
    )
    ingest(folder / "chain", [path], network=REGTEST, first_height=request.param)
    return Chain.open(folder / "chain")


def told(chain: Chain, text: str) -> tuple[int, dict[str, tuple[str, int]]]:
    view = chain.address(text)
    others = {one.name: (one.script, one.received_sat) for one in view.same_key}
    assert plain(view)["same_key"] == [plain(one) for one in view.same_key]
    return view.received_sat, others


def test_a_key_is_answered_with_what_pays_it_directly(early: Chain) -> None:
    view = early.address(KEY_9)
    assert (view.script, view.deposits[0].height) == ("p2pk", 9)
    assert view.received_sat >= SUBSIDY_SAT
    assert view.address == KEY_9


def test_an_address_that_nothing_pays_is_answered_with_the_payments_to_its_key(
    early: Chain,
) -> None:
    received, others = told(early, ADDRESS_9)
    assert received == 0
    assert others == {KEY_9: ("p2pk", early.address(KEY_9).received_sat)}


def test_each_form_of_a_key_is_told_by_itself(every_form: Chain) -> None:
    forms = {
        LONG.hex(): ("p2pk", 1),
        str(encode_address(ScriptKind.P2PKH, hash160(LONG), REGTEST)): ("p2pkh", 2),
        SHORT.hex(): ("p2pk", 3),
        str(encode_address(ScriptKind.P2PKH, hash160(SHORT), REGTEST)): ("p2pkh", 4),
        str(encode_address(ScriptKind.P2WPKH, hash160(SHORT), REGTEST)): ("p2wpkh", 5),
    }
    for name, (_, value) in forms.items():
        rest = {other: one for other, one in forms.items() if other != name}
        assert told(every_form, name) == (value, rest)
        outputs = every_form.outputs_of_address(name)
        assert every_form.columns.output_value[outputs].tolist() == [value]


def test_too_many_bare_keys_are_not_searched(
    every_form: Chain, monkeypatch: pytest.MonkeyPatch
) -> None:
    chain = Chain.open(every_form.path)
    monkeypatch.setattr("kancil.bitcoin.chain.held.MOST_BARE_KEYS", 0)
    name = str(encode_address(ScriptKind.P2PKH, hash160(LONG), REGTEST))
    assert chain.address(name).same_key == ()
    assert plain(chain.address(name))["not_counted"] == ["bare-keys"]


def test_the_cluster_of_a_key_is_that_of_the_form_held(early: Chain) -> None:
    clusters = build_clusters(early)
    direct = address_of_text(early, clusters, KEY_9)
    short = ("03" if int(KEY_9[-1], 16) & 1 else "02") + KEY_9[2:66]
    assert address_of_text(early, clusters, short) == direct
    with pytest.raises(NotInChain):
        address_of_text(early, clusters, LONG.hex())


def test_both_forms_of_a_key_have_the_same_scripts() -> None:
    assert set(scripts_of_key(LONG)) == set(scripts_of_key(SHORT))
    assert encode_address(*scripts_of_key(SHORT)[2], MAINNET) == (
        "bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4"
    )
    no_point = b"\x02" + bytes(31) + b"\x05"  # x = 5 is no point of the curve
    assert [kind for kind, _ in scripts_of_key(no_point)] == [
        ScriptKind.P2PK, ScriptKind.P2PKH, ScriptKind.P2WPKH,
    ]  # fmt: skip


@pytest.mark.parametrize("text", ["", "02", "ff" * 33, "zz" * 33, "04" + "11" * 32, ADDRESS_9])
def test_what_is_no_key_is_none(text: str) -> None:
    assert key_of_text(text) == b""


def test_a_text_that_is_neither_is_answered_as_an_address(early: Chain) -> None:
    with pytest.raises(KancilError):
        early.address("02" * 32)


def test_many_digests_are_hashed_as_one_by_one() -> None:
    digests = [hashlib.sha256(bytes([number])).digest() for number in range(50)]
    found = ripemd160_of_digests(np.frombuffer(b"".join(digests), np.uint8).reshape(-1, 32))
    assert [bytes(row) for row in found] == [ripemd160(one) for one in digests]
    assert ripemd160_of_digests(np.zeros((0, 32), np.uint8)).shape == (0, 20)
