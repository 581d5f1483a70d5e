"""Selectors of published sources are found however they are written, and look-alikes are not."""

from __future__ import annotations

import base64
import random
import string
from collections.abc import Callable, Iterator

import pytest

from kancil.evidence.selectors.finder import (
    CONTEXT_BYTES,
    SEPARATOR,
    Finder,
    Secret,
    Sight,
    masked,
)
from kancil.evidence.selectors.tables import seed_words
from kancil.ground import base58, bech32
from kancil.records.identifier import with_capitals

from .examples import BESIDE, OTHERS, PLAIN, SECRETS

Seen = list[Sight | Secret]
WAYS: dict[str, Callable[[str], bytes]] = {
    "plain": lambda text: text.encode(),
    "utf-16": lambda text: text.encode("utf-16-le"),
    "utf-16, big-endian": lambda text: b"\0\x01" + text.encode("utf-16-be"),
    "base64": lambda text: base64.b64encode(text.encode()),
    "base64, in lines": lambda text: base64.encodebytes(text.encode()),
    "base64, in lines, utf-16": lambda text: base64.encodebytes(text.encode("utf-16-le")),
}
ALL = [
    *((kind, text, text) for kind, texts in PLAIN.items() for text in texts),
    *((kind, text, value) for kind, pairs in OTHERS.items() for text, value in pairs),
]


@pytest.fixture(scope="module")
def finder() -> Finder:
    found = Finder()
    found.ready()
    return found


def _kinds(found: Seen) -> list[tuple[str, str]]:
    return [(each.kind, each.value if isinstance(each, Sight) else "") for each in found]


@pytest.mark.parametrize("way", WAYS)
def test_every_example_is_found_in_every_coding(finder: Finder, way: str) -> None:
    for kind, text, value in ALL:
        around = f"ที่อยู่ now {BESIDE.get(kind, '')}{text}, and so on, until here" if way in (
            "plain", "base64"
        ) else f"it is now {BESIDE.get(kind, '')}{text}, and so on, until here"  # fmt: skip
        found = finder.find(b"\x80\x03" + WAYS[way](around) + b"\x07\x80")
        assert _kinds(found) == [(kind, value)], (way, kind)
        assert {each.coded for each in found} == {way.partition(",")[0]}


@pytest.mark.parametrize("way", WAYS)
def test_a_secret_is_found_and_not_kept(finder: Finder, way: str) -> None:
    for kind, texts in SECRETS.items():
        for text in texts:
            found = finder.find(WAYS[way](f"-- it is: {text} (do not lose it)"))
            assert [each.kind for each in found] == [kind]
            assert all(isinstance(each, Secret) and text[:8] not in repr(each) for each in found)


def test_a_place_is_where_the_selector_stands(finder: Finder) -> None:
    text = "ab ຄຳ 1BvBMSEYstWetqTFn5Au4m4GFg7xJaNVN2 ຄຳ x@example.org."
    for way, raw in (("utf-8", text.encode()), ("utf-16-le", text.encode("utf-16-le"))):
        last = 1 if way == "utf-8" else 2  # bytes of the last character
        texts = [raw[each.start : each.end - 1 + last].decode(way) for each in finder.find(raw)]
        assert texts == ["1BvBMSEYstWetqTFn5Au4m4GFg7xJaNVN2", "x@example.org"]
    lines = base64.encodebytes(b"." * 100 + b" 1BvBMSEYstWetqTFn5Au4m4GFg7xJaNVN2")
    (found,) = finder.find(b"\0\0\0" + lines)
    start = found.start - 3 - lines[: found.start - 3].count(b"\n")
    assert start * 3 // 4 in (100, 101)


ETHEREUM = (
    "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed", "0xfB6916095ca1df60bB79Ce92cE3Ea74c37c5d359",
    "0xdbF03B407c01E7cD3CBea99509d93f8DDDC8C6FB", "0xD1220A0cf47c7B9Be7A2E6BA89F429762e7b9aDb",
    "0x52908400098527886E0F7030069857D2E4169EE7",
)  # fmt: skip
"""ERC-55, test cases."""
WRONG = (
    # BIP 350, BIP 173: invalid addresses
    "tc1qw508d6qejxtdg4y5r3zarvary0c5xw7kg3g4ty", "bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t5",
    "bc1p0xlxvlhemja6c4dqv22uapctqupfhlxm9h8z3k2e72q4k9hcz7vqh2y7hd",
    "tb1z0xlxvlhemja6c4dqv22uapctqupfhlxm9h8z3k2e72q4k9hcz7vqglt7rf",
    "BC1S0XLXVLHEMJA6C4DQV22UAPCTQUPFHLXM9H8Z3K2E72Q4K9HCZ7VQ54WELL",
    "bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kemeawh", "bc1pw5dgrnzv",
    "bc1p38j9r5y49hruaue7wxjce0updqjuyyx0kh56v8s25huc6995vvpql3jow4",
    "BC130XLXVLHEMJA6C4DQV22UAPCTQUPFHLXM9H8Z3K2E72Q4K9HCZ7VQ7ZWS8R",
    "BC1QR508D6QEJXTDG4Y5R3ZARVARYV98GJ9P",
    "tb1qrp33g0q5c5txsp9arysrx4k6zdkfs4nce4xj0gdcccefvpysxf3q0sL5k7",
    "1BvBMSEYstWetqTFn5Au4m4GFg7xJaNVN3", "a1BvBMSEYstWetqTFn5Au4m4GFg7xJaNVN2",
    "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAeD", "TR7NHqjeKQxGTCi8q8ZY4pL8otSzgjLj6T",
    "bob@icon.pngx", "icon@2x.png", "@app.route", "a@b", "http://localhost:8000/", "http://{host}/x",
    "self.name", "os.path", "setup.py", "org.apache.commons.io", "foo.co.py(", "x.sa",
    "data.rel.ro", "version 10.2.3.44", "1.2.3.4.5", "v10.2.3.40", "2.5.29.17",
    "255.255.255.0", "10.0.300.1",
    "12:30:45", "std::string", "00:1b:44:11:3a:b7", "dead::beef", "2266::", "+1 234", "+12345678",
    "GB82 WEST 1234 5698 7654 33", "DEUTDEFF", "SWIFT TRANSFER", "4111 1111 1111 1112",
    "0.4111111111111111", "1111 4111 1111 1111 1111", "490154203237518", "IMEI 490154203237519",
    "0x4F25E3B6D5A1C2E7", "ab" * 32, "0x" + "0" * 63 + "1", "x" + "ab" * 32,
    "5HueCGU8rMjxEXxiPuD5BDku4MkFqeZyd4dZ1jvhTVqvbTLvyTK",
    "legal winner thank year wave sausage worth useful legal winner thank thank",
    "2gzyxa5ihm7nsggfxnu52rck2vv4rvmdlkiu3zzui5du4xyclen53wie.onion",
)  # fmt: skip
PUBLIC_KEY = (
    # BIP 32, test vector 1: it moves nothing
    "xpub661MyMwAqRbcFtXgS5sYJABqqG9YLmC4Q1Rdap9gSE8NqtwybGhePY2gZ29ESFjqJoCu1"
    "Rupje8YtGqsefD265TMg7usUDFdp6W1EGMcet8"
)


@pytest.mark.parametrize("address", ETHEREUM)
def test_an_ethereum_address_is_compared_in_small_letters(finder: Finder, address: str) -> None:
    assert _kinds(finder.find(address.encode())) == [("ethereum-address", address.lower())]


@pytest.mark.parametrize("text", [*WRONG, PUBLIC_KEY])
def test_a_look_alike_is_not_found(finder: Finder, text: str) -> None:
    assert finder.find(f"it is {text} of it".encode()) == []


def test_nothing_is_found_across_a_separator(finder: Finder) -> None:
    for kind, text, value in ALL:
        raw = (BESIDE.get(kind, "") + text).encode()
        for half in range(1, len(raw)):
            cut = finder.find(raw[:half] + SEPARATOR + raw[half:])
            assert (kind, value) not in _kinds(cut)
            assert all(each.end <= half or each.start >= half + len(SEPARATOR) for each in cut)


def test_words_between_two_separators_are_no_phrase(finder: Finder) -> None:
    words = SECRETS["seed-phrase"][0].encode()
    assert finder.find(words.replace(b" about", SEPARATOR + b"about")) == []


@pytest.mark.parametrize("between", [" ", "\n", ", ", "\r\n", '", "', " - "])
def test_a_phrase_is_found_however_its_words_are_parted(finder: Finder, between: str) -> None:
    words = SECRETS["seed-phrase"][2].split()
    numbered = "\n".join(f"{place}. {word.upper()}" for place, word in enumerate(words, 1))
    for text in (between.join(words), numbered, f"phrase {between.join(words)} end of all"):
        assert [each.kind for each in finder.find(f"my {text} .".encode())] == ["seed-phrase"]


def test_a_list_of_words_is_no_phrase(finder: Finder) -> None:
    assert finder.find("\n".join(seed_words()).encode()) == []


def test_a_url_does_not_keep_the_secret_or_card_in_it(finder: Finder) -> None:
    key = SECRETS["wif-key"][0]
    url, secret, card = finder.find(f"https://x.com/?k={key}&c=4111111111111111".encode())
    assert isinstance(url, Sight)
    assert url.value == f"https://x.com/?k={'•' * 51}&c=411111••••••1111"
    assert (secret.kind, card.kind) == ("wif-key", "payment-card")


def test_a_longer_url_is_named_by_its_host(finder: Finder) -> None:
    (found,) = finder.find(b"see http://example.org/" + b"a/" * 2000)
    assert _kinds([found]) == [("domain", "example.org")]


def test_a_text_is_masked_where_a_secret_stands() -> None:
    for texts in SECRETS.values():
        for text in texts:
            assert masked(f"ຄຳ {text} ຄຳ") == f"ຄຳ {'•' * len(text)} ຄຳ"
    assert (
        masked("ຄຳ 1BvBMSEYstWetqTFn5Au4m4GFg7xJaNVN2") == "ຄຳ 1BvBMSEYstWetqTFn5Au4m4GFg7xJaNVN2"
    )
    assert masked("") == ""
    assert masked("a\udcff " + SECRETS["wif-key"][0]) == "a\udcff " + "•" * 51


# --- a corpus of addresses and their look-alikes --------------------------------------------------


def _addresses(chance: random.Random, count: int) -> Iterator[tuple[str, str]]:
    for _ in range(count):
        program = chance.randbytes(20)
        yield "bitcoin-address", base58.encode_check(chance.choice([b"\0", b"\5"]) + program)
        yield "litecoin-address", base58.encode_check(chance.choice([b"\x30", b"\x32"]) + program)
        yield "tron-address", base58.encode_check(b"\x41" + program)
        values = [0, *bech32.from_bytes(program)]
        yield "bitcoin-address", bech32.encode("bc", values, bech32.BECH32)
        yield "litecoin-address", bech32.encode("ltc", values, bech32.BECH32)
        taproot = [1, *bech32.from_bytes(chance.randbytes(32))]
        yield "bitcoin-address", bech32.encode("bc", taproot, bech32.BECH32M)
        yield "ethereum-address", with_capitals("0x" + program.hex())


def _changed(chance: random.Random, text: str) -> str:
    """One letter or digit changed for another of its kind, but for the beginning."""
    place = chance.randrange(4, len(text))
    kinds = (string.ascii_lowercase, string.ascii_uppercase, string.digits)
    (of_kind,) = (each for each in kinds if text[place] in each)
    alike = [each for each in of_kind if each != text[place] and each in base58.ALPHABET]
    if text.startswith("0x"):
        alike = [each for each in alike if each in string.hexdigits]
    return text[:place] + chance.choice(alike) + text[place + 1 :]


def _corpus(chance: random.Random, count: int) -> tuple[bytes, list[tuple[str, str]]]:
    """Text and random bytes with addresses and look-alikes in all codings."""
    pieces, planted = [], []
    for kind, address in _addresses(chance, count):
        way = WAYS[chance.choice(list(WAYS))]
        text = f"send it all to {address} until friday, and tell nobody of it"
        wrong = f"send it all to {_changed(chance, address)} until friday, and tell nobody of it"
        planted.append((kind, address.lower() if address.startswith("0x") else address))
        pieces += [way(text), SEPARATOR, chance.randbytes(chance.randrange(400)), SEPARATOR]
        pieces += [way(wrong), SEPARATOR, chance.randbytes(chance.randrange(40)), SEPARATOR]
    return b"".join(pieces), planted


def test_all_planted_addresses_are_found_and_no_look_alikes(finder: Finder) -> None:
    raw, planted = _corpus(random.Random(7), 60)
    crypto = {kind for kind, _ in planted} | {"monero-address"}
    found = [each for each in _kinds(finder.find(raw)) if each[0] in crypto]
    assert len(planted) == 420
    missing = set(planted) - set(found)
    assert not missing
    # An Ethereum look-alike with no letter but digits changed fails its check in 9,997 of 10,000.
    assert len(found) - len(planted) <= len(found) // 100


def test_windows_of_a_buffer_give_what_the_whole_gives(finder: Finder) -> None:
    chance = random.Random(11)
    raw, _ = _corpus(chance, 40)
    pieces = [raw[:40_000]]
    texts = [BESIDE.get(kind, "") + text for kind, text, _ in ALL] + [
        text for texts in SECRETS.values() for text in texts
    ]
    texts += ["https://example.org/" + "a" * size for size in (900, 970, 1990, 2500)]
    texts += [" ".join(chance.sample(list(seed_words()), 30)), "A" * 5000, "1" * 3000]
    for _ in range(900):
        way = WAYS[chance.choice(list(WAYS))]
        said = " ".join(chance.sample(texts, chance.randrange(1, 12)))
        pieces += [way(said), chance.randbytes(chance.randrange(60))]
    raw = b"".join([*pieces, raw[40_000:]])
    whole = finder.find(raw)
    assert len(whole) > 3_000
    for size in (1 << 16, 50_001):
        cut: Seen = []
        for start in range(0, len(raw), size):
            first = max(0, start - CONTEXT_BYTES)
            for each in finder.find(raw[first : start + size + CONTEXT_BYTES]):
                if start <= each.start + first < start + size:
                    cut.append(_moved(each, first))
        assert cut == whole


def _moved(each: Sight | Secret, by: int) -> Sight | Secret:
    if isinstance(each, Secret):
        return Secret(each.kind, each.start + by, each.end + by, each.coded)
    return Sight(each.kind, each.value, each.start + by, each.end + by, each.coded)
