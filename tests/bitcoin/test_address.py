"""Addresses: every published vector, and mistakes answered with the part that is wrong."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kancil.bitcoin.network import MAINNET, NETWORKS, REGTEST, SIGNET, TESTNET3, Network
from kancil.bitcoin.script import errors
from kancil.bitcoin.script.address import decode_address, encode_address, is_address, witness_kind
from kancil.bitcoin.script.errors import AddressIsPrivateKey, AddressNotReadable
from kancil.bitcoin.script.kind import ScriptKind
from kancil.bitcoin.script.script import address_of_script, classify, script_of
from kancil.ground import base58, bech32
from kancil.ground.errors import KancilError
from tests.examples import examples

VECTORS = Path(__file__).parent.parent / "data" / "bitcoin" / "vectors"
# Bitcoin Core's newer vectors write testnet as testnet4; its addresses are testnet3's.
CORE_NAMES = {"main": MAINNET, "testnet4": TESTNET3, "signet": SIGNET, "regtest": REGTEST}
GENESIS_REWARD = "1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa"
BIP173_EXAMPLE = "bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4"
BIP350_EXAMPLE = "bc1p0xlxvlhemja6c4dqv22uapctqupfhlxm9h8z3k2e72q4k9hcz7vqzk5jj0"


def vectors(name: str) -> Any:
    return json.loads((VECTORS / name).read_text())


VALID = vectors("key_io_valid.json")
INVALID = [row[0] for row in vectors("key_io_invalid.json")]


@pytest.mark.parametrize(
    ("text", "script_hex", "chain"),
    [(row[0], row[1], row[2]["chain"]) for row in VALID if not row[2]["isPrivkey"]],
)
def test_core_address_vector_gives_its_script_and_comes_back(
    text: str, script_hex: str, chain: str
) -> None:
    network = CORE_NAMES[chain]
    kind, payload = decode_address(text, network)
    script = script_of(kind, payload)
    assert script is not None
    assert script.hex() == script_hex
    assert encode_address(kind, payload, network) == text
    assert address_of_script(bytes.fromhex(script_hex), network) == text


@pytest.mark.parametrize(
    ("text", "chain", "may_flip"),
    [
        (row[0], row[2]["chain"], row[2].get("tryCaseFlip", False))
        for row in VALID
        if not row[2]["isPrivkey"]
    ],
)
def test_core_vector_in_the_other_case_is_read_only_where_core_reads_it(
    text: str, chain: str, may_flip: bool
) -> None:
    assert is_address(text.swapcase(), CORE_NAMES[chain]) is may_flip


@pytest.mark.parametrize("text", [row[0] for row in VALID if row[2]["isPrivkey"]])
def test_core_private_key_is_refused_and_never_repeated(text: str) -> None:
    for network in NETWORKS.values():
        with pytest.raises(AddressIsPrivateKey) as caught:
            decode_address(text, network)
        assert text not in str(caught.value)
        assert caught.value.params == {}


@pytest.mark.parametrize("text", INVALID)
def test_core_invalid_vector_is_refused_on_every_network(text: str) -> None:
    for network in NETWORKS.values():
        with pytest.raises((AddressNotReadable, AddressIsPrivateKey)):
            decode_address(text, network)


@pytest.mark.parametrize("case", vectors("bip341_wallet.json")["scriptPubKey"])
def test_bip341_vector_script_has_its_address(case: dict[str, Any]) -> None:
    script = bytes.fromhex(case["expected"]["scriptPubKey"])
    text = case["expected"]["bip350Address"]
    assert address_of_script(script, MAINNET) == text
    assert decode_address(text, MAINNET) == (ScriptKind.P2TR, script[2:])


BITCOINJS = vectors("bitcoinjs_address.json")
BITCOINJS_NETWORKS = {"bitcoin": MAINNET, "testnet": TESTNET3, "regtest": REGTEST}


@pytest.mark.parametrize("case", BITCOINJS["standard"])
def test_bitcoinjs_vector_is_read_or_named_as_litecoin(case: dict[str, Any]) -> None:
    text = case.get("base58check") or case["bech32"]
    if case["network"] == "litecoin":
        with pytest.raises(errors.AddressOfOtherCoin) as caught:
            decode_address(text, MAINNET)
        assert caught.value.params["coin"] == "Litecoin"
        return
    payload = bytes.fromhex(case.get("hash") or case["data"])
    kind, found = decode_address(text, BITCOINJS_NETWORKS[case["network"]])
    assert found in (payload, bytes([case["version"]]) + payload)
    assert kind != ScriptKind.NONSTANDARD


@pytest.mark.parametrize("case", BITCOINJS["bech32"])
def test_bitcoinjs_bech32_vector_encodes_to_its_text(case: dict[str, Any]) -> None:
    found = witness_kind(case["version"], bytes.fromhex(case["data"]))
    assert found is not None
    network = MAINNET if case["prefix"] == "bc" else TESTNET3
    assert encode_address(*found, network) == case["address"].lower()


def test_bitcoinjs_invalid_vectors_are_refused() -> None:
    invalid = BITCOINJS["invalid"]
    refused = invalid["bech32"] + invalid["fromBase58Check"]
    # One case stands there as an output key off the curve, which its `toOutputScript` accepts too.
    refused += [case for case in invalid["toOutputScript"] if "exception" in case]
    assert len(refused) == 32
    for case in refused:
        prefix = case.get("network", {}).get("bech32", "bc")
        network = TESTNET3 if prefix == "tb" else replace(MAINNET, bech32_prefix=prefix)
        assert not is_address(case["address"], network), case


@pytest.mark.parametrize("case", BITCOINJS["invalid"]["fromOutputScript"])
def test_bitcoinjs_scripts_without_address_have_none(case: dict[str, Any]) -> None:
    script = b""
    for word in case["script"].split():
        opcode = OPCODES.get(word)
        data = b"" if opcode is not None else bytes.fromhex(word)
        script += bytes([len(data) if opcode is None else opcode]) + data
    address = address_of_script(script, MAINNET)
    if "description" in case:
        # As Bitcoin Core, Kancil does not check that an output key lies on the curve.
        assert address is not None
    else:
        assert address is None


OPCODES = {
    "OP_0": 0,
    "OP_1": 0x51,
    "OP_TRUE": 0x51,
    "OP_2": 0x52,
    "OP_RETURN": 0x6A,
    "OP_CHECKSIG": 0xAC,
    "OP_CHECKMULTISIG": 0xAE,
}


def test_bip350_invalid_addresses_are_refused_for_the_reason_given_there() -> None:
    # Source: BIP 350, "Test vectors for v0-v16 native segregated witness addresses".
    cases = {
        "tc1qw508d6qejxtdg4y5r3zarvary0c5xw7kg3g4ty": errors.AddressNotReadable,
        "bc1p0xlxvlhemja6c4dqv22uapctqupfhlxm9h8z3k2e72q4k9hcz7vqh2y7hd": (
            errors.AddressEncodingWrong
        ),
        "BC1S0XLXVLHEMJA6C4DQV22UAPCTQUPFHLXM9H8Z3K2E72Q4K9HCZ7VQ54WELL": (
            errors.AddressEncodingWrong
        ),
        "bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kemeawh": errors.AddressEncodingWrong,
        "bc1p38j9r5y49hruaue7wxjce0updqjuyyx0kh56v8s25huc6995vvpql3jow4": (
            errors.AddressCharacterWrong
        ),
        "BC130XLXVLHEMJA6C4DQV22UAPCTQUPFHLXM9H8Z3K2E72Q4K9HCZ7VQ7ZWS8R": (
            errors.AddressVersionWrong
        ),
        "bc1pw5dgrnzv": errors.AddressProgramLengthWrong,
        "bc1p0xlxvlhemja6c4dqv22uapctqupfhlxm9h8z3k2e72q4k9hcz7v8n0nx0muaewav253zgeav": (
            errors.AddressProgramLengthWrong
        ),
        "BC1QR508D6QEJXTDG4Y5R3ZARVARYV98GJ9P": errors.AddressProgramLengthWrong,
        "bc1p0xlxvlhemja6c4dqv22uapctqupfhlxm9h8z3k2e72q4k9hcz7v07qwwzcrf": (
            errors.AddressPaddingWrong
        ),
        "bc1gmk9yu": errors.AddressLengthWrong,
    }
    for text, kind in cases.items():
        with pytest.raises(kind):
            decode_address(text, MAINNET)


# --- which part is wrong --------------------------------------------------------------------------


def refusal(text: str, network: Network = MAINNET) -> KancilError:
    with pytest.raises(KancilError) as caught:
        decode_address(text, network)
    return caught.value


def test_character_outside_the_alphabet_is_named_with_its_place() -> None:
    answer = refusal("1A1zP1eP5QGefi2DMPTfTL5SLmv7Div0Na")
    assert isinstance(answer, errors.AddressCharacterWrong)
    assert (answer.params["character"], answer.params["place"]) == ("0", 32)
    lookalike = refusal("1\u0410" + GENESIS_REWARD[2:])
    assert (lookalike.params["character"], lookalike.params["place"]) == ("U+0410", 2)


def test_mixed_case_is_told_with_the_first_place_that_differs() -> None:
    answer = refusal(BIP173_EXAMPLE[:10] + BIP173_EXAMPLE[10:].upper())
    assert isinstance(answer, errors.AddressMixedCase)
    assert answer.params["place"] == 11


@pytest.mark.parametrize("place", [1, 5, 20, 33])
def test_one_wrong_base58_character_is_located(place: int) -> None:
    other = "x" if GENESIS_REWARD[place] != "x" else "y"
    answer = refusal(GENESIS_REWARD[:place] + other + GENESIS_REWARD[place + 1 :])
    assert isinstance(answer, errors.AddressMistyped)
    assert answer.params["places"] == str(place + 1)


def test_two_base58_characters_that_changed_places_are_located() -> None:
    answer = refusal("1A1zP1eP5QGefi2DMPTfLT5SLmv7DivfNa")
    assert isinstance(answer, errors.AddressMistyped)
    assert answer.params["places"] == "21, 22"


def test_missing_and_extra_characters_are_located() -> None:
    for text in (GENESIS_REWARD, BIP350_EXAMPLE):
        missing = refusal(text[:15] + text[16:])
        assert isinstance(missing, errors.AddressCharacterMissing)
        assert missing.params["place"] == 16
        extra = refusal(text[:15] + "z" + text[15:])
        assert isinstance(extra, errors.AddressCharacterExtra)
        assert extra.params["place"] == 16


def test_hopeless_text_gets_only_the_checksum_answer() -> None:
    scrambled = GENESIS_REWARD[:10] + GENESIS_REWARD[10:25][::-1] + GENESIS_REWARD[25:]
    assert type(refusal(scrambled)) is errors.AddressChecksumWrong
    scrambled = BIP350_EXAMPLE[:10] + BIP350_EXAMPLE[10:45][::-1] + BIP350_EXAMPLE[45:]
    assert type(refusal(scrambled)) is errors.AddressChecksumWrong


def test_wrong_network_is_named() -> None:
    answer = refusal("tb1qw508d6qejxtdg4y5r3zarvary0c5xw7kxpjzsx")
    assert isinstance(answer, errors.AddressWrongNetwork)
    assert answer.params["belongs"] == "testnet3, testnet4, signet"
    assert answer.params["network"] == "mainnet"
    answer = refusal(GENESIS_REWARD, SIGNET)
    assert answer.params["belongs"] == "mainnet"
    answer = refusal("mrCDrCybB6J1vRfbwM5hemdJz73FwDBC8r")
    assert answer.params["belongs"] == "testnet3, testnet4, signet, regtest"


@pytest.mark.parametrize(
    ("text", "coin"),
    [
        ("0x742d35Cc6634C0532925a3b844Bc454e4438f44e", "Ethereum"),
        ("TRYL7PKCG4b4xRCM554Q5J6o8f1UjUmfnY", "TRON"),
        ("LUxXFcwXFPpRZdMv4aYu6bDwPdC2skQ5YW", "Litecoin"),
        ("ltc1qw508d6qejxtdg4y5r3zarvary0c5xw7kgmn4n9", "Litecoin"),
        ("qpf2cphc5dkuclkqur7lhj2yuqq9pk3hmukle77vhq", "Bitcoin Cash"),
        ("t1MMXtBrSp1XG38Lx9cePcNUCJj5vdWfUWL", "Zcash"),
    ],
)
def test_address_of_another_coin_is_named(text: str, coin: str) -> None:
    answer = refusal(text)
    assert isinstance(answer, errors.AddressOfOtherCoin)
    assert answer.params["coin"] == coin


def test_wrong_beginning_over_right_check_characters_is_told() -> None:
    answer = refusal("dc1" + BIP173_EXAMPLE[3:])
    assert isinstance(answer, errors.AddressPrefixWrong)
    assert (answer.params["prefix"], answer.params["expected"]) == ("dc", "bc")


def test_mistyped_private_key_is_still_not_repeated() -> None:
    key = next(row[0] for row in VALID if row[2]["isPrivkey"] and row[2]["chain"] == "main")
    wrong = key[:20] + ("a" if key[20] != "a" else "b") + key[21:]
    for text in (wrong, key[:-1], key + "1"):
        answer = refusal(text)
        assert isinstance(answer, AddressIsPrivateKey)
        assert text not in str(answer)


def test_extended_keys_and_transaction_numbers_are_not_repeated_whole() -> None:
    # Source: BIP 32, test vector 1, chain m.
    public = (
        "xpub661MyMwAqRbcFtXgS5sYJABqqG9YLmC4Q1Rdap9gSE8NqtwybGhePY2gZ29ESFjqJoCu1Rupje8YtGqsefD265"
        "TMg7usUDFdp6W1EGMcet8"
    )
    answer = refusal(public)
    assert isinstance(answer, errors.AddressIsExtendedKey)
    assert answer.params == {"kind": "xpub"}
    txid = "41f366c2afcc222fe45398b6dc13dcca8874ca6ed288420700575495d03f8dad"
    assert type(refusal(txid)) is AddressNotReadable
    assert txid not in str(refusal(txid))


def test_spaces_around_an_address_are_ignored() -> None:
    assert decode_address(f"  {GENESIS_REWARD}\n", MAINNET)[0] == ScriptKind.P2PKH


def test_kinds_without_address_have_none() -> None:
    key = bytes.fromhex("02") + bytes(range(32))
    for kind in (
        ScriptKind.NONSTANDARD,
        ScriptKind.P2PK,
        ScriptKind.MULTISIG,
        ScriptKind.OP_RETURN,
    ):
        assert encode_address(kind, key, MAINNET) is None


def test_pay_to_anchor_has_the_address_of_bip433() -> None:
    assert encode_address(ScriptKind.P2A, bytes.fromhex("4e73"), MAINNET) == "bc1pfeessrawgf"
    assert classify(bytes.fromhex("51024e73")) == (ScriptKind.P2A, bytes.fromhex("4e73"))
    assert decode_address("bc1pfeessrawgf", MAINNET) == (ScriptKind.P2A, bytes.fromhex("4e73"))


# --- properties -----------------------------------------------------------------------------------

KINDS_AND_LENGTHS = [
    (ScriptKind.P2PKH, 20),
    (ScriptKind.P2SH, 20),
    (ScriptKind.P2WPKH, 20),
    (ScriptKind.P2WSH, 32),
    (ScriptKind.P2TR, 32),
]


@given(
    st.sampled_from(KINDS_AND_LENGTHS),
    st.binary(min_size=32, max_size=32),
    st.sampled_from(list(NETWORKS.values())),
)
def test_every_payload_comes_back_from_its_address(
    form: tuple[ScriptKind, int], payload: bytes, network: Network
) -> None:
    kind, length = form
    text = encode_address(kind, payload[:length], network)
    assert text is not None
    assert decode_address(text, network) == (kind, payload[:length])


@given(st.data())
@examples(150)
def test_one_or_two_wrong_bech32_characters_are_located_exactly(data: st.DataObject) -> None:
    text = data.draw(st.sampled_from([BIP173_EXAMPLE, BIP350_EXAMPLE]))
    places = data.draw(st.lists(st.integers(4, len(text) - 1), min_size=1, max_size=2, unique=True))
    wrong = list(text)
    for place in places:
        others = [c for c in bech32.ALPHABET if c != text[place]]
        wrong[place] = data.draw(st.sampled_from(others))
    answer = refusal("".join(wrong))
    assert isinstance(answer, errors.AddressMistyped)
    assert answer.params["places"] == ", ".join(str(place + 1) for place in sorted(places))


@given(st.text(max_size=100))
def test_any_text_is_read_or_refused_with_our_own_error(text: str) -> None:
    for network in (MAINNET, REGTEST):
        try:
            kind, payload = decode_address(text, network)
        except (AddressNotReadable, AddressIsPrivateKey, errors.AddressIsExtendedKey):
            continue
        assert encode_address(kind, payload, network) is not None


@given(st.binary(min_size=1, max_size=60))
def test_base58_comes_back(body: bytes) -> None:
    assert base58.decode_check(base58.encode_check(body)) == body


@given(st.binary(min_size=0, max_size=40))
def test_five_bit_groups_come_back(program: bytes) -> None:
    assert bech32.to_bytes(bech32.from_bytes(program)) == program


def test_bech32_valid_strings_of_the_proposals_have_their_constants() -> None:
    # Source: BIP 173 and BIP 350, "Test vectors".
    for text, constant in (
        ("a12uel5l", bech32.BECH32),
        ("abcdef1qpzry9x8gf2tvdw0s3jn54khce6mua7lmqqqxw", bech32.BECH32),
        ("split1checkupstagehandshakeupstreamerranterredcaperred2y9e3w", bech32.BECH32),
        ("a1lqfn3a", bech32.BECH32M),
        ("abcdef1l7aum6echk45nj3s0wdvt2fg8x9yrzpqzd3ryx", bech32.BECH32M),
        ("split1checkupstagehandshakeupstreamerranterredcaperredlc445v", bech32.BECH32M),
    ):
        prefix, _, rest = text.rpartition("1")
        assert bech32.residue(prefix, [bech32.VALUE[c] for c in rest]) == constant
