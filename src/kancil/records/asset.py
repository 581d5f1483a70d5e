"""Assets: currencies and crypto assets, and into how many smallest units each is divided.

A currency is an ISO 4217 code. A crypto asset is a symbol on a chain; a symbol alone says little,
since anybody may issue a token of any name. So smallest units are known only for a chain's own
coin, and for a token whose contract is named and known here.

Source of the minor units: ISO 4217:2015, list one (kept by SIX Group for ISO), compared with
Mozilla's table generated from it (js/src/builtin/intl/CurrencyDataGenerated.js, version 2025-02-04:
the currencies that differ from two digits). Of contracts: Circle's page "USDC contract addresses"
(developers.circle.com); for USDT the Optimism token list (Ethereum) and public programs (TRON).
All read in November 2026. A currency that has ended may still be read.
"""

from __future__ import annotations

from decimal import Decimal

_DIGITS = {
    0: "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX VND VUV XAF XOF XPF",
    2: (
        "AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BGN BMD BND BOB BRL BSD BTN BWP BYN BZD"
        " CAD CDF CHF CNY COP CRC CUP CVE CZK DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP"
        " GMD GTQ GYD HKD HNL HTG HUF IDR ILS INR IRR JMD KES KGS KHR KPW KYD KZT LAK LBP LKR LRD"
        " LSL MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MYR MZN NAD NGN NIO NOK NPR NZD PAB"
        " PEN PGK PHP PKR PLN QAR RON RSD RUB SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC"
        " SYP SZL THB TJS TMT TOP TRY TTD TWD TZS UAH USD UYU UZS VED VES WST XCD YER ZAR ZMW ZWG"
    ),
    3: "BHD IQD JOD KWD LYD OMR TND",
}
MINOR_UNITS = {code: digits for digits, codes in _DIGITS.items() for code in codes.split()}
"""Decimal digits of a currency's minor unit, by ISO 4217 code."""

BITCOIN = "bitcoin"
ETHEREUM = "ethereum"
TRON = "tron"

_COINS = {(BITCOIN, "BTC"): 8, (ETHEREUM, "ETH"): 18, (TRON, "TRX"): 6}
_TOKENS = {
    (ETHEREUM, "0xdac17f958d2ee523a2206206994597c13d831ec7"): ("USDT", 6),
    (ETHEREUM, "0xa0b86991c6218b36c1d19d4a2e9eb0ce3606eb48"): ("USDC", 6),
    (TRON, "TR7NHqjeKQxGTCi8q8ZY4pL8otSzgjLj6t"): ("USDT", 6),
}
_CHAINS = {
    "bitcoin": BITCOIN,
    "btc": BITCOIN,
    "xbt": BITCOIN,
    "ethereum": ETHEREUM,
    "eth": ETHEREUM,
    "erc20": ETHEREUM,
    "erc-20": ETHEREUM,
    "tron": TRON,
    "trx": TRON,
    "trc20": TRON,
    "trc-20": TRON,
}


def is_currency(code: str) -> bool:
    """Whether a code is a currency of ISO 4217."""
    return code in MINOR_UNITS


def chain_named(text: str) -> str:
    """The chain that a table names (`TRC20`, `BTC`); an unknown name stays, in small letters.

    A coin can be named on a chain that is not its own: BTC on `BSC` is a token, and no bitcoin.
    """
    name = text.strip().casefold()
    return _CHAINS.get(name, name)


def unit_digits(asset: str, chain: str | None, contract: str | None) -> int | None:
    """The decimal digits of an asset's smallest unit; None where that is not known."""
    if contract is not None:
        symbol, digits = _TOKENS.get((chain or "", contract), (None, None))
        return digits if symbol == asset else None
    if chain is None:
        return MINOR_UNITS.get(asset)
    return _COINS.get((chain, asset))


def in_units(amount: Decimal, digits: int) -> int | None:
    """An amount in smallest units; None if it is finer than the smallest unit. Exact."""
    sign, figures, exponent = amount.as_tuple()
    if not isinstance(exponent, int):
        return None
    whole = int("".join(map(str, figures)))
    shift = exponent + digits
    if shift >= 0:
        units = whole * int(10**shift)
    else:
        units, rest = divmod(whole, int(10**-shift))
        if rest:
            return None
    return -units if sign else units


def from_units(units: int, digits: int) -> str:
    """Write a count of smallest units as an amount of the asset, with all its digits. Exact."""
    whole, part = divmod(units, int(10**digits))
    return f"{whole}.{part:0{digits}d}" if digits else str(whole)
