"""Which texts hold a private key; the keys here are of published test vectors and open nothing."""

from __future__ import annotations

import pytest

from kancil.ground.private_keys import holds_private_key

WIF = "5HueCGU8rMjxEXxiPuD5BDku4MkFqeZyd4dZ1jvhTVqvbTLvyTJ"
"""Bitcoin wiki, *Wallet import format*."""
KEYS = {
    "wif": WIF,
    "wif, compressed": "L1aW4aubDFB7yfras2S1mN3bqg9nwySY8nkoLmJebSLD5BWv3ENZ",
    "wif, test network": "cMahea7zqjxrtgAbB7LSGbcQUr1uX1ojuat9jZodMN87JcbXMTcA",
    # BIP 32, test vector 1, chain m
    "xprv": "xprv9s21ZrQH143K3QTDL4LXw2F7HEK3wJUD2nW2nRk4stbPy6cq3jPPqjiChkVvvNKmPGJxW"
    "Utg6LnF5kejMRNNU3TGtRBeJgk33yuGBxrMPHi",
    # BIP 38, test vector 1
    "bip38": "6PRVWUbkzzsbcVac2qwfssoUJAN1Xhrg6bNk8J7Nzm5H7kxEbn2Nh2ZoGg",
    "pem": "-----BEGIN PRIVATE KEY-----\nMC4CAQAwBQYDK2VwBCIEIA\n-----END PRIVATE KEY-----",
    "pem, locked": "-----BEGIN ENCRYPTED PRIVATE KEY-----",
    "openssh": "-----BEGIN OPENSSH PRIVATE KEY-----",
    "pgp": "-----BEGIN PGP PRIVATE KEY BLOCK-----",
    # C2SP age.md, the example of an identity
    "age": "AGE-SECRET-KEY-1GFPYYSJZGFPYYSJZGFPYYSJZGFPYYSJZGFPYYSJZGFPYYSJZGFPQ4EGAEX",
}
HARMLESS = {
    "empty": "",
    "address": "1BvBMSEYstWetqTFn5Au4m4GFg7xJaNVN2",
    "bech32": "bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4",
    "transaction": "4a5e1e4baab89f3a32518a88c31bc87f618f76673e2cc77ab2127b7afdeda33b",
    "mistyped key": WIF[:-1] + "K",
    # BIP 32, test vector 1, chain m
    "xpub": "xpub661MyMwAqRbcFtXgS5sYJABqqG9YLmC4Q1Rdap9gSE8NqtwybGhePY2gZ29ESFjqJoCu1"
    "Rupje8YtGqsefD265TMg7usUDFdp6W1EGMcet8",
    "certificate": "-----BEGIN CERTIFICATE-----",
    "public key": "-----BEGIN PUBLIC KEY-----",
    "words": "legal winner thank year wave sausage worth useful legal winner thank yellow",
    "long": "K" * 52 + " " + "5" * 51 + " L" + "a" * 51,
    "Lao": "ລະຫັດລັບຂອງກະເປົາເງິນ " * 20,
}


@pytest.mark.parametrize("name", KEYS)
@pytest.mark.parametrize("around", ["{}", "the key is {}, found on paper", "\n{}\n", "wif={}&x=1"])
def test_a_private_key_is_seen_wherever_it_stands(name: str, around: str) -> None:
    assert holds_private_key(around.format(KEYS[name]))


def test_a_key_with_unseen_marks_or_wide_letters_is_seen() -> None:
    assert holds_private_key(WIF[:20] + "\u200b" + WIF[20:])
    assert holds_private_key("".join(chr(ord(each) + 0xFEE0) for each in WIF))


@pytest.mark.parametrize("name", HARMLESS)
def test_what_is_no_private_key_is_let_through(name: str) -> None:
    assert not holds_private_key(HARMLESS[name])
