"""Bitcoin addresses: text to (script kind, payload) and back, on each network.

Only scripts that people pay by address have one: P2PKH, P2SH, P2WPKH, P2WSH, P2TR, P2A and later
witness versions. P2PK, bare multisig and OP_RETURN have none. Decoding either succeeds or raises
an error that says which part of the text is wrong and, where mathematics allows, at which place.
It never offers a corrected address: a guess would be followed as if it were evidence. Private
keys are recognised, refused and never repeated in a message.

Sources: Bitcoin Core src/key_io.cpp; BIP 13, 141, 173, 341, 350; BIP 433 (P2A).
"""

from __future__ import annotations

import re
from collections.abc import Callable

from kancil.bitcoin.network import NETWORKS, Network
from kancil.ground import base58, bech32

from .errors import (
    AddressCharacterExtra,
    AddressCharacterMissing,
    AddressCharacterWrong,
    AddressChecksumWrong,
    AddressEncodingWrong,
    AddressIsExtendedKey,
    AddressIsPrivateKey,
    AddressLengthWrong,
    AddressMistyped,
    AddressMixedCase,
    AddressNotReadable,
    AddressOfOtherCoin,
    AddressPaddingWrong,
    AddressPrefixWrong,
    AddressProgramLengthWrong,
    AddressVersionWrong,
    AddressWrongNetwork,
)
from .kind import ScriptKind

P2A_PROGRAM = bytes.fromhex("4e73")
_SHOWN_CHARACTERS = 100
_HASH_BYTES = 20
_BASE58_CHARACTERS = (26, 35)
_OUR_VERSIONS = frozenset(
    version for n in NETWORKS.values() for version in (n.pubkey_version, n.script_version)
)

# Version bytes and prefixes of other coins whose addresses officers meet. Source: SLIP-44/SLIP-173
# registries and each coin's own chainparams. Version 5 and 0 also serve Bitcoin Cash: not tellable.
_OTHER_COIN_VERSIONS = {48: "Litecoin", 50: "Litecoin", 30: "Dogecoin", 76: "Dash", 65: "TRON"}
_OTHER_COIN_FORMS = (
    (re.compile(r"0x[0-9a-fA-F]{40}"), "Ethereum"),
    (re.compile(r"(ltc|LTC)1[a-zA-Z0-9]{20,80}"), "Litecoin"),
    (re.compile(r"(bitcoincash:)?[qp][a-z0-9]{41}"), "Bitcoin Cash"),
    (re.compile(r"r[1-9A-HJ-NP-Za-km-z]{24,34}"), "XRP"),
    (re.compile(r"t[13][1-9A-HJ-NP-Za-km-z]{33}"), "Zcash"),
    (re.compile(r"[48][1-9A-HJ-NP-Za-km-z]{94}"), "Monero"),
    (re.compile(r"(?i:ln(bc|tb|bcrt))[0-9a-zA-Z]{50,}"), "Lightning"),
)
# Wallet-import-format keys, BIP 38 encrypted keys and BIP 32 private keys by their first characters
# (also when mistyped).
_PRIVATE_FORMS = re.compile(r"([5KL9c][1-9A-HJ-NP-Za-km-z]{49,52}|6P[1-9A-HJ-NP-Za-km-z]{56})")
_HEX_64 = re.compile(r"[0-9a-fA-F]{64}")
_EXTENDED_FORMS = re.compile(r"([xyztuv])(pub|prv)[0-9A-Za-z]{50,}", re.IGNORECASE)


def decode_address(text: str, network: Network) -> tuple[ScriptKind, bytes]:
    """Read an address of one network.

    Returns the script's kind and payload: 20- or 32-byte hash or key, `4e73` for P2A, version
    number and program for later witness versions. Spaces around the text are ignored.
    Raises a member of AddressNotReadable, AddressIsPrivateKey or AddressIsExtendedKey.
    """
    text = text.strip()
    _refuse_keys(text)
    lowered = text.lower()
    for prefix in sorted({n.bech32_prefix for n in NETWORKS.values()}):
        if lowered.startswith(prefix + "1"):
            return _decode_segwit(text, prefix, network)
    _refuse_other_forms(text, network)
    return _decode_base58(text, network)


def is_address(text: str, network: Network) -> bool:
    """Whether text is a whole and right address of this network."""
    try:
        decode_address(text, network)
    except (AddressNotReadable, AddressIsPrivateKey, AddressIsExtendedKey):
        return False
    return True


def encode_address(kind: ScriptKind | int, payload: bytes, network: Network) -> str | None:
    """Write the address of a script, or None for a kind that has no address.

    `payload`: as in the columns (see `decode_address`).
    """
    match kind:
        case ScriptKind.P2PKH:
            return p2pkh_address(payload, network)
        case ScriptKind.P2SH:
            return base58.encode_check(bytes([network.script_version]) + payload)
        case ScriptKind.P2WPKH | ScriptKind.P2WSH:
            return _encode_segwit(0, payload, network)
        case ScriptKind.P2TR | ScriptKind.P2A:
            return _encode_segwit(1, payload, network)
        case ScriptKind.WITNESS_FUTURE:
            return _encode_segwit(payload[0], payload[1:], network)
    return None


def p2pkh_address(key_hash: bytes, network: Network) -> str:
    """Write the address of a 20-byte key hash."""
    return base58.encode_check(bytes([network.pubkey_version]) + key_hash)


def _encode_segwit(version: int, program: bytes, network: Network) -> str:
    constant = bech32.BECH32 if version == 0 else bech32.BECH32M
    values = [version, *bech32.from_bytes(program)]
    return bech32.encode(network.bech32_prefix, values, constant)


def witness_kind(version: int, program: bytes) -> tuple[ScriptKind, bytes] | None:
    """Kind and payload of a witness program; None where BIP 141 forbids its length."""
    if not 2 <= len(program) <= 40:
        return None
    if version == 0:
        kinds = {20: ScriptKind.P2WPKH, 32: ScriptKind.P2WSH}
        return (kinds[len(program)], program) if len(program) in kinds else None
    if version == 1 and len(program) == 32:
        return ScriptKind.P2TR, program
    if version == 1 and program == P2A_PROGRAM:
        return ScriptKind.P2A, program
    return ScriptKind.WITNESS_FUTURE, bytes([version]) + program


def _shown(text: str) -> str:
    return text if len(text) <= _SHOWN_CHARACTERS else text[:_SHOWN_CHARACTERS] + "…"


def _character_shown(character: str) -> str:
    if character.isascii() and character.isprintable() and character != " ":
        return character
    return f"U+{ord(character):04X}"


def _refuse_keys(text: str) -> None:
    """Refuse private and extended keys, right or mistyped, before anything could repeat them."""
    if _PRIVATE_FORMS.fullmatch(text):
        raise AddressIsPrivateKey
    extended = _EXTENDED_FORMS.match(text)
    if extended:
        raise AddressIsExtendedKey(kind=extended[1].lower() + extended[2].lower())
    body = base58.decode_check(text)
    if body is not None and body[0] in {n.secret_version for n in NETWORKS.values()}:
        raise AddressIsPrivateKey


def _refuse_other_forms(text: str, network: Network) -> None:
    """Name what text is, if it is plainly something else than a bitcoin address."""
    if _HEX_64.fullmatch(text):
        # It may be a transaction number, but also a raw key: show no more than its beginning.
        raise AddressNotReadable(text=text[:8] + "…")
    body = base58.decode_check(text)
    is_ours = body is not None and len(body) == 1 + _HASH_BYTES and body[0] in _OUR_VERSIONS
    for form, coin in _OTHER_COIN_FORMS:
        if form.fullmatch(text) and not is_ours:
            raise AddressOfOtherCoin(text=_shown(text), coin=coin)
    lowered = text.lower()
    prefix, _, values_text = lowered.rpartition("1")
    if not prefix or len(prefix) > 8 or len(values_text) < 2 * bech32.CHECK_CHARACTERS:
        return
    if not prefix.isascii() or any(c not in bech32.VALUE for c in values_text):
        return
    values = [bech32.VALUE[c] for c in values_text]
    for candidate in (prefix, network.bech32_prefix):
        if bech32.residue(candidate, values) in bech32.NAMES:
            raise AddressPrefixWrong(
                text=_shown(text), prefix=prefix, expected=network.bech32_prefix
            )


# --- base58 ---------------------------------------------------------------------------------------


def _decode_base58(text: str, network: Network) -> tuple[ScriptKind, bytes]:
    for place, character in enumerate(text[: base58.MAX_CHARACTERS], 1):
        if character not in base58.ALPHABET:
            raise AddressCharacterWrong(
                text=_shown(text), character=_character_shown(character), place=place
            )
    body = base58.decode_check(text)
    if body is None:
        raise _base58_fault(text)
    version, payload = body[0], body[1:]
    owners = [n for n in NETWORKS.values() if version in (n.pubkey_version, n.script_version)]
    if not owners:
        coin = _OTHER_COIN_VERSIONS.get(version)
        if coin is not None and len(payload) == _HASH_BYTES:
            raise AddressOfOtherCoin(text=_shown(text), coin=coin)
        raise AddressVersionWrong(text=_shown(text), version=version)
    if len(payload) != _HASH_BYTES:
        raise AddressProgramLengthWrong(
            text=_shown(text), length=len(payload), expected=str(_HASH_BYTES)
        )
    if version not in (network.pubkey_version, network.script_version):
        raise AddressWrongNetwork(
            text=_shown(text),
            network=network.name,
            belongs=", ".join(owner.name for owner in owners),
        )
    kind = ScriptKind.P2PKH if version == network.pubkey_version else ScriptKind.P2SH
    return kind, payload


def _base58_fault(text: str) -> AddressNotReadable:
    """What is wrong with base58 text whose check bytes do not fit."""
    shown = _shown(text)
    shortest, longest = _BASE58_CHARACTERS
    if not shortest - 1 <= len(text) <= longest + 1:
        return AddressLengthWrong(text=shown, length=len(text), expected=f"{shortest}-{longest}")

    def is_right(candidate: str) -> bool:
        body = base58.decode_check(candidate)
        return body is not None and len(body) == 1 + _HASH_BYTES and body[0] in _OUR_VERSIONS

    for place, character in enumerate(text):
        for other in base58.ALPHABET:
            if other != character and is_right(text[:place] + other + text[place + 1 :]):
                return AddressMistyped(text=shown, places=str(place + 1))
    for place in range(len(text) - 1):
        swapped = text[:place] + text[place + 1] + text[place] + text[place + 2 :]
        if is_right(swapped):
            return AddressMistyped(text=shown, places=f"{place + 1}, {place + 2}")
    return _one_more_or_less(text, base58.ALPHABET, is_right) or AddressChecksumWrong(text=shown)


def _one_more_or_less(
    text: str, alphabet: str, is_right: Callable[[str], bool]
) -> AddressNotReadable | None:
    """Find the one place where a character is missing or too many, by trial."""
    for place in range(len(text)):
        if is_right(text[:place] + text[place + 1 :]):
            return AddressCharacterExtra(text=_shown(text), place=place + 1)
    for place in range(len(text) + 1):
        for character in alphabet:
            if is_right(text[:place] + character + text[place:]):
                return AddressCharacterMissing(text=_shown(text), place=place + 1)
    return None


# --- bech32 and bech32m ---------------------------------------------------------------------------


def _decode_segwit(text: str, prefix: str, network: Network) -> tuple[ScriptKind, bytes]:
    """Read a bech32 or bech32m address whose prefix is known; checks in the order of BIP 173."""
    start = len(prefix) + 1
    _check_case(text)
    values = _segwit_values(text, start)
    shown = _shown(text)
    shortest = start + 1 + bech32.CHECK_CHARACTERS
    if not shortest <= len(text) <= bech32.MAX_CHARACTERS:
        raise AddressLengthWrong(
            text=shown, length=len(text), expected=f"{shortest}-{bech32.MAX_CHARACTERS}"
        )
    found = bech32.residue(prefix, values)
    if found not in bech32.NAMES:
        raise _bech32_fault(text, prefix, values)
    version = values[0]
    if version > 16:
        raise AddressVersionWrong(text=shown, version=version)
    needed = bech32.BECH32 if version == 0 else bech32.BECH32M
    if found != needed:
        raise AddressEncodingWrong(
            text=shown, version=version, used=bech32.NAMES[found], needed=bech32.NAMES[needed]
        )
    program = bech32.to_bytes(values[1 : -bech32.CHECK_CHARACTERS])
    if program is None:
        raise AddressPaddingWrong(text=shown)
    result = witness_kind(version, program)
    if result is None:
        expected = "20, 32" if version == 0 else "2-40"
        raise AddressProgramLengthWrong(text=shown, length=len(program), expected=expected)
    if prefix != network.bech32_prefix:
        owners = [n.name for n in NETWORKS.values() if n.bech32_prefix == prefix]
        raise AddressWrongNetwork(text=shown, network=network.name, belongs=", ".join(owners))
    return result


def _check_case(text: str) -> None:
    if text in (text.lower(), text.upper()):
        return
    letters = [(place, c) for place, c in enumerate(text, 1) if c.isascii() and c.isalpha()]
    first_is_upper = letters[0][1].isupper()
    for place, character in letters:
        if character.isupper() != first_is_upper:
            raise AddressMixedCase(text=_shown(text), place=place)


def _segwit_values(text: str, start: int) -> list[int]:
    part = text[start : start + bech32.MAX_CHARACTERS]
    # Only ASCII is lowered: elsewhere a lower form may be another letter, or two.
    values = [bech32.VALUE.get(c, -1) for c in (part.lower() if part.isascii() else part)]
    if -1 in values:
        at = values.index(-1)
        raise AddressCharacterWrong(
            text=_shown(text), character=_character_shown(part[at]), place=start + at + 1
        )
    return values


def _bech32_fault(text: str, prefix: str, values: list[int]) -> AddressNotReadable:
    """What is wrong with bech32 text whose check characters do not fit."""
    start = len(prefix) + 1
    places = bech32.locate(prefix, values)
    if places:
        shown_places = ", ".join(str(start + place + 1) for place in places)
        return AddressMistyped(text=_shown(text), places=shown_places)

    def is_right(candidate: str) -> bool:
        trial = [bech32.VALUE[character] for character in candidate]
        if not trial or len(candidate) > bech32.MAX_CHARACTERS - start:
            return False
        constant = bech32.BECH32 if trial[0] == 0 else bech32.BECH32M
        if bech32.residue(prefix, trial) != constant:
            return False
        program = bech32.to_bytes(trial[1 : -bech32.CHECK_CHARACTERS])
        return program is not None and witness_kind(trial[0], program) is not None

    shifted = _one_more_or_less(text[start:].lower(), bech32.ALPHABET, is_right)
    if shifted is None:
        return AddressChecksumWrong(text=_shown(text))
    return type(shifted)(text=_shown(text), place=int(str(shifted.params["place"])) + start)
