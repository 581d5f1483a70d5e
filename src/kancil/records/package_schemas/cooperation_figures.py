"""Figures of cooperation: requests sent in a period, how they were answered, and how fast.

Requests are counted once: those sent in the period, as they stood when the package was made. Those
with an answer and those without are two populations; each splits by outcome, kind and country.
Where a size is hidden, what splits it is hidden with it, and so is their sum. There is no table by
kind of office: a kind of request goes to few of them, so that one split would tell of the other.
"""

from __future__ import annotations

from itertools import product
from string import ascii_uppercase

from kancil.records.asset import MINOR_UNITS
from kancil.records.errors import SmallGroupShown
from kancil.records.package_schema import Shape, Tables, counts, not_readable, require_open
from kancil.records.small_groups import is_small
from kancil.records.table import Column, Holds, count, decimal

NAME, VERSION = "cooperation-figures", 1

KINDS = (
    "freeze", "preservation", "traffic-data", "subscriber", "emergency", "voluntary",
    "mutual-assistance", "spontaneous", "network-24-7", "confiscation", "hold-change", "other",
)  # fmt: skip
ANSWERS = ("answered", "answered-in-part", "refused")
NO_ANSWERS = ("open", "withdrawn")
OUTCOMES = ("sent", "with-answer", *ANSWERS, "without-answer", *NO_ANSWERS)
REASONS = (
    "wrong-identifier", "too-broad", "no-legal-basis", "judicial-route", "no-data", "other",
)  # fmt: skip
"""The documented reasons of refusal."""
PROBLEMS = ("missing", "vague", "broad", "wrong")
"""What a check may find in a draft that keeps it from being authorised."""
COUNTRIES = tuple(map("".join, product(ascii_uppercase, repeat=2)))
"""Two letters, as ISO 3166-1 alpha-2 has them; `XX`: not known."""
ASSETS = (*sorted(MINOR_UNITS), "BTC", "ETH", "TRX", "USDT", "USDC")

SPANS = ("drafted-to-sent", "sent-to-answer")
_DAYS = decimal("days_lower", "days_median", "days_upper")
"""Lower quartile, median and upper quartile; without another word, from sending to first answer."""


def _groups(name: str, key: str, words: str, codes: tuple[str, ...]) -> Shape:
    first = Column(key, Holds.CODE, words) if words else Column(key)
    columns = (first, *count("with_answer", "without_answer"), *_DAYS)
    return Shape(f"cooperation-{name}", columns, {key: codes})


OUTCOME = Shape(
    "cooperation-outcomes",
    (Column("outcome", Holds.CODE, "name.figure-outcome"), *count("requests")),
    {"outcome": OUTCOMES},
    every=True,
)
TIMES = Shape(
    "cooperation-times",
    (Column("span", Holds.CODE, "name.figure-span"), *count("requests"), *_DAYS),
    {"span": SPANS},
    every=True,
)
BY_KIND = _groups("kinds", "request_kind", "name.request", KINDS)
BY_COUNTRY = _groups("countries", "addressee_country", "", COUNTRIES)
REFUSALS = Shape(
    "cooperation-refusals",
    (Column("refusal", Holds.CODE, "name.request-refusal"), *count("requests")),
    {"refusal": REASONS},
    every=True,
)
SHARES = Shape(
    "cooperation-shares",
    (
        Column("measure", Holds.CODE, "name.figure-measure"),
        *count("share_number", "share_of"),
        *decimal("percent", "percent_lower", "percent_upper"),
    ),
    {"measure": ("refused",)},
)
QUALITY = Shape(
    "cooperation-problems",
    (Column("problem", Holds.CODE, "name.figure-problem"), *count("requests")),
    {"problem": PROBLEMS},
    every=True,
)
MONEY = Shape(
    "cooperation-money",
    (Column("asset"), *count("held_requests"), *decimal("amount_held"), *count("returned_requests"),
     *decimal("amount_returned")),
    {"asset": ASSETS},
)  # fmt: skip
SHAPES = (OUTCOME, TIMES, BY_KIND, BY_COUNTRY, REFUSALS, SHARES, QUALITY, MONEY)
_SIZES = (
    ("days_lower", "with_answer"), ("days_median", "with_answer"), ("days_upper", "with_answer"),
    ("days_lower", "requests"), ("days_median", "requests"), ("days_upper", "requests"),
    ("amount_held", "held_requests"), ("amount_returned", "returned_requests"),
)  # fmt: skip
"""What is measured, and the size of the group of which it is."""


def check(tables: Tables) -> None:
    """Sizes add up, nothing hidden follows from what is shown, and no group under five is measured.

    Raises SmallGroupShown, PackageNotReadable.
    """
    outcomes = tables[OUTCOME.name]
    size = dict(zip(OUTCOMES, counts(outcomes, "requests"), strict=True))
    sent = size["sent"]
    if sent != together(size["with-answer"], size["without-answer"]):
        raise not_readable(outcomes.name, "sent")
    for total, parts in (("with-answer", ANSWERS), ("without-answer", NO_ANSWERS)):
        require_open(outcomes, [size[each] for each in parts], size[total])
    for shape in (BY_KIND, BY_COUNTRY):
        table = tables[shape.name]
        for column, total in (("with_answer", "with-answer"), ("without_answer", "without-answer")):
            require_open(table, counts(table, column), size[total])
    refusals = tables[REFUSALS.name]
    require_open(refusals, counts(refusals, "requests"), size["refused"])
    quality = tables[QUALITY.name]
    money = tables[MONEY.name]
    apart = [(quality, "requests"), (money, "held_requests"), (money, "returned_requests")]
    for table, column in apart:
        for found in counts(table, column):
            if found is not None and sent is not None and is_small(sent - found):
                raise SmallGroupShown(table=table.title)
    if counts(tables[TIMES.name], "requests") != [sent, size["with-answer"]]:
        raise not_readable(TIMES.name, "requests")
    for row in tables[SHARES.name].rows:
        if row[1:3] != (size["refused"], size["with-answer"]) or None in row:
            raise not_readable(SHARES.name, "part")
    _check_measured(tables)


def together(with_answer: int | None, without: int | None) -> int | None:
    """How many were sent; hidden where one of its two parts is."""
    return None if with_answer is None or without is None else with_answer + without


def _check_measured(tables: Tables) -> None:
    """Nothing is measured of a group that is hidden, or in which nobody is."""
    for table in tables.values():
        for row in range(1, len(table.rows) + 1):
            cells = table.row(row) or {}
            for measured, size in _SIZES:
                if size in cells and cells.get(measured) is not None and not cells[size]:
                    raise not_readable(table.name, measured)
