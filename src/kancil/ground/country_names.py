"""Names of countries by their ISO 3166-1 codes, in the style of the UN.

Codes, and names in other languages, come from pycountry, which carries the iso-codes of Debian.
Where the short name of ISO 3166-1 is not that of the M49 list of the UN, that one stands
here. A name in another language is that of iso-codes; where it has none, the English one is shown.
"""

from __future__ import annotations

import gettext
from functools import cache

import pycountry

from .words import spoken

UN_NAMES = {
    "BO": "Bolivia (Plurinational State of)",
    "CD": "Democratic Republic of the Congo",
    "FM": "Micronesia (Federated States of)",
    "GB": "United Kingdom of Great Britain and Northern Ireland",
    "HK": "China, Hong Kong Special Administrative Region",
    "IR": "Iran (Islamic Republic of)",
    "KP": "Democratic People's Republic of Korea",
    "KR": "Republic of Korea",
    "MD": "Republic of Moldova",
    "MO": "China, Macao Special Administrative Region",
    "NL": "Netherlands (Kingdom of the)",
    "PS": "State of Palestine",
    "SH": "Saint Helena",
    "SJ": "Svalbard and Jan Mayen Islands",
    "TZ": "United Republic of Tanzania",
    "US": "United States of America",
    "VA": "Holy See",
    "VE": "Venezuela (Bolivarian Republic of)",
    "VG": "British Virgin Islands",
    "VI": "United States Virgin Islands",
    "WF": "Wallis and Futuna Islands",
}
"""By two letters, where ISO 3166-1 writes another name."""


@cache
def _catalogue(domain: str, language: str) -> gettext.NullTranslations:
    return gettext.translation(domain, pycountry.LOCALES_DIR, languages=[language], fallback=True)


@cache
def _named(code: str, language: str) -> str | None:
    known = pycountry.countries
    found = known.get(alpha_2=code) if len(code) == 2 else known.get(alpha_3=code)
    if found is None:
        return None
    there = _catalogue("iso3166-1", language).gettext(found.name)
    return UN_NAMES.get(found.alpha_2, found.name) if there == found.name else there


def country_named(code: str, language: str | None = None) -> str | None:
    """Name of a country by its two or three letters, else None. `language`: else the spoken one."""
    return _named(code.upper(), language or spoken())


@cache
def _language_named(code: str, spoken_in: str) -> str:
    short = code.partition("_")[0]
    known = pycountry.languages
    found = known.get(alpha_2=short) if len(short) == 2 else known.get(alpha_3=short)
    if found is None:
        return code
    return _catalogue("iso639-3", spoken_in).gettext(found.name).partition(" (")[0]


def language_named(code: str, language: str | None = None) -> str:
    """Name of a language by its code in CLDR, else the code. `language`: else the spoken one."""
    return _language_named(code, language or spoken())
