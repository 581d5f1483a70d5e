"""Parts of the kernels that write down what stands at one place, by its form alone.

Each reads about a place that `kernels` met, and gives how many rows there are then. Buffers begin
and end with bytes 0xFF, at which every look back or ahead stops, so none of these compares with the
end of its buffer.
"""

# Kernels and their parts are typed by Numba, when it compiles them.
# mypy: disable-error-code="no-untyped-def,no-untyped-call"

from __future__ import annotations

from typing import Any

import numba
import numpy as np

from . import tables as t

(
    BASE58, BECH32, HEX_64, ETHEREUM, ETHEREUM_TX, ONION, EMAIL, URL, DOMAIN, IPV4, IPV6, PHONE,
    IBAN, BIC, CARD, IMEI, PGP, PHRASE, UTF_16, BASE64,
) = range(20)  # fmt: skip
"""What a row may be."""
LONGEST_LOCAL, LONGEST_NAME = 64, 253
"""Characters of an e-mail address before its `@`, and of a domain name (RFC 5321, RFC 1035)."""
LEAST_WIDE, LEAST_BASE64, LONGEST_BASE64 = 8, 40, 1000
"""Characters of a run in UTF-16 at least; of a line of base64 at least and at most."""
NEAR_BYTES = 24
"""How near a word must stand that tells what a number is."""
OPTIONS: dict[str, Any] = {"nogil": True, "error_model": "numpy"}


def part(function: Any) -> Any:
    """Compile a piece of a kernel; whether it is set into its callers is left to LLVM."""
    return numba.njit(inline="never", **OPTIONS)(function)


@part
def _at(buffer, index):
    return np.int64(buffer[np.uint64(index)])


@part
def _is(classes, buffer, index, bits):
    """Whether the byte at an index is of one of some classes."""
    return (classes[np.uint64(buffer[np.uint64(index)])] & bits) != 0


@part
def put(out, count, rule, start, end):
    """Write a row, if there is room for it; gives how many there are."""
    if count < len(out):
        out[count, 0] = rule
        out[count, 1] = start
        out[count, 2] = end
    return count + 1


@part
def _all(classes, buffer, start, end, bits):
    for index in range(start, end):  # noqa: SIM110 (Numba compiles no generator)
        if not _is(classes, buffer, index, bits):
            return False
    return True


@part
def _bech32(classes, buffer, start, end):
    """Whether a run has the form of a bitcoin or litecoin address in bech32."""
    first, second = _at(buffer, start) | 32, _at(buffer, start + 1) | 32
    one = start + 2
    if first == 108:  # l
        if second != 116 or (_at(buffer, start + 2) | 32) != 99:
            return False
        one = start + 3
    elif not ((first == 98 and second == 99) or (first == 116 and second == 98)):
        return False
    if buffer[start + 2] | 32 == 114:  # bcrt1
        if buffer[start + 3] | 32 != 116:
            return False
        one = start + 4
    if buffer[one] != 49 or end - start > 90:
        return False
    other = t.IS_UPPER if _is(classes, buffer, start, t.IS_LOWER) else t.IS_LOWER
    for index in range(start, one):
        if _is(classes, buffer, index, other):
            return False
    for index in range(one + 1, end):
        if not _is(classes, buffer, index, t.IS_BECH32) or _is(classes, buffer, index, other):
            return False
    return True


@part
def _base58(classes, buffer, start, end):
    """Whether a run has the first letter, length and alphabet of an address or key in base58."""
    length, first = end - start, _at(buffer, start)
    if length <= 36:
        if first not in (49, 50, 51, 76, 77, 84, 109, 110):  # 1 2 3 L M T m n
            return False
    elif length == 51:
        if first != 53:  # 5
            return False
    elif length == 52:
        if first != 75 and first != 76:  # K L
            return False
    elif length in (95, 106):
        if first != 52 and first != 56:  # 4 8
            return False
    elif not (buffer[start + 1] == 112 and buffer[start + 2] == 114 and buffer[start + 3] == 118):
        return False
    return _all(classes, buffer, start, end, t.IS_BASE58)


@part
def long_run(classes, buffer, start, end, out, count):
    """Write down what a run of 13 and more letters and digits may be."""
    length, first = end - start, _at(buffer, start)
    if first == 48 and (buffer[start + 1] | 32) == 120 and length in (18, 42, 66):  # 0x
        if not _all(classes, buffer, start + 2, end, t.IS_HEX):
            return count
        rule = ETHEREUM if length == 42 else ETHEREUM_TX if length == 66 else PGP
        return put(out, count, rule, start, end)
    if length == 15 and _all(classes, buffer, start, end, t.IS_DIGIT) and _luhn(buffer, start, end):
        count = put(out, count, IMEI, start, end)
    if length <= 19 and 50 <= first <= 54:
        count = _card(classes, buffer, start, end, out, count)
    if 14 <= length <= 90 and _bech32(classes, buffer, start, end):
        return put(out, count, BECH32, start, end)
    if 15 <= length <= 34 and _is(classes, buffer, start, t.IS_UPPER):
        count = _iban(classes, buffer, start, end, out, count)
    if length == 40 or length == 64:
        if _all(classes, buffer, start, end, t.IS_HEX):
            return put(out, count, PGP if length == 40 else HEX_64, start, end)
    elif length == 56:
        is_named = _all(classes, buffer, end + 1, end + 6, t.IS_LOWER | t.IS_UPPER)
        if buffer[end] == 46 and is_named and not _is(classes, buffer, end + 6, t.IS_ALNUM):
            return put(out, count, ONION, start, end + 6)
    elif (25 <= length <= 36 or length in (51, 52, 95, 106, 111, 112)) and _base58(
        classes, buffer, start, end
    ):
        return put(out, count, BASE58, start, end)
    return count


@part
def _luhn(buffer, start, end):
    """Whether the digits of a place, without what stands between them, keep Luhn's rule."""
    total, odd = 0, False
    for back in range(end - start):
        digit = _at(buffer, end - 1 - back) - 48
        if 0 <= digit <= 9:
            if odd:
                digit = 2 * digit if digit < 5 else 2 * digit - 9
            total += digit
            odd = not odd
    return total % 10 == 0


@part
def _run(classes, buffer, start, bits, most):
    """How many bytes of some classes stand from a place on; at most `most`."""
    size = 0
    while size < most and _is(classes, buffer, start + size, bits):
        size += 1
    return size


@part
def _grouped(classes, buffer, start):
    """Where a card's number ends that is written as 4-4-4-4, 4-6-4 or 4-6-5 digits; else 0."""
    end, groups, place = start + 4, 4, 1
    sep = _at(buffer, end)
    if buffer[start - 1] == sep and _all(classes, buffer, start - 5, start - 1, t.IS_DIGIT):
        return 0
    while place < groups:
        size = _run(classes, buffer, end + 1, t.IS_DIGIT, 7)
        if place == 1 and size == 6:
            groups = 3
        elif size != 4 and not (groups == 3 and size == 5):
            return 0
        if buffer[end] != sep:
            return 0
        end += 1 + size
        place += 1
    more = groups == 4 and buffer[end] == sep and _run(classes, buffer, end + 1, t.IS_DIGIT, 5) == 4
    return 0 if more else end


@part
def _card(classes, buffer, start, end, out, count):
    """Write down a payment card's number: 13 to 19 digits, in one or in groups."""
    before = _at(buffer, start - 1)
    if before in (43, 44, 46, 95) or not _all(classes, buffer, start, end, t.IS_DIGIT):  # + , . _
        return count
    if end - start == 4:
        end = _grouped(classes, buffer, start)
    if end == 0 or _is(classes, buffer, end, t.IS_ALNUM) or buffer[end] == 95:
        return count
    if buffer[end] == 46 and _is(classes, buffer, end + 1, t.IS_DIGIT):
        return count
    return put(out, count, CARD, start, end) if _luhn(buffer, start, end) else count


@part
def _iban(classes, buffer, start, end, out, count):
    """Write down an IBAN, in one run or in groups of four with a space between."""
    if not (
        _all(classes, buffer, start, start + 2, t.IS_UPPER)
        and _all(classes, buffer, start + 2, start + 4, t.IS_DIGIT)
        and _all(classes, buffer, start + 4, end, t.IS_UPPER | t.IS_DIGIT)
    ):
        return count
    if end - start == 4:
        size = 4
        while size == 4 and end - start < 42 and buffer[end] == 32:
            size = _run(classes, buffer, end + 1, t.IS_UPPER | t.IS_DIGIT, 5)
            if size == 0 or size > 4 or _is(classes, buffer, end + 1 + size, t.IS_ALNUM):
                break
            end += 1 + size
        if end - start < 18:
            return count
    return put(out, count, IBAN, start, end)


@part
def _ipv4(classes, buffer, start, end, out, count):
    """Write down four numbers of at most three digits with points between, at the first point."""
    if buffer[start - 1] in (46, 45, 95) or not _all(classes, buffer, start, end, t.IS_DIGIT):
        return count
    for _ in range(3):
        size = _run(classes, buffer, end + 1, t.IS_DIGIT, 4)
        if buffer[end] != 46 or size == 0 or size > 3:
            return count
        end += 1 + size
    if _is(classes, buffer, end, t.IS_ALNUM) or buffer[end] == 95 or buffer[end] == 45:
        return count
    if buffer[end] == 46 and _is(classes, buffer, end + 1, t.IS_ALNUM):
        return count
    return put(out, count, IPV4, start, end)


@part
def _ipv6(classes, buffer, start, colon, out, count):
    """Write down an IPv6 address whose first group has 4 digits, at its first colon."""
    first = _at(buffer, start) | 32
    if first not in (50, 51, 102):  # 2 3 f; a digit has bit 32 already
        return count
    before = _at(buffer, start - 1)
    if before in (58, 46, 95) or not _all(classes, buffer, start, colon, t.IS_HEX):
        return count
    index, colons, pairs = colon, 0, 0
    while index - start < 46 and (
        _is(classes, buffer, index, t.IS_HEX) or buffer[index] == 58 or buffer[index] == 46
    ):
        if buffer[index] == 58:
            colons += 1
            if buffer[index + 1] == 58:
                pairs += 1
        index += 1
    while buffer[index - 1] == 46 or (buffer[index - 1] == 58 and buffer[index - 2] != 58):
        index -= 1  # the end of a sentence
    if _is(classes, buffer, index, t.IS_ALNUM) or buffer[index] == 95:
        return count
    if buffer[index - 1] != 58 and (pairs == 1 or (pairs == 0 and colons >= 7)):
        return put(out, count, IPV6, start, index)
    return count


@part
def _phone(classes, buffer, plus, out, count):
    """Write down `+` and 8 to 15 digits, with at most two other characters between two of them."""
    if _is(classes, buffer, plus - 1, t.IS_ALNUM) or buffer[plus - 1] == 43:
        return count
    index = plus + 1
    if buffer[index] == 40:
        index += 1
    if buffer[index] < 49 or buffer[index] > 57:
        return count
    digits, gap, end = 0, 0, index
    while digits < 18 and gap < 3:
        byte = _at(buffer, index)
        index += 1
        if 48 <= byte <= 57:
            digits, gap, end = digits + 1, 0, index
        elif byte in (32, 45, 46, 40, 41, 47):
            gap += 1
        else:
            break
    if digits < 8 or _is(classes, buffer, end, t.IS_ALNUM):
        return count
    return put(out, count, PHONE, plus, end)


@part
def _email(classes, buffer, at, out, count):
    """Write down what stands before and after an `@`."""
    if (
        not (_is(classes, buffer, at + 1, t.IS_ALNUM) and _is(classes, buffer, at - 1, t.IN_EMAIL))
        or buffer[at - 1] == 46
    ):
        return count
    start = at
    while at - start <= LONGEST_LOCAL and _is(classes, buffer, start - 1, t.IN_EMAIL):
        start -= 1
    if at - start > LONGEST_LOCAL:
        return count
    while start < at and not (_is(classes, buffer, start, t.IS_ALNUM) or buffer[start] == 95):
        start += 1
    if start == at:
        return count
    if buffer[start - 1] >= 128 and 195 <= buffer[start - 2] <= 201:
        return count  # a Latin letter with a mark: the address begins before it
    end = at + 1
    dot = 0
    while end - at <= LONGEST_NAME + 1 and _is(classes, buffer, end, t.IN_NAME):
        if buffer[end] == 46 and dot == 0:
            dot = end
        end += 1
    while buffer[end - 1] == 46 or buffer[end - 1] == 45:
        end -= 1
    if dot == 0 or dot >= end or end - at > LONGEST_NAME + 1 or buffer[end] == 64:
        return count
    if buffer[end] == 95 or not _is(classes, buffer, end - 1, t.IS_LOWER | t.IS_UPPER | t.IS_DIGIT):
        return count
    return put(out, count, EMAIL, start, end)


@part
def _url(classes, buffer, colon, longest, out, count):
    """Write down a scheme of 3 to 5 letters, `://` and what follows."""
    start = colon
    while colon - start < 6 and _is(classes, buffer, start - 1, t.IS_ALNUM):
        start -= 1
    end = colon + 3
    if not 3 <= colon - start <= 5:
        return count
    end += _run(classes, buffer, end, t.IN_URL, longest + 1 - (end - start))
    return put(out, count, URL, start, end) if end - colon > 5 else count


@part
def domain(classes, buffer, labels, kinds, start, end, out, count):
    """Write down a name whose last label is one of the list, and small."""
    follow = _at(buffer, end)
    if follow in (40, 45, 61, 64, 91, 95) or (
        follow == 46 and _is(classes, buffer, end + 1, t.IS_ALNUM)
    ):  # ( - = @ [ _
        return count
    key = np.uint64(0)
    for index in range(start, end):
        if not _is(classes, buffer, index, t.IS_LOWER):
            return count
        key = (key << np.uint64(8)) | np.uint64(buffer[index])
    slot = (key * np.uint64(0x9E3779B97F4A7C15)) >> np.uint64(64 - t.LABEL_SLOTS)
    while labels[slot] != key:
        if labels[slot] == 0:
            return count
        slot = (slot + np.uint64(1)) & np.uint64((1 << t.LABEL_SLOTS) - 1)
    first, dots = start - 1, 0
    while start - first <= LONGEST_NAME and (
        _is(classes, buffer, first - 1, t.IN_NAME) or buffer[first - 1] == 95
    ):
        first -= 1
        if buffer[first] == 46:
            dots += 1
        elif buffer[first] == 95:
            return count
    while buffer[first] == 46 or buffer[first] == 45:
        first += 1
    before = _at(buffer, first - 1)
    if first >= start - 1 or start - first > LONGEST_NAME or before in (36, 37, 47, 64, 92):
        return count  # $ % / @ and the backslash
    if kinds[slot] != t.PLAIN_LABEL and dots == 0:
        return count
    return put(out, count, DOMAIN, first, end)


@part
def wide(classes, buffer, start, out, count):
    """Write down a run of characters with a zero byte between any two; gives count and place.

    Little- and big-endian are alike but for what stands beside the run.
    """
    while _is(classes, buffer, start - 2, t.IS_PRINTABLE) and buffer[start - 1] == 0:
        start -= 2
    end = start + 1
    while buffer[end] == 0 and _is(classes, buffer, end + 1, t.IS_PRINTABLE):
        end += 2
    if end - start >= 2 * LEAST_WIDE - 1:
        count = put(out, count, UTF_16, start, end)
    return count, start, end


@part
def line(classes, buffer, start, out, count):
    """Write down a line of base64, and a shorter one that goes on with it; gives count and end."""
    while _is(classes, buffer, start - 1, t.IS_BASE64):
        start -= 1
    end = start
    while _is(classes, buffer, end, t.IS_BASE64):
        end += 1
    if not LEAST_BASE64 <= end - start <= LONGEST_BASE64:
        return count, end
    count = put(out, count, BASE64, start, end)
    start = end + (buffer[end] == 13)
    if buffer[start] != 10:
        return count, end
    start += 1
    last = start
    while last - start < LEAST_BASE64 and _is(classes, buffer, last, t.IS_BASE64):
        last += 1
    if 1 < last - start < LEAST_BASE64:
        return put(out, count, BASE64, start, last), last
    return count, end


@part
def _names_bank(buffer, start, end):
    """Whether `bic` or `wif` stands about: words in capitals are many, and codes of banks few."""
    for index in range(start, end):
        if (_at(buffer, index) | 32) == 105:  # i
            before, after = _at(buffer, index - 1) | 32, _at(buffer, index + 1) | 32
            if (before == 98 and after == 99) or (before == 119 and after == 102):
                return True
    return False


@part
def short_run(classes, buffer, start, end, out, count):
    """Write down what a run of 4, 8 or 11 letters and digits may be, or begin."""
    follow = buffer[end]
    if end - start == 4:
        if follow == 32 and _is(classes, buffer, start, t.IS_UPPER):
            return _iban(classes, buffer, start, end, out, count)
        if (follow == 32 or follow == 45) and 50 <= buffer[start] <= 54:
            return _card(classes, buffer, start, end, out, count)
    elif _all(classes, buffer, start, start + 6, t.IS_UPPER) and (
        _names_bank(buffer, start - NEAR_BYTES, start) or _names_bank(buffer, end, end + NEAR_BYTES)
    ):
        return put(out, count, BIC, start, end)
    return count


@part
def mark(classes, buffer, index, longest, out, count):
    """Write down what stands about one of `@ : + .`."""
    byte = buffer[index]
    if byte == 64:
        return _email(classes, buffer, index, out, count)
    if byte == 43:
        return _phone(classes, buffer, index, out, count)
    if byte == 46:
        start = index - 1
        while index - start < 4 and _is(classes, buffer, start - 1, t.IS_ALNUM):
            start -= 1
        return count if index - start > 3 else _ipv4(classes, buffer, start, index, out, count)
    if buffer[index + 1] == 47 and buffer[index + 2] == 47:  # : / /
        return _url(classes, buffer, index, longest, out, count)
    if _all(classes, buffer, index - 4, index, t.IS_HEX) and not _is(
        classes, buffer, index - 5, t.IS_ALNUM
    ):
        return _ipv6(classes, buffer, index - 4, index, out, count)
    return count
