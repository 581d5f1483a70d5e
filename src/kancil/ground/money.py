"""Amounts of money for people: `USD 1,234.50`, in pages, papers and commands alike.

The currency's code, a space at which no line breaks, groups of three with a comma, and the decimal
places that the currency has. What programs read has plain decimals and the currency apart. Amounts
of assets that tables of others report are another thing: they bear the asset's own places
(`kancil.ground.units`).
"""

from __future__ import annotations

from decimal import Decimal

_DECIMALS = {
    **dict.fromkeys(
        (
            "BIF", "CLP", "DJF", "GNF", "ISK", "JPY", "KMF", "KRW", "PYG", "RWF", "UGX", "UYI",
            "VND", "VUV", "XAF", "XOF", "XPF",
        ),
        0,
    ),
    **dict.fromkeys(("BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"), 3),
}  # fmt: skip


def decimals_of(currency: str) -> int:
    """Decimal places of a currency (ISO 4217, table A.1); two for one that is not named there."""
    return _DECIMALS.get(currency, 2)


def money_text(currency: str, amount: Decimal) -> str:
    """`USD 1,234.50`; the amount alone where the currency is empty."""
    text = number_text(currency, amount)
    return f"{currency}\u00a0{text}" if currency else text


def number_text(currency: str, amount: Decimal) -> str:
    """An amount under a heading that names its currency: `1,234.50`.

    Exact: places beyond those of the currency stay, unless they are zeros.
    """
    places = decimals_of(currency)
    whole, _, rest = f"{amount:,f}".partition(".")
    rest = rest[:places].ljust(places, "0") + rest[places:].rstrip("0")
    return f"{whole}.{rest}" if rest else whole
