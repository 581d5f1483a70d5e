"""The promise `RequestKind`: a letter that asks a keeper or a State for one kind of thing.

A kind names its fields, what may be asked in it, and its own checks. A draft is one version of one
letter: typed values that `quality` checks, the documents print and the desk stores by their
SHA-256. Fields with their sources: `fields.yaml`. Kancil never sends: a named authority does.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

from kancil.ground import canonical
from kancil.ground.digests import sha256_hex
from kancil.ground.errors import NotCanonical
from kancil.ground.filled import filled_from_plain
from kancil.ground.phrase import Phrase
from kancil.ground.plain import plain, where_filled

from .errors import DraftNotReadable

FORMAT = "kancil-request/1"
SAFEGUARDS = ("rights", "rights_checked_by")
"""Fields that every kind requires: the answers of the human-rights check, and who gave them."""


class Sought(StrEnum):
    """What is asked of an account or identifier."""

    HOLD = "hold"
    """That the money in it is not paid out."""
    RELEASE = "release"
    """That a hold on it ends, or covers less."""
    PRESERVE = "preserve"
    """That data which exist now are kept."""
    SUBSCRIBER = "subscriber"
    """Who holds it: name, address, contact, payment, times of its service."""
    TRAFFIC = "traffic"
    """Origin, destination, route, time, size, duration; no content."""
    CONTENT = "content"
    TRANSACTIONS = "transactions"
    """Statement of the account, and its balance."""
    TRANSFER = "transfer"
    """That the money is confiscated, or paid back to victims."""


class Standing(StrEnum):
    """What an item's amount and place rest on."""

    PROVED = "proved"
    """By blocks that the unit holds."""
    REPORTED = "reported"
    """By a table of somebody, whose word it is."""
    STATED = "stated"
    """By the officer who drafts."""


class Role(StrEnum):
    """What a person is in the case; nobody is more than alleged to be it."""

    SUSPECT = "suspect"
    ACCOUNT_HOLDER = "account-holder"
    VICTIM = "victim"
    WITNESS = "witness"


@dataclass(frozen=True, slots=True)
class Item:
    """One account or identifier of which something is asked."""

    sought: Sought
    selector: str
    """Kind of the identifier (`records.selector`), or `name` where the keeper has only that."""
    value: str
    keeper: str
    """Who keeps it, by name."""
    since: str = ""
    """ISO 8601 with its offset, or a day; empty: none stated."""
    until: str = ""
    amount: str = ""
    asset: str = ""
    at: str = ""
    """When the money arrived: ISO 8601 with its offset, or a day."""
    txid: str = ""
    standing: Standing = Standing.STATED
    proof: str = ""
    """Where it stands: `F3`, `T1 output 4`, `E4, line 12`."""
    reported_by: str = ""
    """Whose word it is, where it is reported."""
    link: str = ""
    """How it belongs to the offence, in a sentence or two."""


@dataclass(frozen=True, slots=True)
class Person:
    """A person whom the request concerns."""

    name: str
    """Or an alias: no victim is named where one will do."""
    role: Role
    basis: str = ""
    """Number or kind of the case's legal basis that covers them."""
    nationality: str = ""
    place: str = ""
    proof: str = ""
    is_alias: bool = False


@dataclass(frozen=True, slots=True)
class Offence:
    """A provision that the conduct falls under, with its text."""

    country: str
    """ISO 3166-1 alpha-2."""
    law: str
    article: str
    text: str
    maximum_penalty: str = ""
    source: str = ""
    language: str = ""
    translation: str = ""
    compared_on: str = field(default="", metadata=where_filled("compared_on"))
    """Day on which an officer last compared the text with its source; empty: not stated."""
    counterpart: str = field(default="", metadata=where_filled("counterpart"))
    """Label of the offence of the same letter, of another country, that an officer put beside it:
    the same conduct in both laws. Whether it is, the requested State decides."""

    @property
    def label(self) -> str:
        """How the letter's other offences name it: `TH Criminal Code of Tests, 34`."""
        return f"{self.country} {self.law}, {self.article}".strip()


@dataclass(frozen=True, slots=True)
class Basis:
    """A treaty article, law or policy under which the addressee may act."""

    instrument: str
    """Id of a treaty instrument; or `bilateral`, `reciprocity`, `domestic`, `keeper-policy`."""
    article: str = ""
    title: str = ""
    status: str = ""
    """Where both countries stand, in a sentence, with source and day."""


@dataclass(frozen=True, slots=True)
class Addressee:
    """An office as the directory had it when the draft was made."""

    office: str
    """Id of its entry; empty where it is none of the directory's."""
    kind: str
    name: str
    country: str = ""
    channel: str = ""
    address: str = ""
    language: str = ""
    """Language that it accepts; empty: not known."""
    verified_on: date | None = None
    through: str = ""
    """Office by whose channel the letter goes: the financial intelligence unit, a ministry."""


@dataclass(frozen=True, slots=True)
class Share:
    """What one victim is to get back."""

    victim: str
    """Place of the complaint (`E7, line 3`); no name."""
    amount: str
    asset: str
    reference: str = ""


@dataclass(frozen=True, slots=True)
class Draft:
    """One version of a letter."""

    kind: str
    case: str
    """Its number: `C1`."""
    reference: str
    """The unit's own: unique, and repeated in whatever follows."""
    country: str
    """Of the unit: ISO 3166-1 alpha-2."""
    addressee: Addressee
    language: str = "en"
    second_language: str = ""
    texts: Mapping[str, str] = field(default_factory=dict)
    """Values of the fields that are text, a choice, a day or a moment; by field id."""
    items: tuple[Item, ...] = ()
    persons: tuple[Person, ...] = ()
    offences: tuple[Offence, ...] = ()
    bases: tuple[Basis, ...] = ()
    shares: tuple[Share, ...] = ()
    findings: tuple[str, ...] = ()
    """Accepted findings of the case that the facts rest on: `F3`."""
    attachments: tuple[str, ...] = ()
    """`E4` or a file's name, each with what it is."""
    rights: Mapping[str, str] = field(default_factory=dict)
    """Answers of the human-rights check, by question."""
    assurances: Mapping[str, str] = field(default_factory=dict)
    """Who assured what and when, by question."""
    translations: Mapping[str, str] = field(default_factory=dict)
    """The texts in the second language, by field id; whose translation, `translated_by` says."""

    @property
    def data(self) -> bytes:
        """Canonical JSON, the same on every machine."""
        return canonical.dumps({"format": FORMAT, **plain(self)})

    @property
    def sha256(self) -> str:
        """Of `data` (hex)."""
        return sha256_hex(self.data)

    def text(self, name: str) -> str:
        """The value of a text field; empty where it has none."""
        return self.texts.get(name, "").strip()

    def with_label(self, label: str) -> Offence | None:
        """The offence of that label; None where the letter has none."""
        return next((each for each in self.offences if each.label == label), None)

    @property
    def pairs(self) -> list[tuple[Offence, Offence]]:
        """Offences of two countries that stand beside each other, the letter's own first."""
        found = [
            (each, beside)
            for each in self.offences
            for beside in [self.with_label(each.counterpart)]
            if beside is not None and beside.country != each.country
        ]
        return [(b, a) if b.country == self.country else (a, b) for a, b in found]


def read_draft(data: bytes) -> Draft:
    """Read a stored draft strictly; raises DraftNotReadable."""
    try:
        value = canonical.loads_canonical(data)
        if not isinstance(value, dict) or value.pop("format", None) != FORMAT:
            raise DraftNotReadable
        return filled_from_plain(Draft, value)
    except NotCanonical as error:
        raise DraftNotReadable from error


class Level(StrEnum):
    """What a problem does."""

    MISSING = "missing"
    VAGUE = "vague"
    BROAD = "broad"
    WRONG = "wrong"
    ADVICE = "advice"
    """It stops nothing."""


@dataclass(frozen=True, slots=True)
class Problem:
    """What a reader would send the letter back for."""

    level: Level
    field: str
    said: Phrase

    @property
    def stops(self) -> bool:
        """Whether nobody may authorise the letter before it is mended."""
        return self.level is not Level.ADVICE


@dataclass(frozen=True, slots=True)
class RequestKind:
    """A member of the promise."""

    name: str
    """Small letters and hyphens. Its words are `name.request-<name>`."""
    addressees: tuple[str, ...]
    """Kinds of office it may go to."""
    required: tuple[str, ...]
    """Field ids, in the order of the letter; `SAFEGUARDS` are added to those of every kind."""
    optional: tuple[str, ...]
    sought: tuple[Sought, ...]
    """What may be asked of an item; empty: it has no items."""
    source: str
    """Where its fields come from, and how surely."""
    confidence: str
    """`high`, `medium` or `low`: of its fields and rules."""
    checks: Callable[[Draft, datetime], Iterable[Problem]] = lambda draft, at: ()
    """What this kind alone asks; a draft and the moment of asking."""

    def __post_init__(self) -> None:
        """Require the human-rights check: no kind can be written without it."""
        own = tuple(each for each in self.required if each not in SAFEGUARDS)
        object.__setattr__(self, "required", (*own, *SAFEGUARDS))

    @property
    def fields(self) -> tuple[str, ...]:
        """All its fields, in the order of the letter."""
        return (*self.required, *self.optional)
