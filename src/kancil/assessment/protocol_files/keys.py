"""The keys of a protocol file: which each mapping must have, and which it may have.

The same keys stand in docs/formats/protocol.md for people and in `protocol.schema.json` for
editors; a test compares the three.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Form:
    """The keys of one kind of mapping."""

    needed: tuple[str, ...]
    optional: tuple[str, ...] = ()

    @property
    def known(self) -> tuple[str, ...]:
        """All keys, in the order in which they are usually written."""
        return self.needed + self.optional


PROTOCOL = Form(
    (
        "schema", "id", "version", "shape", "language", "title", "purpose", "standing",
        "standing_note", "licence", "sources", "scales", "grades", "sectors", "areas", "indicators",
    ),
    ("reviewed", "assistance", "concepts", "instruments", "scoring", "maps_from"),
)  # fmt: skip
_SAID = ("help", "note")
REVIEW = Form(("by", "on"))
SOURCE = Form(("id", "title", "ref"), ("url", "as_of", "confidence", *_SAID))
SCALE = Form(("id", "title", "kind"), ("values", *_SAID))
VALUE = Form(("value", "label"), ("meaning",))
GRADE = Form(("id", "label", "meaning", "confirmed"), ("interview", "by_lawyer", *_SAID))
SECTOR = Form(("id", "title"), ("includes", "forces", *_SAID))
ASSISTANCE = Form(("id", "title"), ("intrusive", *_SAID))
CONCEPT = Form(("id", "title"), _SAID)
INSTRUMENT = Form(
    ("id", "short", "title", "ref", "year", "body", "binding", "confidence", "source"),
    (
        "confidence_note", "adopted_on", "in_force_on", "entry_into_force", "by_consent", "url",
        "not_asked", *_SAID,
    ),
)  # fmt: skip
NOT_ASKED = Form(("number",), ("title", "why"))
AREA = Form(("id", "title", "weight"), ("parent", "instrument", "sector", *_SAID))
INDICATOR = Form(
    ("id", "area", "sector", "weight", "question"),
    (
        "scale", "stages", "parts", "critical", "evidence", "sources", "confidence",
        "confidence_note", "checked", "article", "assistance", "concepts", "depends_on", "related",
        "asked_if", *_SAID,
    ),
)  # fmt: skip
PART = Form(("id", "question", "scale"), ("kind", "duty", *_SAID))
CHECKED = Form(("on", "against"))
ARTICLE = Form(("instrument", "number", "title", "category"))
RELATED = Form(("to", "relation"), ("difference", "checked"))
ASKED_IF = Form(("indicator", "values"), ("part",))
SCORING = Form(("method", "by", "minimum_coverage", "bands"), ("critical",))
BAND = Form(("min", "id", "title"))
CRITICAL = Form(("at_most", "cap_percent"), ("blocks", "until"))
MAPS_FROM = Form(("version", "indicators"), ("note",))

FORMS: dict[str, Form] = {
    "protocol": PROTOCOL,
    "review": REVIEW,
    "source": SOURCE,
    "scale": SCALE,
    "value": VALUE,
    "grade": GRADE,
    "sector": SECTOR,
    "assistance": ASSISTANCE,
    "concept": CONCEPT,
    "instrument": INSTRUMENT,
    "not_asked": NOT_ASKED,
    "area": AREA,
    "indicator": INDICATOR,
    "part": PART,
    "checked": CHECKED,
    "article": ARTICLE,
    "related": RELATED,
    "asked_if": ASKED_IF,
    "scoring": SCORING,
    "band": BAND,
    "critical": CRITICAL,
    "maps_from": MAPS_FROM,
}
"""By the name that each has in the schema."""
