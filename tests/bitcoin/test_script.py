"""Scripts: kind and payload by the plain rules, and back again byte by byte."""

from __future__ import annotations

from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kancil.bitcoin.blocks.parse import parse_transaction
from kancil.bitcoin.network import MAINNET
from kancil.bitcoin.script.kind import ScriptKind
from kancil.bitcoin.script.ripemd160 import hash160, ripemd160
from kancil.bitcoin.script.script import classify, multisig_of, same_key_address, script_of
from tests.examples import examples

GENESIS_KEY = bytes.fromhex(
    "04678afdb0fe5548271967f1a67130b7105cd6a828e03909a67962e0ea1f61deb6"
    "49f6bc3f4cef38c4f35504e51ec112de5c384df7ba0b8d578a4c702b6bf11d5f"
)
KEY_A = bytes.fromhex("02" + "11" * 32)
KEY_B = bytes.fromhex("03" + "22" * 32)
KEY_LONG = bytes.fromhex("04" + "33" * 64)


def pushed(data: bytes) -> bytes:
    return bytes([len(data)]) + data


@pytest.mark.parametrize(
    ("script", "kind", "payload"),
    [
        (pushed(GENESIS_KEY) + b"\xac", ScriptKind.P2PK, GENESIS_KEY),
        (pushed(KEY_A) + b"\xac", ScriptKind.P2PK, KEY_A),
        (b"\x76\xa9\x14" + bytes(20) + b"\x88\xac", ScriptKind.P2PKH, bytes(20)),
        (b"\xa9\x14" + bytes(20) + b"\x87", ScriptKind.P2SH, bytes(20)),
        (b"\x00\x14" + bytes(20), ScriptKind.P2WPKH, bytes(20)),
        (b"\x00\x20" + bytes(32), ScriptKind.P2WSH, bytes(32)),
        (b"\x51\x20" + bytes(32), ScriptKind.P2TR, bytes(32)),
        (bytes.fromhex("51024e73"), ScriptKind.P2A, bytes.fromhex("4e73")),
        (b"\x51\x02\x00\x00", ScriptKind.WITNESS_FUTURE, b"\x01\x00\x00"),
        (b"\x60\x28" + bytes(40), ScriptKind.WITNESS_FUTURE, b"\x10" + bytes(40)),
        (b"\x6a", ScriptKind.OP_RETURN, b""),
        (b"\x6a\x04abcd", ScriptKind.OP_RETURN, b"\x04abcd"),
        (
            b"\x51" + pushed(KEY_A) + pushed(KEY_LONG) + b"\x52\xae",
            ScriptKind.MULTISIG,
            b"\x01\x02" + pushed(KEY_A) + pushed(KEY_LONG),
        ),
        (
            b"\x01\x11" + pushed(KEY_A) * 17 + b"\x01\x11\xae",
            ScriptKind.MULTISIG,
            b"\x11\x11" + pushed(KEY_A) * 17,
        ),
    ],
)
def test_each_kind_is_told_and_gives_its_script_back(
    script: bytes, kind: ScriptKind, payload: bytes
) -> None:
    assert classify(script) == (kind, payload)
    assert script_of(kind, payload) == script


@pytest.mark.parametrize(
    "script",
    [
        b"",
        b"\x00",
        b"\x00\x13" + bytes(19),  # version 0 of a length nobody can spend
        b"\x00\x15" + bytes(21),
        b"\x51\x29" + bytes(41),  # longer than a witness program
        b"\x51\x01\x00",  # shorter than one
        b"\x4f\x14" + bytes(20),  # OP_1NEGATE is no witness version
        b"\x76\xa9\x14" + bytes(20) + b"\x88\xad",
        b"\xa9\x14" + bytes(20) + b"\x88",
        pushed(b"\x05" + bytes(32)) + b"\xac",  # no key starts with 5
        pushed(b"\x04" + bytes(32)) + b"\xac",  # a long key cut short
        b"\x53" + pushed(KEY_A) + pushed(KEY_B) + b"\x52\xae",  # three of two
        b"\x51" + pushed(KEY_A) + pushed(KEY_B) + b"\x51\xae",  # states one key, holds two
        b"\x51" + pushed(KEY_A) + b"\x51\x51\xae",
        b"\x00" + pushed(KEY_A) + b"\x51\xae",
        b"\x51\x4c" + pushed(KEY_A)[:-1] + b"\x51\xae",  # a push that runs over the end
        b"\x51\x4f" + KEY_A + b"\x51\xae",  # no push
        b"\x01\x02" + pushed(KEY_A) * 2 + b"\x52\xae",  # a number not written minimally
        b"\x01\x15" + pushed(KEY_A) * 21 + b"\x01\x15\xae",  # more keys than allowed
        b"\x51\x21",
    ],
)
def test_what_fits_no_form_is_nonstandard(script: bytes) -> None:
    assert classify(script) == (ScriptKind.NONSTANDARD, b"")


@pytest.mark.parametrize("head", [b"\x4c\x21", b"\x4d\x21\x00", b"\x4e\x21\x00\x00\x00"])
def test_keys_of_a_multisig_may_be_pushed_in_any_form(head: bytes) -> None:
    payload = b"\x01\x01" + pushed(KEY_A)
    assert classify(b"\x51" + head + KEY_A + b"\x51\xae") == (ScriptKind.MULTISIG, payload)
    assert script_of(ScriptKind.MULTISIG, payload) == b"\x51" + pushed(KEY_A) + b"\x51\xae"


def test_multisig_payload_gives_its_keys() -> None:
    kind, payload = classify(b"\x52" + pushed(KEY_A) + pushed(KEY_B) + pushed(KEY_A) + b"\x53\xae")
    assert kind == ScriptKind.MULTISIG
    multisig = multisig_of(payload)
    assert (multisig.required, multisig.keys) == (2, (KEY_A, KEY_B, KEY_A))


def test_genesis_key_is_the_same_key_as_the_known_address() -> None:
    assert same_key_address(GENESIS_KEY, MAINNET) == "1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa"


@pytest.mark.parametrize(
    ("message", "digest"),
    [
        # Source: the RIPEMD-160 page of its authors, test values.
        (b"", "9c1185a5c5e9fc54612808977ee8f548b2258d31"),
        (b"a", "0bdc9d2d256b3ee9daae347be6f4dc835a467ffe"),
        (b"abc", "8eb208f7e05d987a9b044a8e98c6b087f15a0bfc"),
        (b"message digest", "5d0689ef49d2fae572b881b123a85ffa21595f36"),
        (
            b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789",
            "b0e20b6e3116640286ed3a87a5713079b21f5189",
        ),
        (b"1234567890" * 8, "9b752e45573d4b39f4dbd3323cab82bf63326bfb"),
    ],
)
def test_ripemd160_gives_its_authors_values(message: bytes, digest: str) -> None:
    assert ripemd160(message).hex() == digest


def test_hash160_of_the_bip173_key_is_its_program() -> None:
    key = bytes.fromhex("0279be667ef9dcbbac55a06295ce870b07029bfcdb2dce28d959f2815b16f81798")
    assert hash160(key).hex() == "751e76e8199196d454941c45d1b3a323f1433bd6"


@given(st.binary(max_size=120))
def test_any_script_but_nonstandard_comes_back_from_kind_and_payload(script: bytes) -> None:
    kind, payload = classify(script)
    if kind == ScriptKind.NONSTANDARD:
        assert payload == b""
    else:
        again = script_of(kind, payload)
        assert again is not None
        assert again == script or kind == ScriptKind.MULTISIG
        assert classify(again) == (kind, payload)


KEYS = st.one_of(
    st.tuples(st.sampled_from([2, 3]), st.binary(min_size=32, max_size=32)),
    st.tuples(st.sampled_from([4, 6, 7]), st.binary(min_size=64, max_size=64)),
).map(lambda parts: bytes([parts[0]]) + parts[1])


@given(st.lists(KEYS, min_size=1, max_size=20), st.data())
def test_any_multisig_is_told_with_all_its_keys(keys: list[bytes], data: st.DataObject) -> None:
    required = data.draw(st.integers(1, len(keys)))
    payload = bytes([required, len(keys)]) + b"".join(pushed(key) for key in keys)
    script = script_of(ScriptKind.MULTISIG, payload)
    assert script is not None
    assert classify(script) == (ScriptKind.MULTISIG, payload)
    assert multisig_of(payload).keys == tuple(keys)


# --- the kernel beside the plain rules ------------------------------------------------------------


def loose_transaction(scripts: list[bytes]) -> bytes:
    """Wrap output scripts, each shorter than 64 KiB, into one transaction."""
    outputs = b"".join(
        bytes(8) + b"\xfd" + len(script).to_bytes(2, "little") + script
        if len(script) >= 0xFD
        else bytes(8) + bytes([len(script)]) + script
        for script in scripts
    )
    one_input = b"\x01" + bytes(36) + b"\x00" + b"\xff" * 4
    return b"\x01\0\0\0" + one_input + bytes([len(scripts)]) + outputs + bytes(4)


def any_form(random: Random) -> bytes:
    """Write a script of any form, often with something just not right about it."""
    number = random.choice([1, 2, 3, 16, 17, 20, 21])
    keys = b"".join(pushed(b"\x02" + random.randbytes(32)) for _ in range(number))
    stated = bytes([0x50 + number]) if number <= 16 else bytes([1, number])
    version = random.choice([0, 0x51, 0x52, 0x60, 0x61])
    script = random.choice(
        [
            pushed(KEY_A) + b"\xac",
            pushed(KEY_LONG) + b"\xac",
            b"\x76\xa9\x14" + random.randbytes(20) + b"\x88\xac",
            b"\xa9\x14" + random.randbytes(20) + b"\x87",
            bytes([version]) + pushed(random.randbytes(random.choice([2, 20, 21, 32, 40, 41]))),
            bytes.fromhex("51024e73"),
            b"\x6a" + random.randbytes(random.randrange(90)),
            b"\x51" + keys + stated + b"\xae",
            b"\x51\x4c" + keys + stated + b"\xae",
            random.randbytes(random.randrange(60)),
        ]
    )
    if random.random() < 0.3 and script:
        at = random.randrange(len(script))
        script = script[:at] + random.randbytes(random.randrange(3)) + script[at + 1 :]
    return script


@given(st.integers(0, 2**32))
@examples(60)
def test_the_kernel_tells_every_script_as_the_plain_rules_do(seed: int) -> None:
    random = Random(seed)
    scripts = [any_form(random) for _ in range(200)]
    columns = parse_transaction(loose_transaction(scripts))
    starts = columns.output_payload_start
    for output, script in enumerate(scripts):
        payload = columns.payload[starts[output] : starts[output + 1]].tobytes()
        assert (columns.output_script[output], payload) == classify(script), script.hex()
