"""The kernels against a slow twin of regular expressions, on random bytes and planted text."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum import luhn

from kancil.evidence.selectors import forms
from kancil.evidence.selectors import kernels as k
from kancil.evidence.selectors.finder import Finder, _padded
from kancil.evidence.selectors.tables import plain_labels, root_labels, seed_words
from tests.examples import examples

from .examples import BESIDE, OTHERS, PLAIN, SECRETS

Row = tuple[int, int, int]
_A = rb"[A-Za-z0-9]"
_RUN = re.compile(rb"[A-Za-z0-9]+")
_WHOLE = {
    forms.HEX_64: rb"[0-9a-fA-F]{64}",
    forms.ETHEREUM: rb"0[xX][0-9a-fA-F]{40}",
    forms.ETHEREUM_TX: rb"0[xX][0-9a-fA-F]{64}",
    forms.BASE58: rb"(?=[1-9A-HJ-NP-Za-km-z]*$)"
    rb"(?:[123LMTmn].{24,35}|5.{50}|[KL].{51}|[48].{94}|[48].{105}|.prv.{107,108})",
    forms.IMEI: rb"[0-9]{15}",
    forms.BIC: rb"(?=.{8}(?:...)?$)[A-Z]{6}.*",
    forms.PGP: rb"0[xX][0-9a-fA-F]{16}|[0-9a-fA-F]{40}",
    forms.BECH32: rb"(?=.{14,90}$)"
    rb"(?:(?:ltc|bcrt|bc|tb)1[02-9ac-hj-np-z]+|(?:LTC|BCRT|BC|TB)1[02-9AC-HJ-NP-Z]+)",
}
"""What a whole run of letters and digits is."""
_URL = re.compile(
    rb"(?<![A-Za-z0-9])(?=([A-Za-z0-9]{3,5}://[A-Za-z0-9\-._~:/?#\[\]@!$&'()*+,;=%]{3,}))"
)
_WIDE = re.compile(rb"(?=([ -~\t\r\n](?:\0[ -~\t\r\n]){7,}))")
_LINE = re.compile(rb"(?<![A-Za-z0-9+/])[A-Za-z0-9+/]{40,}(?![A-Za-z0-9+/])")
_NEXT = re.compile(rb"\r?\n([A-Za-z0-9+/]{2,39})(?![A-Za-z0-9+/])")
_IPV4 = re.compile(
    rb"(?<![A-Za-z0-9._-])[0-9]{1,3}(?:\.[0-9]{1,3}){3}(?![A-Za-z0-9_-]|\.[A-Za-z0-9])"
)
_ONION = re.compile(rb"(?<![A-Za-z0-9])[A-Za-z0-9]{56}\.[A-Za-z]{5}(?![A-Za-z0-9])")
_PHONE = re.compile(rb"(?<![A-Za-z0-9+])\+(?=\(?[1-9])")
_LONGEST_URL = 2000


def _twin(data: bytes) -> Iterator[Row]:
    """The rows of some rules."""
    for run in _RUN.finditer(data):
        for rule, form in _WHOLE.items():
            is_right = (rule != forms.IMEI or luhn.is_valid(run[0].decode())) and (
                rule != forms.BIC or _names_bank(data, *run.span())
            )
            if is_right and re.fullmatch(form, run[0], re.DOTALL):
                yield rule, run.start(), run.end()
    for found in _URL.finditer(data):
        start, end = found.span(1)
        yield forms.URL, start, min(end, start + _LONGEST_URL + 1)
    for found in _IPV4.finditer(data):
        yield forms.IPV4, *found.span()
    for found in _ONION.finditer(data):
        yield forms.ONION, *found.span()
    yield from _wide_runs(data)
    yield from _lines(data)
    yield from _phrases(data)
    yield from _domains(data)
    yield from _emails(data)
    yield from _phones(data)
    yield from _cards(data)
    yield from _ibans(data)


def _names_bank(data: bytes, start: int, end: int) -> bool:
    near = {*range(start - forms.NEAR_BYTES, start), *range(end, end + forms.NEAR_BYTES)}
    found = re.finditer(rb"(?i)(?<=b)i(?=c)|(?<=w)i(?=f)", data)
    return any(each.start() in near for each in found)


def _emails(data: bytes) -> Iterator[Row]:
    for found in re.finditer(rb"@(?=[A-Za-z0-9])", data):
        local = re.search(rb"[\w.%+'-]+\Z", data[: found.start()], re.ASCII)
        if local is None or len(local[0]) > 64 or local[0].endswith(b"."):
            continue
        kept = re.sub(rb"^[.%+'-]+", b"", local[0])
        start = found.start() - len(kept)
        if not kept or re.search(rb"[\xc3-\xc9][\x80-\xff]\Z", data[:start]):
            continue
        (domain,) = re.findall(rb"^[A-Za-z0-9.-]+", data[found.end() :])
        after = data[found.end() + len(domain.rstrip(b".-")) :][:1]
        domain = domain.rstrip(b".-")
        if b"." in domain and len(domain) < 253 and after not in (b"_", b"@"):
            yield forms.EMAIL, start, found.end() + len(domain)


def _phones(data: bytes) -> Iterator[Row]:
    for found in _PHONE.finditer(data):
        (whole,) = re.findall(rb"^\(?[0-9](?:[ .()/-]{0,2}[0-9]){0,17}", data[found.end() :])
        end = found.end() + len(whole)
        if len(re.findall(rb"[0-9]", whole)) >= 8 and not re.match(_A, data[end : end + 1]):
            yield forms.PHONE, found.start(), end


_CARD = re.compile(
    rb"(?<![A-Za-z0-9+,._])(?:[2-6][0-9]{12,18}(?![A-Za-z0-9])"
    rb"|[2-6][0-9]{3}(?P<sep>[ -])(?:[0-9]{4}(?P=sep)[0-9]{4}(?P=sep)[0-9]{4}"
    rb"(?!(?P=sep)[0-9]{4}(?![0-9]))"
    rb"|[0-9]{6}(?P=sep)[0-9]{4,5}))(?![A-Za-z0-9_]|\.[0-9])"
)


def _cards(data: bytes) -> Iterator[Row]:
    for found in _CARD.finditer(data):
        sep = found["sep"]
        if sep and re.search(rb"[0-9]{4}" + sep + rb"\Z", data[: found.start()]):
            continue
        digits = re.sub(rb"[ -]", b"", found[0]).decode()
        if luhn.is_valid(digits):
            yield forms.CARD, *found.span()


def _ibans(data: bytes) -> Iterator[Row]:
    for found in _RUN.finditer(data):
        if re.fullmatch(rb"[A-Z]{2}[0-9]{2}[A-Z0-9]{11,30}", found[0]):
            yield forms.IBAN, *found.span()
        elif re.fullmatch(rb"[A-Z]{2}[0-9]{2}", found[0]):
            rest = re.match(rb"((?: [A-Z0-9]{4}(?![A-Za-z0-9]))*)( [A-Z0-9]{1,3}(?![A-Za-z0-9]))?",
                            data[found.end() :])  # fmt: skip
            assert rest is not None
            groups = rest[1][:40]
            last = rest[2] or b""
            size = 4 + len(groups) + (len(last) if len(groups) < 40 else 0)
            if size >= 18:
                yield forms.IBAN, found.start(), found.start() + size


def _wide_runs(data: bytes) -> Iterator[Row]:
    ends: set[int] = set()
    for found in _WIDE.finditer(data):
        start, end = found.span(1)
        if end not in ends:  # else it is the rest of one before
            ends.add(end)
            yield forms.UTF_16, start, end


def _lines(data: bytes) -> Iterator[Row]:
    for found in _LINE.finditer(data):
        if len(found[0]) <= forms.LONGEST_BASE64:
            yield forms.BASE64, found.start(), found.end()
            following = _NEXT.match(data, found.end())
            if following is not None:
                yield forms.BASE64, *following.span(1)


def _phrases(data: bytes) -> Iterator[Row]:
    begins = {word[:4] for word in seed_words()}
    run: list[tuple[int, int]] = []
    for found in _RUN.finditer(data):
        word = found[0].decode()
        folded = "".join(chr(96 | ord(each) & 31) for each in word[:4])
        is_word = 3 <= len(word) <= 8 and folded in begins
        if is_word and (not run or found.start() - run[-1][1] <= k.WORD_GAP_BYTES):
            run.append(found.span())
        elif is_word or not (len(word) <= 2 and word[0].isdigit()):
            if len(run) >= k.LEAST_WORDS:
                yield forms.PHRASE, run[0][0], run[-1][1]
            run = [found.span()] if is_word else []
    if len(run) >= k.LEAST_WORDS:
        yield forms.PHRASE, run[0][0], run[-1][1]


def _domains(data: bytes) -> Iterator[Row]:
    for found in re.finditer(rb"(?<![\w.-])[\w.-]+", data, re.ASCII):
        name = found[0]
        for part in re.finditer(rb"\.([a-z]{2,8})(?![A-Za-z0-9])", name):
            rest = name[part.end() :] + data[found.end() : found.end() + 1]
            label = part[1].decode()
            if label == "onion" or label not in root_labels():
                continue
            if re.match(rb"[(=@\[_-]|\.[A-Za-z0-9]", rest + data[found.end() : found.end() + 2]):
                continue
            first = name[: part.start()]
            start = found.start() + len(first) - len(first.lstrip(b".-"))
            before = data[max(0, start - 1) : start]
            if b"_" in first or not first.strip(b".-") or before in (b"$", b"%", b"/", b"@", b"\\"):
                continue
            if len(first) >= 253 or (label not in plain_labels() and b"." not in first):
                continue
            yield forms.DOMAIN, start, found.start() + part.end()


NOT_TWINNED = (forms.IPV6,)
WORDS = [word.encode() for word in list(seed_words())[::9]]
PLANTED = [
    *(text.encode() for texts in (*PLAIN.values(), *SECRETS.values()) for text in texts),
    *(text.encode() for pairs in OTHERS.values() for text, _ in pairs),
    *(word.encode() for word in BESIDE.values()),
    b"version 10.1.2.3", b"http://", b"https://a.b/?u=http://", b"@", b"\0", b"\r\n", b" ", b".",
    b"+", b"/", b"_", b"-", b".com", b"www.", b" 12. ", b"A" * 40, b"QUJD" * 19 + b"\nQUJD",
    b"\xff" * 16, b"foo.py", b"a.example.la(", b"self.id.co", b"x" * 70, b"9" * 20,
]  # fmt: skip


@pytest.fixture(scope="module")
def finder() -> Finder:
    return Finder()


def _rows(finder: Finder, data: bytes) -> list[Row]:
    rows = finder._scan(_padded(np.frombuffer(data, np.uint8)), "plain").tolist()
    return sorted((rule, start - k.PAD, end - k.PAD) for rule, start, end in rows)


def _compare(finder: Finder, data: bytes) -> int:
    ours = [row for row in _rows(finder, data) if row[0] not in NOT_TWINNED]
    assert ours == sorted(set(_twin(data)))
    finder.find(data)  # no rule fails on what the kernel gives it
    return len(ours)


def _made(chance: random.Random) -> bytes:
    """Random bytes, letters and words, and what is planted, in any order and coding."""
    pieces = []
    for _ in range(chance.randrange(1, 60)):
        match chance.randrange(7):
            case 0:
                piece = chance.randbytes(chance.randrange(40))
            case 1:
                piece = bytes(chance.choices(b"abcXYZ019 .:/@+-_\0\n", k=chance.randrange(30)))
            case 2:
                piece = b" ".join(chance.choices(WORDS, k=chance.randrange(1, 16)))
            case 3:
                piece = b"\0".join(bytes([each]) for each in chance.choice(PLANTED))
            case 4:
                piece = b"\0" * chance.randrange(1, 200)
            case _:
                piece = chance.choice(PLANTED)
        pieces.append(piece + chance.choice([b"", b" ", b"\0", b"\n"]))
    return b"".join(pieces)


def test_the_kernel_writes_down_what_its_slow_twin_does(finder: Finder) -> None:
    chance = random.Random(5)
    assert sum(_compare(finder, _made(chance)) for _ in range(300)) > 3_000


@given(data=st.lists(st.sampled_from(PLANTED) | st.binary(max_size=8), max_size=12))
@examples(150)
def test_the_kernel_and_its_twin_agree_on_anything(finder: Finder, data: list[bytes]) -> None:
    _compare(finder, b"".join(data))


@pytest.mark.parametrize("shift", range(0, 64, 7))
def test_it_does_not_matter_where_in_64_bytes_something_stands(finder: Finder, shift: int) -> None:
    data = b" ".join(PLANTED)
    moved = _rows(finder, b"." * shift + data)
    assert moved == [(rule, start + shift, end + shift) for rule, start, end in _rows(finder, data)]
