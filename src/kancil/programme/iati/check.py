"""Whether an IATI file is valid: its XML, its version, its schema, and the standard ruleset.

Read in the limited child, without entities and without a network. Codes are not looked up in the
codelists, identifiers of organisations are not looked up in any register, and nothing says that
what a valid file states is true.
"""

from __future__ import annotations

from collections.abc import Iterator
from copy import deepcopy
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from itertools import chain, islice
from pathlib import Path
from typing import Any

from lxml import etree

from kancil.ground.child import in_child
from kancil.ground.errors import FileNotReadable
from kancil.ground.phrase import Param, Phrase

from .fault import Fault, Severity
from .ruleset import broken_rules, identifier

VERSION = "2.03"
MAX_BYTES = 100_000_000
MAX_DEPTH = 60
"""The deepest element of the standard stands 9 deep; anything below may be a publisher's own."""
MAX_FAULTS = 10_000
"""So many are looked for; what comes after them is not checked, and that is an error itself."""
_PART = 500
"""Activities that are validated at once."""
_SCHEMAS = {
    "iati-activities": "iati-activities-schema.xsd",
    "iati-organisations": "iati-organisations-schema.xsd",
}
"""By the root element."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What was found in one file."""

    root: str
    """`iati-activities` or `iati-organisations`; empty: it is neither."""
    count: int
    """Of activities, or of organisations."""
    faults: tuple[Fault, ...]
    """By line; at most `MAX_FAULTS`, and one that says so where there are more."""

    @property
    def is_valid(self) -> bool:
        """Whether it fits the schema, which is all that the standard's own test files are about."""
        return bool(self.root) and not any(each.rule == "schema" for each in self.faults)

    @property
    def follows_rules(self) -> bool:
        """Whether it is valid and breaks no rule that the standard calls an error."""
        return self.is_valid and all(each.severity is Severity.WARNING for each in self.faults)


@in_child(memory_bytes=2 << 30, cpu_seconds=300)
def check_iati_file(path: Path, at: datetime) -> Verdict:
    """Check a file; `at`: aware, the moment that nothing may be dated after.

    Raises FileNotReadable, ParserStopped, ParserLimitReached.
    """
    try:
        with path.open("rb") as file:
            content = file.read(MAX_BYTES + 1)
    except OSError as error:
        raise FileNotReadable(path=str(path), reason=error.strerror or str(error)) from error
    return check_iati(content, at)


def check_iati(content: bytes, at: datetime) -> Verdict:
    """Check bytes where they are."""
    root, fault = parsed(content)
    if fault is not None:
        return Verdict("", 0, (fault,))
    found = chain(_version(root), faults_of(root, at))
    faults = list(islice(found, MAX_FAULTS))
    is_cut = next(found, None) is not None
    faults.sort(key=lambda each: (each.line, each.rule))
    if is_cut:  # what is empty a hundred thousand times would be looked at for minutes
        faults.append(_fault(root.sourceline or 1, "more", most=MAX_FAULTS))
    return Verdict(root.tag, _members(root), tuple(faults))


def parsed(content: bytes) -> tuple[Any, Fault | None]:
    """The root of an IATI file, else why it is none; no entities, a bounded size and depth."""
    if len(content) > MAX_BYTES:
        return None, _fault(1, "size", most=MAX_BYTES)
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
    try:
        root = etree.fromstring(content, parser)
    except etree.XMLSyntaxError as error:
        return None, _fault(error.lineno or 1, "xml", text=str(error.msg)[:300])
    if root.getroottree().docinfo.doctype:
        return None, _fault(1, "doctype")
    if _depth(root) > MAX_DEPTH:
        return None, _fault(root.sourceline or 1, "depth", most=MAX_DEPTH)
    if root.tag not in _SCHEMAS:
        return None, _fault(root.sourceline or 1, "root", root=str(root.tag)[:80])
    return root, None


def faults_of(root: Any, at: datetime) -> Iterator[Fault]:
    """What breaks the schema or the standard ruleset below a root element."""
    document = root.getroottree()
    yield from _schema_faults(document, root.tag)
    yield from broken_rules(document, at)


def _version(root: Any) -> Iterator[Fault]:
    """A file of another version is checked as of this one, and told so."""
    said = root.get("version") or ""
    if said != VERSION:
        told: dict[str, Param] = {"version": said[:20], "wanted": VERSION}
        phrase = Phrase("problem.iati-version", told)
        yield Fault(root.sourceline or 1, Severity.WARNING, "version", "", phrase)


def _members(root: Any) -> int:
    return len(root.findall("iati-activity")) + len(root.findall("iati-organisation"))


def _fault(line: int, code: str, **params: Param) -> Fault:
    """Why a file is not looked into any further."""
    return Fault(line, Severity.ERROR, "xml", "", Phrase(f"problem.iati-{code}", params))


def _depth(root: Any) -> int:
    """How deep elements stand in each other; libxml itself stops at 256."""
    deepest = depth = 0
    for event, _ in etree.iterwalk(root, events=("start", "end")):
        depth += 1 if event == "start" else -1
        deepest = max(deepest, depth)
    return deepest


@cache
def _schema(root: str) -> Any:
    return etree.XMLSchema(etree.parse(Path(__file__).with_name("schemas") / _SCHEMAS[root]))


def _schema_faults(document: Any, root: str) -> Iterator[Fault]:
    seen: set[tuple[int, str]] = set()
    lines: dict[int, Any] = {}
    for line, message in _schema_errors(document, _schema(root)):
        if (line, message) in seen:  # of the root, which each part has
            continue
        seen.add((line, message))
        lines = lines or {
            each.sourceline: each for each in document.iter() if isinstance(each.tag, str)
        }
        at = lines.get(line)
        yield Fault(
            line,
            Severity.ERROR,
            "schema",
            "" if at is None else identifier(at),
            Phrase("problem.iati-schema", {"text": message[:500]}),
        )


def _schema_errors(document: Any, schema: Any) -> Iterator[tuple[int, str]]:
    """Line and message of each; a long file is validated part by part.

    For each error libxml counts the siblings before its place, so that a whole file of them takes
    their square. The schemas have no rule that looks from one activity to another.
    """
    whole = document.getroot()
    members = list(whole)
    for start in range(0, max(1, len(members)), _PART):
        part = whole
        if len(members) > _PART:
            part = etree.Element(whole.tag, dict(whole.attrib), whole.nsmap)
            part.extend(deepcopy(each) for each in members[start : start + _PART])
        schema.validate(part)
        for each in schema.error_log:
            of_root = part is not whole and each.path.count("/") == 1
            yield (whole.sourceline if of_root else each.line), each.message
