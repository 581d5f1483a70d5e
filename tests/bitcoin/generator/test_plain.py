"""Signed chains: every signature holds for other code; digests by published examples."""

from __future__ import annotations

import hashlib
from pathlib import Path

from kancil.bitcoin.generator.form import Form
from kancil.bitcoin.generator.generate import Wishes
from kancil.bitcoin.generator.plain import PlainTx, SigningKeys, script_of_form
from kancil.bitcoin.script.ripemd160 import hash160
from tests.bitcoin.generator.reading import Made, make
from tests.bitcoin.generator.signatures import check_input

SIGNED = Wishes(
    seed=21, transactions=150, signed=True, patterns={"fan-in": 100_000},
    coinjoins={"equal-output": 20_000},
)  # fmt: skip
LAST_BLOCK = "06383a762f862312b3430ea3ca2c20510b330a013e646b68a48afe371619c376"


def forms_checked(made: Made) -> set[str]:
    outputs = {(tx.txid, n): output for tx in made.txs for n, output in enumerate(tx.outputs)}
    forms = set()
    for block in made.blocks:
        for tx in block.txs[1:]:
            spent = [outputs[prev, n] for prev, n, _, _ in tx.inputs]
            forms |= {check_input(tx, i, spent) for i in range(len(tx.inputs))}
    return forms


def test_every_signature_of_a_signed_chain_is_valid_and_always_the_same(tmp_path: Path) -> None:
    made = make(tmp_path / "signed", SIGNED)
    forms = forms_checked(made)
    assert {"pkh", "pk", "nested", "wpkh", "tr", "wsh", "shared"} <= forms
    assert made.truth["last_block"] == LAST_BLOCK
    assert made.truth["parameters"]["signed"] is True


def test_an_unsigned_chain_shows_keys_that_fit_and_signatures_of_the_right_form(
    made: Made,
) -> None:
    outputs = {(tx.txid, n): output for tx in made.txs for n, output in enumerate(tx.outputs)}
    seen = set()
    for block in made.blocks:
        for tx in block.txs[1:]:
            for i, (prev, n, script, _) in enumerate(tx.inputs):
                spent = outputs[prev, n][1]
                stack = tx.stacks[i] if tx.segwit else []
                if spent[:2] == b"\0\x14":
                    assert hash160(stack[1]) == spent[2:]
                    assert stack[0][0] == 0x30
                    assert stack[0][1] == len(stack[0]) - 3
                elif spent[:2] == b"\0\x20":
                    assert hashlib.sha256(stack[-1]).digest() == spent[2:]
                elif spent[:2] == b"\xa9\x14":
                    redeem = script[1:] if script[0] == 22 else script[-105:]
                    assert hash160(redeem) == spent[2:22]
                elif spent[:2] == b"\x76\xa9":
                    assert hash160(script[-33:]) == spent[3:23]
                seen.add(spent[:2])
    assert len(seen) >= 6


def test_the_digest_is_that_of_the_example_of_bip_143() -> None:
    # BIP 143, example "Native P2WPKH": the second input.
    tx = PlainTx.__new__(PlainTx)
    tx.version, tx.locktime = (1).to_bytes(4, "little"), (17).to_bytes(4, "little")
    tx.sources = [
        bytes.fromhex("fff7f7881a8099afa6940d42d1e7f6362bec38171ea3edf433541db4e4ad969f00000000"),
        bytes.fromhex("ef51e1b804cc89d182d279655c3aa89e815b1b309fe287d9b2b55d57b90ec68a01000000"),
    ]
    tx.sequences = [bytes.fromhex("eeffffff"), bytes.fromhex("ffffffff")]
    tx.values = [bytes(8), (600_000_000).to_bytes(8, "little")]
    tx.outputs = [
        bytes.fromhex("202cb206000000001976a9148280b37df378db99f66f85c95a783a76ac7a6d5988ac"),
        bytes.fromhex("9093510d000000001976a9143bde42dbee7e4dbe6a21b2d50ce2f0167faa815988ac"),
    ]
    key = bytes.fromhex("025476c2e83188368da1ff3e292e7acafcdb3566bb0ad253f62fc70f07aeee6357")
    code = script_of_form(Form.PKH, hash160(key))
    expected = "c37af31116d1b27caf68aae9e3ac82f1477929014d5b917657d0eb49478cb670"
    assert tx.digest_143(1, code).hex() == expected


def test_no_two_keys_of_a_chain_are_the_same() -> None:
    keys = SigningKeys(7)
    assert len({keys.secret(address, j) for address in range(50) for j in range(4)}) == 200
    assert keys.secret(1, 0) != SigningKeys(8).secret(1, 0)
