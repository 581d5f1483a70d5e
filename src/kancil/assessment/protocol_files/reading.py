"""Reads protocol files: a file in; a protocol out, or every fault with its line.

The file's form is docs/formats/protocol.md. `fields` takes the values of single keys, this module
makes the objects of `protocol` of them, `checks` looks at what several keys say together. Nothing
is guessed: a protocol with one fault is none.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from pathlib import Path

from kancil.assessment.errors import ProtocolNotReadable
from kancil.assessment.methods import METHODS
from kancil.assessment.protocol import (
    SCHEMA,
    Area,
    Article,
    AskedIf,
    Assistance,
    Band,
    Checked,
    Concept,
    Confidence,
    CriticalRule,
    Duty,
    Grade,
    Indicator,
    Instrument,
    MapsFrom,
    NotAsked,
    Part,
    Protocol,
    Related,
    Relation,
    Review,
    Scale,
    ScaleKind,
    ScaleValue,
    Scoring,
    Sector,
    Shape,
    Source,
    Standing,
    Text,
)
from kancil.assessment.protocol_files import fields as take
from kancil.assessment.protocol_files import keys as forms
from kancil.assessment.protocol_files.checks import WITH_VALUES, cross_check
from kancil.assessment.protocol_files.fields import Keys, Reading, entries, one_of, reference
from kancil.ground.digests import sha256_hex
from kancil.ground.yaml_tree import Fault, Mapped, Node, Scalar, compose, read_bounded

PART_KINDS = (
    "age", "mental_element", "conduct", "exclusion", "reservation", "penalty", "other",
)  # fmt: skip
_DIGITS = re.compile(r"-?[0-9]+")
METHOD_NAMES = tuple(method.name for method in METHODS)


def read_protocol(path: Path, methods: Collection[str] = METHOD_NAMES) -> Protocol:
    """Read a protocol; raises ProtocolNotReadable with the first fault, and FileNotReadable."""
    protocol, faults = check_protocol(path, methods)
    if protocol is None:
        first = faults[0]
        raise ProtocolNotReadable(
            path=str(path), line=first.line, why=first.phrase, count=len(faults)
        )
    return protocol


def check_protocol(
    path: Path, methods: Collection[str] = METHOD_NAMES
) -> tuple[Protocol | None, list[Fault]]:
    """Read a protocol and give all its faults in the order of the file; None if there is one.

    `methods`: names of the scoring methods that it may ask for. Raises FileNotReadable.
    """
    return check_content(read_bounded(path), path, methods)


def check_content(
    content: bytes, path: Path, methods: Collection[str] = METHOD_NAMES
) -> tuple[Protocol | None, list[Fault]]:
    """Check bytes as if they stood in the file `path`, which need not be there."""
    tree, faults = compose(content, str(path))
    if tree is None:
        return None, faults
    reading = Reading(str(path), faults=faults)
    protocol = _protocol(reading, tree, sha256_hex(content))
    if reading.is_full:
        reading.fault("protocol-too-many-faults", tree, limit=take.LIMIT_FAULTS)
    else:
        _look_up(reading)
        cross_check(reading, protocol, path.name, methods)
    faults.sort(key=lambda fault: (fault.line, fault.column))
    return (None if faults else protocol), faults


def _look_up(reading: Reading) -> None:
    """Each id that stands in none of the lists in which it was looked for."""
    for each in reading.references:
        if each.id not in reading.known.get(each.of, {}):
            reading.fault("protocol-unknown-reference", each.node, id=each.id, list=each.of)


def _protocol(reading: Reading, tree: Mapped, sha256: str) -> Protocol:
    keys = Keys(reading, tree, forms.PROTOCOL, "")
    reading.language = keys.need("language", take.language, "en")
    keys.take("schema", take.word_of(SCHEMA))
    return Protocol(
        id=keys.need("id", take.ident, ""),
        version=keys.need("version", take.version, ""),
        shape=keys.need("shape", one_of(Shape), Shape.INDICATORS),
        language=reading.language,
        title=keys.text("title"),
        purpose=keys.text("purpose"),
        standing=keys.need("standing", one_of(Standing), Standing.PROPOSAL),
        standing_note=keys.text("standing_note"),
        reviewed=keys.take("reviewed", review),
        licence=keys.line("licence"),
        sources=entries(keys, "sources", forms.SOURCE, _source, may_be_empty=False),
        scales=entries(keys, "scales", forms.SCALE, _scale, may_be_empty=False),
        grades=entries(keys, "grades", forms.GRADE, _grade, may_be_empty=False),
        sectors=entries(keys, "sectors", forms.SECTOR, _sector, may_be_empty=False),
        assistance=entries(keys, "assistance", forms.ASSISTANCE, _assistance),
        concepts=entries(keys, "concepts", forms.CONCEPT, _concept),
        instruments=entries(keys, "instruments", forms.INSTRUMENT, _instrument),
        areas=entries(keys, "areas", forms.AREA, _area, may_be_empty=False),
        indicators=entries(
            keys,
            "indicators",
            forms.INDICATOR,
            _indicator,
            taker=take.indicator_id,
            may_be_empty=False,
        ),
        scoring=keys.take("scoring", _scoring),
        maps_from=keys.some("maps_from", _maps_from),
        sha256=sha256,
    )


def review(reading: Reading, node: Node) -> Review | None:
    """Take who reviewed something, and on which day."""
    keys = Keys(reading, node, forms.REVIEW)
    by, on = keys.text("by"), keys.take("on", take.day)
    return None if on is None else Review(by, on)


def _source(keys: Keys, id: str) -> Source:
    return Source(
        id,
        title=keys.text("title"),
        ref=keys.line("ref"),
        url=keys.take("url", take.address),
        as_of=keys.take("as_of", take.day),
        confidence=keys.take("confidence", one_of(Confidence)),
        help=keys.take("help", take.text),
        note=keys.take("note", take.text),
    )


def _scale(keys: Keys, id: str) -> Scale:
    kind = keys.need("kind", one_of(ScaleKind), ScaleKind.TEXT)

    def value(reading: Reading, node: Node) -> ScaleValue | None:
        each = Keys(reading, node, forms.VALUE)
        found: int | str | None
        if kind is ScaleKind.ORDERED:
            found = each.take("value", take.whole)
        else:
            found = each.take("value", take.line)
        label, meaning = each.text("label"), each.take("meaning", take.text)
        return None if found is None else ScaleValue(found, label, meaning)

    return Scale(
        id,
        title=keys.text("title"),
        kind=kind,
        values=keys.some("values", value, may_be_empty=False) if kind in WITH_VALUES else (),
        help=keys.take("help", take.text),
        note=keys.take("note", take.text),
    )


def _grade(keys: Keys, id: str) -> Grade:
    return Grade(
        id,
        label=keys.text("label"),
        meaning=keys.text("meaning"),
        confirmed=keys.need("confirmed", take.flag, instead=False),
        interview=keys.need("interview", take.flag, instead=False),
        by_lawyer=keys.need("by_lawyer", take.flag, instead=False),
        help=keys.take("help", take.text),
        note=keys.take("note", take.text),
    )


def _sector(keys: Keys, id: str) -> Sector:
    return Sector(
        id,
        title=keys.text("title"),
        includes=keys.take("includes", take.text),
        forces=keys.need("forces", take.flag, instead=False),
        help=keys.take("help", take.text),
        note=keys.take("note", take.text),
    )


def _assistance(keys: Keys, id: str) -> Assistance:
    return Assistance(
        id,
        title=keys.text("title"),
        intrusive=keys.need("intrusive", take.flag, instead=False),
        help=keys.take("help", take.text),
        note=keys.take("note", take.text),
    )


def _concept(keys: Keys, id: str) -> Concept:
    return Concept(
        id,
        title=keys.text("title"),
        help=keys.take("help", take.text),
        note=keys.take("note", take.text),
    )


def _instrument(keys: Keys, id: str) -> Instrument:
    return Instrument(
        id,
        short=keys.text("short"),
        title=keys.text("title"),
        ref=keys.line("ref"),
        year=keys.need("year", take.year, 0),
        body=keys.line("body"),
        binding=keys.need("binding", take.flag, instead=False),
        confidence=keys.need("confidence", one_of(Confidence), Confidence.HIGH),
        source=keys.text("source"),
        confidence_note=keys.take("confidence_note", take.text),
        adopted_on=keys.take("adopted_on", take.day),
        in_force_on=keys.take("in_force_on", take.day),
        entry_into_force=keys.take("entry_into_force", take.text),
        by_consent=keys.need("by_consent", take.flag, instead=True),
        url=keys.take("url", take.address),
        not_asked=keys.some("not_asked", _not_asked),
        help=keys.take("help", take.text),
        note=keys.take("note", take.text),
    )


def _not_asked(reading: Reading, node: Node) -> NotAsked:
    keys = Keys(reading, node, forms.NOT_ASKED)
    return NotAsked(keys.line("number"), keys.take("title", take.text), keys.take("why", take.text))


def _area(keys: Keys, id: str) -> Area:
    return Area(
        id,
        title=keys.text("title"),
        weight=keys.need("weight", take.weight, 1.0),
        parent=keys.take("parent", reference("areas")),
        instrument=keys.take("instrument", reference("instruments")),
        sector=keys.take("sector", reference("sectors")),
        help=keys.take("help", take.text),
        note=keys.take("note", take.text),
    )


def _indicator(keys: Keys, id: str) -> Indicator:
    return Indicator(
        id,
        area=keys.need("area", reference("areas"), ""),
        sector=keys.need("sector", reference("sectors"), ""),
        weight=keys.need("weight", take.weight, 1.0),
        question=keys.text("question"),
        scale=keys.take("scale", reference("scales")),
        stages=keys.need("stages", _stages, {}),
        parts=tuple(entries(keys, "parts", forms.PART, _part, may_be_empty=False).values()),
        critical=keys.need("critical", take.flag, instead=False),
        evidence=keys.some("evidence", take.text),
        sources=keys.some("sources", reference("sources")),
        confidence=keys.take("confidence", one_of(Confidence)),
        confidence_note=keys.take("confidence_note", take.text),
        checked=keys.take("checked", _checked),
        article=keys.take("article", _article),
        assistance=keys.some("assistance", reference("assistance")),
        concepts=keys.some("concepts", reference("concepts")),
        depends_on=keys.some("depends_on", reference("indicators")),
        related=keys.some("related", _related),
        asked_if=keys.take("asked_if", _asked_if),
        help=keys.take("help", take.text),
        note=keys.take("note", take.text),
    )


def _stages(reading: Reading, node: Node) -> Mapping[int, Text] | None:
    if not isinstance(node, Mapped):
        reading.fault("protocol-not-stages", node)
        return None
    found = {}
    for key, value in node.pairs.values():
        number, words = take.whole(reading, key), take.text(reading, value)
        if number is not None and words is not None:
            found[number] = words
    return found


def _part(keys: Keys, id: str) -> Part:
    return Part(
        id,
        question=keys.text("question"),
        scale=keys.need("scale", reference("scales"), ""),
        kind=keys.need("kind", take.word_of(*PART_KINDS), "other"),
        duty=keys.need("duty", one_of(Duty), Duty.TREATY),
        help=keys.take("help", take.text),
        note=keys.take("note", take.text),
    )


def _checked(reading: Reading, node: Node) -> Checked | None:
    if isinstance(node, Scalar) and node.is_null:
        return None
    keys = Keys(reading, node, forms.CHECKED)
    on, against = keys.take("on", take.day), keys.line("against")
    return None if on is None else Checked(on, against)


def _article(reading: Reading, node: Node) -> Article:
    keys = Keys(reading, node, forms.ARTICLE)
    return Article(
        instrument=keys.need("instrument", reference("instruments"), ""),
        number=keys.line("number"),
        title=keys.text("title"),
        category=keys.line("category"),
    )


def _related(reading: Reading, node: Node) -> Related:
    keys = Keys(reading, node, forms.RELATED)
    relation = keys.need("relation", one_of(Relation), Relation.SAME)
    difference = keys.take("difference", take.text)
    if relation is not Relation.SAME and "difference" not in keys.nodes:
        reading.fault("protocol-difference-missing", node, relation=relation.value)
    return Related(
        to=keys.need("to", reference("indicators"), ""),
        relation=relation,
        difference=difference,
        checked=keys.need("checked", take.flag, instead=False),
    )


def _asked_if(reading: Reading, node: Node) -> AskedIf:
    keys = Keys(reading, node, forms.ASKED_IF)

    def value(reading: Reading, item: Node) -> int | str | None:
        is_number = isinstance(item, Scalar) and item.is_plain and _DIGITS.fullmatch(item.text)
        return take.whole(reading, item) if is_number else take.line(reading, item)

    return AskedIf(
        indicator=keys.need("indicator", reference("indicators"), ""),
        values=keys.some("values", value, may_be_empty=False),
        part=keys.take("part", take.ident),
    )


def _scoring(reading: Reading, node: Node) -> Scoring:
    keys = Keys(reading, node, forms.SCORING, "scoring")
    bands = entries(keys, "bands", forms.BAND, _band, may_be_empty=False)
    return Scoring(
        method=keys.line("method"),
        by=keys.need("by", take.word_of("area", "instrument"), "area"),
        minimum_coverage=keys.need("minimum_coverage", take.percent, 0.0),
        bands=tuple(bands.values()),
        critical=keys.take("critical", _critical),
    )


def _band(keys: Keys, id: str) -> Band:
    return Band(id, title=keys.text("title"), min=keys.need("min", take.percent, 0.0))


def _critical(reading: Reading, node: Node) -> CriticalRule:
    keys = Keys(reading, node, forms.CRITICAL)
    return CriticalRule(
        at_most=keys.need("at_most", take.whole, 0),
        cap_percent=keys.need("cap_percent", take.percent, 0.0),
        blocks_intrusive=keys.take("blocks", take.word_of("intrusive")) is not None,
        until=keys.take("until", reference("concepts")),
    )


def _maps_from(reading: Reading, node: Node) -> MapsFrom:
    keys = Keys(reading, node, forms.MAPS_FROM)
    return MapsFrom(
        version=keys.need("version", take.version, ""),
        indicators=keys.need("indicators", _became, {}),
        note=keys.take("note", take.text),
    )


def _became(reading: Reading, node: Node) -> Mapping[str, tuple[str, ...]] | None:
    """Take what became of older indicators: one id, a list of ids, or null."""
    if not isinstance(node, Mapped):
        reading.fault("protocol-not-a-map-of-ids", node)
        return None
    newer, found = reference("indicators"), {}
    for key, value in node.pairs.values():
        older = take.indicator_id(reading, key)
        if isinstance(value, Scalar) and value.is_null:
            ids: tuple[str, ...] = ()
        else:
            items = (
                (value,) if isinstance(value, Scalar) else take.items_of(reading, value, key.text)
            )
            ids = tuple(id for item in items if (id := newer(reading, item)) is not None)
        if older is not None:
            found[older] = ids
    return found
