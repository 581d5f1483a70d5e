"""One activity of IATI 2.03, as far as programmes write and read it.

Each class is one element; its fields stand in the order of the schema (iati-activities-schema.xsd).
Codes are those of IATI's codelists. What has no place here is counted when a file is read.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from .binding import attribute, many, one, text


@dataclass(frozen=True, slots=True)
class Narrative:
    """A text in one language; without `lang`: in that of its activity."""

    lang: str = attribute("xml:lang")
    text: str = text()


Texts = tuple[Narrative, ...]


@dataclass(frozen=True, slots=True)
class Organisation:
    """Who reports, gives, or receives."""

    ref: str = attribute("ref")
    type: str = attribute("type")
    activity: str = attribute("provider-activity-id")
    receiver_activity: str = attribute("receiver-activity-id")
    secondary: str = attribute("secondary-reporter")
    names: Texts = many("narrative", Narrative)


@dataclass(frozen=True, slots=True)
class Participating:
    """An organisation with its role: 1 funding, 2 accountable, 3 extending, 4 implementing."""

    ref: str = attribute("ref")
    type: str = attribute("type")
    role: str = attribute("role")
    activity: str = attribute("activity-id")
    channel: str = attribute("crs-channel-code")
    names: Texts = many("narrative", Narrative)


@dataclass(frozen=True, slots=True)
class Description:
    """What it is; type 1 general, 2 objectives, 3 target groups, 4 other."""

    type: str = attribute("type")
    texts: Texts = many("narrative", Narrative)


@dataclass(frozen=True, slots=True)
class Moment:
    """A day; type 1 planned start, 2 actual start, 3 planned end, 4 actual end."""

    day: date | None = attribute("iso-date", default=None)
    type: str = attribute("type")
    texts: Texts = many("narrative", Narrative)


@dataclass(frozen=True, slots=True)
class Share:
    """A country, region or sector, and how much of the activity it is, in percent."""

    vocabulary: str = attribute("vocabulary")
    uri: str = attribute("vocabulary-uri")
    code: str = attribute("code")
    percentage: Decimal | None = attribute("percentage", default=None)
    names: Texts = many("narrative", Narrative)


@dataclass(frozen=True, slots=True)
class Marker:
    """A policy marker, or a tag, which has no significance."""

    vocabulary: str = attribute("vocabulary")
    uri: str = attribute("vocabulary-uri")
    code: str = attribute("code")
    significance: str = attribute("significance")
    names: Texts = many("narrative", Narrative)


@dataclass(frozen=True, slots=True)
class AidType:
    """A type of aid, of one vocabulary."""

    code: str = attribute("code")
    vocabulary: str = attribute("vocabulary")


@dataclass(frozen=True, slots=True)
class Value:
    """An amount; without a currency: in the default one of its activity."""

    currency: str = attribute("currency")
    on: date | None = attribute("value-date", default=None)
    amount: Decimal | None = text(default=None)


@dataclass(frozen=True, slots=True)
class Budget:
    """Of at most a year; type 1 original, 2 revised; status 1 indicative, 2 committed."""

    type: str = attribute("type")
    status: str = attribute("status")
    begins: date | None = attribute("iso-date", at="period-start", default=None)
    ends: date | None = attribute("iso-date", at="period-end", default=None)
    value: Value | None = one("value", Value)


@dataclass(frozen=True, slots=True)
class Transaction:
    """Type 1 incoming funds, 2 commitment, 3 disbursement, 4 expenditure, 11 incoming promise."""

    ref: str = attribute("ref")
    humanitarian: str = attribute("humanitarian")
    type: str = attribute("code", at="transaction-type")
    day: date | None = attribute("iso-date", at="transaction-date", default=None)
    value: Value | None = one("value", Value)
    description: Texts = many("narrative", Narrative, at="description")
    provider: Organisation | None = one("provider-org", Organisation)
    receiver: Organisation | None = one("receiver-org", Organisation)
    channel: str = attribute("code", at="disbursement-channel")
    sectors: tuple[Share, ...] = many("sector", Share)
    country: Share | None = one("recipient-country", Share)
    region: Share | None = one("recipient-region", Share)
    flow_type: str = attribute("code", at="flow-type")
    finance_type: str = attribute("code", at="finance-type")
    aid_types: tuple[AidType, ...] = many("aid-type", AidType)
    tied_status: str = attribute("code", at="tied-status")


@dataclass(frozen=True, slots=True)
class DocumentLink:
    """A document that anybody may fetch at its address."""

    format: str = attribute("format")
    url: str = attribute("url")
    title: Texts = many("narrative", Narrative, at="title")
    description: Texts = many("narrative", Narrative, at="description")
    category: str = attribute("code", at="category")
    language: str = attribute("code", at="language")
    day: date | None = attribute("iso-date", at="document-date", default=None)


@dataclass(frozen=True, slots=True)
class Related:
    """Another activity; type 1 parent, 2 child, 3 sibling, 4 co-funded, 5 third party."""

    ref: str = attribute("ref")
    type: str = attribute("type")


@dataclass(frozen=True, slots=True)
class Dimension:
    """By what a number is split, such as `sex` = `female`."""

    name: str = attribute("name")
    value: str = attribute("value")


@dataclass(frozen=True, slots=True)
class Baseline:
    """Where an indicator began."""

    day: date | None = attribute("iso-date", default=None)
    year: str = attribute("year")
    value: str = attribute("value")
    dimensions: tuple[Dimension, ...] = many("dimension", Dimension)
    comment: Texts = many("narrative", Narrative, at="comment")


@dataclass(frozen=True, slots=True)
class Number:
    """A target or an actual value; none where the indicator is qualitative."""

    value: str = attribute("value")
    dimensions: tuple[Dimension, ...] = many("dimension", Dimension)
    comment: Texts = many("narrative", Narrative, at="comment")


@dataclass(frozen=True, slots=True)
class Period:
    """What was to be reached in a period, and what was."""

    begins: date | None = attribute("iso-date", at="period-start", default=None)
    ends: date | None = attribute("iso-date", at="period-end", default=None)
    targets: tuple[Number, ...] = many("target", Number)
    actuals: tuple[Number, ...] = many("actual", Number)


@dataclass(frozen=True, slots=True)
class Indicator:
    """Measure 1 unit, 2 percentage, 5 qualitative."""

    measure: str = attribute("measure")
    ascending: str = attribute("ascending")
    aggregation: str = attribute("aggregation-status")
    title: Texts = many("narrative", Narrative, at="title")
    description: Texts = many("narrative", Narrative, at="description")
    baselines: tuple[Baseline, ...] = many("baseline", Baseline)
    periods: tuple[Period, ...] = many("period", Period)


@dataclass(frozen=True, slots=True)
class Result:
    """Type 1 output, 2 outcome, 3 impact."""

    type: str = attribute("type")
    aggregation: str = attribute("aggregation-status")
    title: Texts = many("narrative", Narrative, at="title")
    description: Texts = many("narrative", Narrative, at="description")
    indicators: tuple[Indicator, ...] = many("indicator", Indicator)


@dataclass(frozen=True, slots=True)
class IatiActivity:
    """One `iati-activity`."""

    updated: datetime | None = attribute("last-updated-datetime", default=None)
    lang: str = attribute("xml:lang")
    currency: str = attribute("default-currency")
    humanitarian: str = attribute("humanitarian")
    hierarchy: str = attribute("hierarchy")
    identifier: str = text(at="iati-identifier")
    reporter: Organisation | None = one("reporting-org", Organisation)
    title: Texts = many("narrative", Narrative, at="title")
    descriptions: tuple[Description, ...] = many("description", Description)
    participating: tuple[Participating, ...] = many("participating-org", Participating)
    status: str = attribute("code", at="activity-status")
    dates: tuple[Moment, ...] = many("activity-date", Moment)
    scope: str = attribute("code", at="activity-scope")
    countries: tuple[Share, ...] = many("recipient-country", Share)
    regions: tuple[Share, ...] = many("recipient-region", Share)
    sectors: tuple[Share, ...] = many("sector", Share)
    tags: tuple[Marker, ...] = many("tag", Marker)
    markers: tuple[Marker, ...] = many("policy-marker", Marker)
    collaboration: str = attribute("code", at="collaboration-type")
    flow_type: str = attribute("code", at="default-flow-type")
    finance_type: str = attribute("code", at="default-finance-type")
    aid_types: tuple[AidType, ...] = many("default-aid-type", AidType)
    tied_status: str = attribute("code", at="default-tied-status")
    budgets: tuple[Budget, ...] = many("budget", Budget)
    transactions: tuple[Transaction, ...] = many("transaction", Transaction)
    documents: tuple[DocumentLink, ...] = many("document-link", DocumentLink)
    related: tuple[Related, ...] = many("related-activity", Related)
    results: tuple[Result, ...] = many("result", Result)


def first_text(texts: Texts, lang: str = "") -> str:
    """The text in a language where there is one, else the first; `lang`: two letters."""
    named = next((each.text for each in texts if lang and each.lang == lang), "")
    return named or next((each.text for each in texts if each.text), "")
