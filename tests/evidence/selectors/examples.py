"""Selectors from published sources; the secrets are of test vectors and open nothing."""

from __future__ import annotations

PLAIN: dict[str, tuple[str, ...]] = {
    "bitcoin-address": (
        # Bitcoin wiki, *Address* and *Invoice address*
        "1BvBMSEYstWetqTFn5Au4m4GFg7xJaNVN2",
        "3J98t1WpEZ73CNmQviecrnyiWrnqRhWNLy",
        # BIP 173, BIP 350: valid addresses
        "bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4",
        "tb1qrp33g0q5c5txsp9arysrx4k6zdkfs4nce4xj0gdcccefvpysxf3q0sl5k7",
        "bc1pw508d6qejxtdg4y5r3zarvary0c5xw7kw508d6qejxtdg4y5r3zarvary0c5xw7kt5nd6y",
        "bc1sw50qgdz25j",
        "bc1zw508d6qejxtdg4y5r3zarvaryvaxxpcs",
        "tb1pqqqqp399et2xygdj5xreqhjjvcmzhxw4aywxecjdzew6hylgvsesf3hn0c",
        "bc1p0xlxvlhemja6c4dqv22uapctqupfhlxm9h8z3k2e72q4k9hcz7vqzk5jj0",
    ),
    "ethereum-address": (
        # ERC-55, test cases, as they are compared
        "0x5aaeb6053f3e94c9b9a09f33669435e7ef1beaed",
        "0xde709f2102306220921060314715629080e2fb77",
    ),
    "tron-address": ("TR7NHqjeKQxGTCi8q8ZY4pL8otSzgjLj6t",),  # the contract of USDT on TRON
    "litecoin-address": (
        # version 48 and 50 of the key hash of bitcoin's first reward; the program of BIP 173
        "LUEweDxDA4WhvWiNXXSxjM9CYzHPJv4QQF",
        "MGv9cSYnaRSTZNzYaN7bhbgmozoGkKBvCn",
        "ltc1qw508d6qejxtdg4y5r3zarvary0c5xw7kgmn4n9",
    ),
    "monero-address": (
        # Monero's README (general fund), and Monero wiki, *Integrated addresses*
        "888tNkZrPN6JsEgekjMnABU4TBzc2Dt29EPAvkRxbANsAnjyPbb3iQ1YBRk1UXcdRsiKc9dhwMVgN5S9cQUiyoogDavup3H",
        "4AdUndXHHZ6cfufTMvppY6JwXNouMBzSkbLYfpAV5Usx3skxNgYeYTRj5UzqtReoS44qo9mtmXCqY45DJ852K5Jv2684Rge",
    ),
    "onion-v3": (
        # The Tor Project's own
        "2gzyxa5ihm7nsggfxnu52rck2vv4rvmdlkiu3zzui5du4xyclen53wid.onion",
    ),
}
"""Kinds of blockchains and Tor that have a check."""
OTHERS: dict[str, tuple[tuple[str, str], ...]] = {
    "hex-64": (
        # bitcoin's first transaction
        ("4a5e1e4baab89f3a32518a88c31bc87f618f76673e2cc77ab2127b7afdeda33b",) * 2,
    ),
    "ethereum-txid": (
        # the first transaction of Ethereum
        ("0x5c504ed432cb51138bcf09aa5e8a410dd4a1e204ef84bfed1be16dfba1b22060",) * 2,
    ),
    "email-address": (
        ("Simple.User+tag@Example.com", "simple.user+tag@example.com"),
        ("o'brien_2@mail.example.co.uk", "o'brien_2@mail.example.co.uk"),
    ),
    "url": (
        ("https://Www.Example.com/Path?q=1#x", "https://www.example.com/Path?q=1#x"),
        ("ftp://ftp.is.co.za/rfc/rfc1808.txt", "ftp://ftp.is.co.za/rfc/rfc1808.txt"),  # RFC 3986
        ("http://example.org:80/a_(b)", "http://example.org:80/a_(b)"),
    ),
    "domain": (("example.org", "example.org"), ("www.bcel.com.la", "www.bcel.com.la")),
    "ipv4": (("198.51.100.7", "198.51.100.7"),),  # RFC 5737
    "ipv6": (("2001:DB8:0:0:8:800:200C:417A", "2001:db8::8:800:200c:417a"),),  # RFC 4291, RFC 5952
    "phone-number": (
        ("+856 20 5555 1234", "+8562055551234"),
        ("+66 (0) 2-123 4567", "+6621234567"),
        ("+44 20 7946 0958", "+442079460958"),  # Ofcom, numbers for drama
    ),
    "iban": (
        # Wikipedia, *International Bank Account Number*
        ("GB82 WEST 1234 5698 7654 32", "GB82WEST12345698765432"),
        ("DE89370400440532013000", "DE89370400440532013000"),
    ),
    "swift-bic": (("DEUTDEFF", "DEUTDEFF"), ("COBADEFFXXX", "COBADEFFXXX")),
    "payment-card": (
        # numbers that payment services publish for tests
        ("4111 1111 1111 1111", "411111••••••1111"),
        ("5555555555554444", "555555••••••4444"),
        ("3782 822463 10005", "378282•••••0005"),
        ("6011-1111-1111-1117", "601111••••••1117"),
    ),
    "imei": (("490154203237518", "490154203237518"),),  # Wikipedia, *IMEI*
    "pgp-key-id": (
        ("0x4F25E3B6D5A1C2E7", "4F25E3B6D5A1C2E7"),
        ("EF6E286DDA85EA2A4BA7DE684E2C6E8793298290",) * 2,  # the Tor Browser's
    ),
}
"""The other kinds: as written, and in normal form."""
BESIDE = {"swift-bic": "SWIFT: ", "imei": "IMEI ", "pgp-key-id": "key "}
"""The word that must stand near."""
SECRETS = {
    "wif-key": (
        # Bitcoin wiki, *Wallet import format*
        "5HueCGU8rMjxEXxiPuD5BDku4MkFqeZyd4dZ1jvhTVqvbTLvyTJ",
        "KwdMAjGmerYanjeui5SHS7JkmpZvVipYvB2LJGU1ZxJwYvP98617",
    ),
    "extended-private-key": (
        # BIP 32, test vector 1, chain m
        (
            "xprv9s21ZrQH143K3QTDL4LXw2F7HEK3wJUD2nW2nRk4stbPy6cq3jPPqjiChkVvvNKmPGJxW"
            "Utg6LnF5kejMRNNU3TGtRBeJgk33yuGBxrMPHi"
        ),
    ),
    "seed-phrase": (
        # BIP 39, test vectors (trezor/python-mnemonic, vectors.json)
        "abandon " * 11 + "about",
        "legal winner thank year wave sausage worth useful legal winner thank yellow",
        "letter advice cage absurd amount doctor acoustic avoid " * 2 + "letter always",
        "zoo " * 23 + "vote",
    ),
}
