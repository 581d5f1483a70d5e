"""Errors of addresses and scripts."""

from __future__ import annotations

from kancil.ground.errors import NotReadable, Refused


class AddressNotReadable(NotReadable):
    """Text is no bitcoin address of any form; its members say which part is wrong.

    The text is as given, never that of a private key. Params: `text`.
    """

    code = "address-not-readable"


class AddressCharacterWrong(AddressNotReadable):
    """A character cannot stand in an address. Params: `text`, `character`, `place` (from 1)."""

    code = "address-character-wrong"


class AddressChecksumWrong(AddressNotReadable):
    """The check characters do not fit and the wrong place cannot be told. Params: `text`."""

    code = "address-checksum-wrong"


class AddressMistyped(AddressNotReadable):
    """The wrong characters were located. Params: `text`, `places` (from 1, comma-separated)."""

    code = "address-mistyped"


class AddressCharacterMissing(AddressNotReadable):
    """One character was left out. Params: `text`, `place` (from 1, where it belongs)."""

    code = "address-character-missing"


class AddressCharacterExtra(AddressNotReadable):
    """One character is too many. Params: `text`, `place` (from 1)."""

    code = "address-character-extra"


class AddressMixedCase(AddressNotReadable):
    """A bech32 address mixes capitals and small letters. Params: `text`, `place` (from 1)."""

    code = "address-mixed-case"


class AddressWrongNetwork(AddressNotReadable):
    """An intact address of another network. Params: `text`, `network` (asked), `belongs`."""

    code = "address-wrong-network"


class AddressLengthWrong(AddressNotReadable):
    """An address of impossible length. Params: `text`, `length`, `expected`, in characters."""

    code = "address-length-wrong"


class AddressProgramLengthWrong(AddressNotReadable):
    """Right check characters over content of wrong length.

    Params: `text`, `length`, `expected`, in bytes.
    """

    code = "address-program-length-wrong"


class AddressVersionWrong(AddressNotReadable):
    """The version is none that bitcoin uses. Params: `text`, `version`."""

    code = "address-version-wrong"


class AddressEncodingWrong(AddressNotReadable):
    """Bech32 where bech32m belongs, or the reverse. Params: `text`, `version`, `used`, `needed`."""

    code = "address-encoding-wrong"


class AddressPaddingWrong(AddressNotReadable):
    """The last bits of a bech32 address are not the zeros they must be. Params: `text`."""

    code = "address-padding-wrong"


class AddressPrefixWrong(AddressNotReadable):
    """Check characters fit, but the beginning is no bitcoin network's.

    Params: `text`, `prefix`, `expected`.
    """

    code = "address-prefix-wrong"


class AddressOfOtherCoin(AddressNotReadable):
    """An address of another cryptocurrency. Params: `text`, `coin`."""

    code = "address-of-other-coin"


class AddressIsPrivateKey(Refused):
    """A private key was given for an address; it is a secret and is never repeated. No params."""

    code = "address-is-private-key"


class AddressIsExtendedKey(Refused):
    """A wallet's extended key was given for an address; never repeated. Params: `kind`."""

    code = "address-is-extended-key"
