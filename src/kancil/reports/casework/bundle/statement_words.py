"""The statements of a unit in words: titled lists of facts that a door can print as they are.

Words: `note.stated-*` and `name.stated-*`. What the unit wrote is given as it stands; whoever
prints it makes it harmless for the screen.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from kancil.ground.words import has, render

from .statements import (
    Person,
    Said,
    StatedBasis,
    StatedContent,
    StatedExhibit,
    StatedFinding,
    StatedStudy,
    StatedWithheld,
    Statements,
)

Facts = list[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Section:
    """A title, and pairs of label and value below it."""

    title: str
    facts: Facts


def title() -> str:
    """The title above all statements."""
    return render("note.stated-title")


def intro() -> str:
    """What a statement is and is not."""
    return render("note.stated-lead")


def sections(stated: Statements) -> list[Section]:
    """The case, each legal basis, exhibit, study and finding, and the bundle, in this order."""
    found = []
    if stated.case is not None:
        case = [_fact("case-number", stated.case.number), _fact("title", stated.case.title)]
        found.append(Section(render("note.stated-case"), case + _opened(stated)))
    found += [basis_section(each) for each in stated.bases]
    found += [exhibit_section(each) for each in stated.exhibits]
    found += [_study(each) for each in stated.studies]
    found += [_finding(each) for each in stated.findings]
    if stated.bundle is not None:
        made = [_fact("made", when(stated.bundle.said)), _fact("by", by(stated.bundle.said))]
        made.append(_fact("purpose", stated.bundle.purpose))
        made += _given([("basis-ended", stated.bundle.basis_ended_on)])
        for one in stated.bundle.withheld:
            made += [_fact("withheld", _withheld(one)), _fact("withheld-sha256", one.sha256)]
        found.append(Section(render("note.stated-bundle"), made))
    if stated.sealed:
        found.append(Section(render("note.stated-sealed", count=stated.sealed), []))
    return found


def _withheld(one: StatedWithheld) -> str:
    missing = render("note.stated-not")
    return render("note.stated-withheld", n=one.n or missing, reason=one.reason or missing)


def _fact(code: str, value: str | None) -> tuple[str, str]:
    return render(f"name.stated-{code}"), value or render("note.stated-not")


def _given(pairs: Iterable[tuple[str, str | None]]) -> Facts:
    return [_fact(code, value) for code, value in pairs if value is not None]


def term(family: str, value: str | None) -> str | None:
    """The plain words for a term of the format; one that is not known stays as it is."""
    if value is None:
        return None
    key = f"note.stated-{family}-{value.replace(' ', '-')}"
    return render(key) if has(key) else value


def when(said: Said) -> str:
    """At which hour, and in which entry."""
    # A part of a second is left out.
    return render("note.stated-when", n=said.n, time=f"{said.at[:10]} {said.at[11:19]} UTC")


def who(person: Person | None) -> str | None:
    """Name a person, an officer with their number; None for nobody."""
    if person is None or person.officer is None:
        return None if person is None else person.name
    missing = render("note.stated-not")
    return render(
        "note.stated-officer", name=person.name or missing, number=person.number or missing
    )


def by(said: Said) -> str | None:
    """Name who acted, and say where a server signed for them; None for nobody."""
    person = who(said.by)
    if said.signed_for is None:
        return person
    missing = render("note.stated-not")
    return render(
        "note.stated-signed-for",
        person=person or missing,
        server=who(said.signed_for.server) or missing,
        account=said.signed_for.account or missing,
        how=term("recognised", said.signed_for.authenticated_by) or missing,
    )


def _opened(stated: Statements) -> Facts:
    if stated.case is None:
        return []
    said = stated.case.said
    return [
        _fact("unit", stated.unit),
        _fact("opened", when(said)),
        _fact("by", by(said)),
    ]


def basis_section(basis: StatedBasis) -> Section:
    """One legal basis, as stated."""
    facts = [
        _fact("kind", term("kind", basis.kind)),
        _fact("number", basis.number),
        _fact("authority", basis.authority),
        _fact("issued", basis.issued_on),
        _fact("expires", basis.expires_on),
        *_given((("return-due", basis.return_due_on), ("scope", basis.scope))),
        *_given((("country", basis.country), ("document", basis.document_sha256))),
        _fact("stated", when(basis.said)),
        _fact("by", by(basis.said)),
    ]
    return Section(render("note.stated-basis"), facts)


def exhibit_section(exhibit: StatedExhibit) -> Section:
    """One exhibit: what it is, its digests, and where it is."""
    number = exhibit.number or render("note.stated-not")
    facts = [_fact("title", exhibit.title)]
    for content in exhibit.contents:
        facts += _content(content, "content")
    for content in exhibit.removed:
        facts += _content(content, "removed")
    facts.append(_fact("where", _where(exhibit)))
    facts += _given([("place", exhibit.place)])
    if exhibit.said is not None:
        facts += [_fact("stated", when(exhibit.said)), _fact("by", by(exhibit.said))]
    if exhibit.sealed:
        facts.append(_fact("sealed", render("note.stated-moved", count=exhibit.sealed)))
    return Section(render("note.stated-exhibit", number=number), facts)


def _where(exhibit: StatedExhibit) -> str | None:
    if exhibit.status is None:
        return None
    missing = render("note.stated-not")
    holder = who(exhibit.holder) or missing
    if exhibit.order is not None:
        order = [exhibit.order[name] or missing for name in ("authority", "number", "date")]
        return render("note.stated-where-disposed", order=", ".join(order))
    kind = term("receiver", exhibit.to_kind) or missing
    return render(f"note.stated-where-{exhibit.status}", holder=holder, kind=kind)


def _content(content: StatedContent, code: str) -> Facts:
    missing = render("note.stated-not")
    size = render(
        "note.stated-size", files=content.files or missing, size=content.size_bytes or missing
    )
    digests = (("sha256", content.sha256), ("sha1", content.sha1), ("md5", content.md5))
    return [_fact(code, size), *_given((*digests, ("listing", content.listing_sha256)))]


def _study(study: StatedStudy) -> Section:
    missing = render("note.stated-not")
    named = {
        "number": study.number or missing,
        "study": study.study or missing,
        "version": study.version or missing,
    }
    facts = [
        _fact("result", study.result_sha256),
        _fact("stated", when(study.said)),
        _fact("by", by(study.said)),
    ]
    return Section(render("note.stated-study", **named), facts)


def _finding(finding: StatedFinding) -> Section:
    facts = [
        _fact("class", term("class", finding.finding_class)),
        _fact("text", finding.text),
        _fact("language", finding.language),
        *_given([("rests-on", finding.rests_on)]),
        _fact("accepted", when(finding.said)),
        _fact("by", by(finding.said)),
    ]
    number = finding.number or render("note.stated-not")
    if finding.withdrawn is None:
        return Section(render("note.stated-finding", number=number), facts)
    taken = finding.withdrawn
    facts += [
        _fact("withdrawn", when(taken.said)),
        _fact("by", by(taken.said)),
        _fact("reason", taken.reason),
    ]
    return Section(render("note.stated-finding-withdrawn", number=number), facts)
