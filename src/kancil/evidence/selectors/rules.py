"""What verifies a candidate of the kernels: check bytes, lengths, number plans, lists of labels.

Each rule takes the bytes of one candidate alone and gives what it found in them, so that what was
verified once is remembered. See docs/reference/selectors.md for sources and errors of each.
"""

from __future__ import annotations

import base64
import hashlib
import ipaddress
import re
from collections.abc import Callable, Iterator
from functools import lru_cache
from typing import NamedTuple

import phonenumbers
from stdnum import bic

from kancil.ground import base58, bech32
from kancil.ground.keccak import keccak256
from kancil.records.identifier import is_tron_address
from kancil.records.selectors.email_address import EMAIL_ADDRESS
from kancil.records.selectors.ethereum import ETHEREUM_ADDRESS
from kancil.records.selectors.iban import IBAN
from kancil.records.selectors.phone_number import PHONE_NUMBER

from .tables import plain_labels, root_labels, second_levels, seed_words


class Verified(NamedTuple):
    """What a candidate holds."""

    kind: str
    value: str | None
    """In normal form; None of a secret."""
    start: int
    end: int
    """Bytes of the candidate."""


Rule = Callable[[bytes], tuple[Verified, ...]]
NEAR = {
    "swift-bic": re.compile(rb"(?i)(?<![a-z])(?:bic|swift)(?![a-z0-9])"),
    "imei": re.compile(rb"(?i)(?<![a-z])imei"),
    "pgp-key-id": re.compile(rb"(?i)pgp|gpg|(?<![a-z])key"),
}
"""What must stand within `forms.NEAR_BYTES` before or after."""
NOT_BEFORE = {"ipv4": re.compile(rb"(?i)(?<![a-z])vers?(?:ion)?(?![a-z])")}
"""What must not stand within `forms.NEAR_BYTES` before."""
WIF_KEY, EXTENDED_KEY, SEED_PHRASE = "wif-key", "extended-private-key", "seed-phrase"
LONGEST_PHRASE_RUN = 40
"""So many words of the list in a row are a list of words, not a phrase."""
_CHAINS = {
    0: "bitcoin", 5: "bitcoin", 111: "bitcoin", 196: "bitcoin", 48: "litecoin", 50: "litecoin",
    "bc": "bitcoin", "tb": "bitcoin", "bcrt": "bitcoin", "ltc": "litecoin",
}  # fmt: skip
"""Version bytes and prefixes of addresses: chainparams.cpp of Bitcoin Core and Litecoin Core."""
_WIF_VERSION, _WIF_BYTES = 0x80, {51: 33, 52: 34}
_PRIVATE_VERSIONS = frozenset(
    bytes.fromhex(each)
    for each in (
        "0488ade4", "049d7878", "04b2430c", "0295b005", "02aa7a99", "04358394", "044a4e28",
        "045f18bc", "024285b5", "02575048",
    )
)  # fmt: skip
"""Version bytes of xprv, yprv, zprv, Yprv, Zprv and of the test networks' (SLIP-132)."""
_MONERO_VERSIONS = {95: (18, 42), 106: (19,)}
"""By length: addresses and subaddresses; addresses with a payment id (cryptonote_config.h)."""
_MONERO_SIZES = {11: 8, 7: 5, 6: 4}
"""Bytes of a block of so many characters: whole blocks, and the last of 69 and of 77 bytes."""
_URL = re.compile(
    r"(https?|ftp)://(?:[^/?#@]*@)?(\[[0-9a-f:.]+\]|[^/?#:]+)(?::[0-9]{0,5})?(?=[/?#]|$)", re.I
)
_TRAILING = ".,;:!?'*"
_LABEL = re.compile(r"(?!-)[a-z0-9-]{1,63}(?<!-)")
_REVERSED = ("com", "org", "net", "edu", "gov", "io", "de", "java", "javax")
"""First labels of names in programs, which turn a domain round."""
_SECTION = "rel"
"""As in `.data.rel.ro`, a section of programs."""
_OBJECT_IDS = ((2, 5, 4), (2, 5, 29), (1, 3, 101))
"""Beginnings of names of X.509, which are no addresses (RFC 5280, RFC 8410)."""
_WORD = re.compile(rb"[A-Za-z0-9]+")
_CARDS = re.compile(
    r"4(?:\d{12}|\d{15}|\d{18})|5[1-5]\d{14}|2(?:22[1-9]|2[3-9]\d|[3-6]\d\d|7[01]\d|720)\d{12}"
    r"|3[47]\d{13}|6(?:011|4[4-9]\d|5\d\d)\d{12}|35(?:2[89]|[3-8]\d)\d{12}"
    r"|3(?:0[0-5]|[689]\d)\d{11}|62\d{14,17}"
)
"""Visa, Mastercard, American Express, Discover, JCB, Diners Club, UnionPay."""


def _whole(kind: str, value: str | None, candidate: bytes) -> tuple[Verified, ...]:
    return (Verified(kind, value, 0, len(candidate)),)


def _rule(kind: str) -> Callable[[Callable[[str], str | None]], Rule]:
    """Make a rule of what gives the normal form of a whole candidate, or None."""

    def mark(read: Callable[[str], str | None]) -> Rule:
        @lru_cache(maxsize=1 << 13)
        def rule(candidate: bytes) -> tuple[Verified, ...]:
            value = read(candidate.decode("ascii"))
            return () if value is None else _whole(kind, value, candidate)

        return rule

    return mark


@lru_cache(maxsize=1 << 12)
def read_base58(candidate: bytes) -> tuple[Verified, ...]:
    """Addresses of bitcoin, Litecoin, TRON and Monero; private keys (WIF, BIP 32)."""
    text = candidate.decode("ascii")
    if len(text) in _MONERO_VERSIONS:
        return _whole("monero-address", text, candidate) if _is_monero(text) else ()
    body = base58.decode_check(text)
    if body is None:
        return ()
    if len(body) == 78 and body[:4] in _PRIVATE_VERSIONS and body[45] == 0:
        return _whole(EXTENDED_KEY, None, candidate)
    if len(body) == _WIF_BYTES.get(len(text)) and body[0] == _WIF_VERSION:
        return _whole(WIF_KEY, None, candidate) if len(body) == 33 or body[33] == 1 else ()
    if is_tron_address(text):
        return _whole("tron-address", text, candidate)
    if len(body) == 21 and body[0] in _CHAINS:
        return _whole(f"{_CHAINS[body[0]]}-address", text, candidate)
    return ()


def _is_monero(text: str) -> bool:
    """Whether a text is a Monero address: base58 in blocks, Keccak check (Monero base58.cpp)."""
    raw = b""
    for start in range(0, len(text), 11):
        block = text[start : start + 11]
        number = 0
        for character in block:
            number = number * 58 + base58.ALPHABET.index(character)
        size = _MONERO_SIZES[len(block)]
        if number >= 1 << 8 * size:
            return False
        raw += number.to_bytes(size, "big")
    return raw[0] in _MONERO_VERSIONS[len(text)] and keccak256(raw[:-4])[:4] == raw[-4:]


@lru_cache(maxsize=1 << 12)
def read_bech32(candidate: bytes) -> tuple[Verified, ...]:
    """Segregated-witness addresses (BIP 173, BIP 350) of bitcoin, its test networks, Litecoin."""
    text = candidate.decode("ascii").lower()
    prefix, _, rest = text.partition("1")
    values = [bech32.VALUE[character] for character in rest]
    if prefix not in _CHAINS or len(values) < 1 + bech32.CHECK_CHARACTERS or values[0] > 16:
        return ()
    if bech32.residue(prefix, values) != (bech32.BECH32 if values[0] == 0 else bech32.BECH32M):
        return ()
    program = bech32.to_bytes(values[1 : -bech32.CHECK_CHARACTERS])
    if program is None or not 2 <= len(program) <= 40:
        return ()
    if values[0] == 0 and len(program) not in (20, 32):
        return ()
    return _whole(f"{_CHAINS[prefix]}-address", text, candidate)


def _is_constant(digits: str) -> bool:
    """Whether one hex digit fills half of the places, as in limits and masks of programs."""
    return max(map(digits.count, set(digits))) >= len(digits) // 2


@_rule("hex-64")
def read_hex_64(text: str) -> str | None:
    """64 hex digits that are no constant of a program; nothing else can be checked."""
    return None if _is_constant(text.lower()) else text.lower()


@_rule("ethereum-txid")
def read_ethereum_txid(text: str) -> str | None:
    """`0x` and 64 hex digits that are no constant of a program."""
    return None if _is_constant(text[2:].lower()) else text.lower()


read_ethereum = _rule("ethereum-address")(ETHEREUM_ADDRESS.read)


@_rule("onion-v3")
def read_onion(text: str) -> str | None:
    """An onion service's address: key, check and version 3 (Tor rend-spec-v3, section 6)."""
    name, _, ending = text.lower().partition(".")
    try:
        raw = base64.b32decode(name.upper())
    except ValueError:
        return None
    check = hashlib.sha3_256(b".onion checksum" + raw[:32] + b"\x03").digest()[:2]
    return text.lower() if ending == "onion" and raw[32:] == check + b"\x03" else None


def _is_name(domain: str) -> bool:
    """Whether a text in small letters is a domain name under a label of the root."""
    labels = domain.split(".")
    return (
        len(domain) <= 253
        and len(labels) > 1
        and labels[-1] in root_labels()
        and all(map(_LABEL.fullmatch, labels))
    )


@_rule("email-address")
def read_email(text: str) -> str | None:
    """An e-mail address, as `records.selectors` reads one, under a label of the root."""
    value = EMAIL_ADDRESS.read(text)
    return value if value and _is_name(value.rpartition("@")[2]) else None


@lru_cache(maxsize=1 << 13)
def read_url(candidate: bytes) -> tuple[Verified, ...]:
    """A URL of a named host or an address; scheme and host in small letters."""
    whole = candidate.decode("ascii").rstrip(_TRAILING)
    while whole.endswith((")", "]")):
        closing = whole[-1]
        if whole.count(closing) <= whole.count({")": "(", "]": "["}[closing]):
            break
        whole = whole[:-1].rstrip(_TRAILING)
    found = _URL.match(whole)
    host = found[2].lower() if found else ""
    if found is None or not (_is_name(host.rstrip(".")) or _address_of(host.strip("[]"))):
        return ()
    value = found[1].lower() + whole[found.end(1) : found.start(2)] + host + whole[found.end(2) :]
    return (Verified("url", value, 0, len(whole)),)


def read_long_url(candidate: bytes) -> tuple[Verified, ...]:
    """The host of a URL that goes on beyond what is read."""
    found = _URL.match(candidate.decode("ascii"))
    if found is None or not _is_name(found[2].lower()):
        return ()
    return (Verified("domain", found[2].lower(), found.start(2), found.end(2)),)


def _address_of(text: str) -> str | None:
    try:
        return ipaddress.ip_address(text).compressed
    except ValueError:
        return None


@_rule("domain")
def read_domain(written: str) -> str | None:
    """A bare domain name of three letters and more before its last label.

    Under a label that programs use too, only after `www.` or with a second level such as `co`;
    under a country's, only in small letters.
    """
    text = written.lower()
    *names, last = text.split(".")
    if not _is_name(text) or names[0] in _REVERSED or len(text) - len(last) < 4:
        return None
    if len(last) == 2 and (written != text or names[-1] == _SECTION):
        return None
    is_plain = last in plain_labels() or names[0] == "www" or names[-1] in second_levels()
    return text if is_plain else None


@_rule("ipv4")
def read_ipv4(text: str) -> str | None:
    """An IPv4 address that is no version number, object id, netmask, loopback or multicast."""
    address = _address_of(text)
    numbers = tuple(map(int, text.split(".")))
    if numbers[:3] in _OBJECT_IDS or numbers[2:] == (0, 0) or max(numbers) < 10:
        return None
    return None if numbers[0] in (0, 127) or numbers[0] > 223 else address


@_rule("ipv6")
def read_ipv6(text: str) -> str | None:
    """An IPv6 address: global, unique local or link-local (RFC 4291, RFC 4193)."""
    address = _address_of(text)
    return address if address and re.match("[23]|f[cd]|fe[89ab]", address) else None


@lru_cache(maxsize=1 << 12)
def read_phone(candidate: bytes) -> tuple[Verified, ...]:
    """The longest number of a country's plan that ends where a group of digits ends."""
    text = candidate.decode("ascii")
    for found in reversed(list(re.finditer(r"[0-9](?![0-9])", text))):
        value = PHONE_NUMBER.read(text[: found.end()])
        if value and phonenumbers.is_valid_number(phonenumbers.parse(value)):
            return (Verified("phone-number", value, 0, found.end()),)
    return ()


@lru_cache(maxsize=1 << 12)
def read_iban(candidate: bytes) -> tuple[Verified, ...]:
    """The IBAN that a candidate begins with, up to the end of one of its groups."""
    text = candidate.decode("ascii")
    for found in re.finditer(r"[A-Z0-9]+", text):
        value = IBAN.read(text[: found.end()]) if found.end() >= 15 else None
        if value:
            return (Verified("iban", value, 0, found.end()),)
    return ()


@_rule("swift-bic")
def read_bic(text: str) -> str | None:
    """A bank's code (ISO 9362): its form and its country."""
    return text if bic.is_valid(text) else None


@_rule("payment-card")
def read_card(text: str) -> str | None:
    """A payment card's number, of which only the first six and last four digits are kept."""
    digits = re.sub("[ -]", "", text)
    masked = digits[:6] + "•" * (len(digits) - 10) + digits[-4:]
    return masked if _CARDS.fullmatch(digits) else None


read_imei = _rule("imei")(str)
"""15 digits that keep Luhn's rule (3GPP TS 23.003, section 6.2.1)."""


@_rule("pgp-key-id")
def read_pgp(text: str) -> str | None:
    """A key id or fingerprint of OpenPGP (RFC 9580, section 5.5.4), in capitals without `0x`."""
    return text.lower().removeprefix("0x").upper()


def read_phrases(candidate: bytes) -> tuple[Verified, ...]:
    """Seed phrases (BIP 39) among words of its list that stand in a row."""
    found: list[Verified] = []
    run: list[tuple[int, int, int]] = []
    known = seed_words()
    for word in _WORD.finditer(candidate):
        number = known.get(word[0].decode("ascii").lower())
        if number is not None:
            run.append((number, word.start(), word.end()))
        elif not (len(word[0]) <= 2 and word[0][:1].isdigit()):
            found += _phrases_of(run)
            run = []
    return (*found, *_phrases_of(run))


def _phrases_of(run: list[tuple[int, int, int]]) -> Iterator[Verified]:
    """The longest phrases of a run, the first first; `run`: number of each word, start and end."""
    if len(run) > LONGEST_PHRASE_RUN:
        return
    taken: list[tuple[int, int]] = []
    for size in (24, 21, 18, 15, 12):
        for first in range(len(run) - size + 1):
            is_free = all(end <= first or start >= first + size for start, end in taken)
            if is_free and _is_phrase([number for number, _, _ in run[first : first + size]]):
                taken.append((first, first + size))
                yield Verified(SEED_PHRASE, None, run[first][1], run[first + size - 1][2])


def _is_phrase(numbers: list[int]) -> bool:
    """Whether the last bits of a phrase are those of its check (BIP 39)."""
    bits = 0
    for number in numbers:
        bits = bits << 11 | number
    size = len(numbers) // 3
    entropy = (bits >> size).to_bytes(size * 4, "big")
    return hashlib.sha256(entropy).digest()[0] >> (8 - size) == bits & ((1 << size) - 1)
