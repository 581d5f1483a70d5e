"""In which languages a report is offered: those of its words and of the protocols it is made of."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from kancil.assessment.protocol import Protocol, Shape
from kancil.assessment.protocol_files.translation import offered_languages
from kancil.ground.offered import SOURCE, offered

if TYPE_CHECKING:
    from kancil.desk.assessment.queries.releases import RegionalRow


def report_languages(protocols: Iterable[Protocol]) -> tuple[str, ...]:
    """The languages in which a report on these protocols is offered, English first.

    Nearly all its words are there, and nearly all texts of the protocols of indicators, on which
    the brief rests (of every protocol, where none has that shape). What the others say stands in
    their own language, and is marked as such.
    """
    known = list(protocols)
    asked = [each for each in known if each.shape is Shape.INDICATORS] or known
    said = [offered_languages(each) for each in asked]
    return tuple(
        code for code in offered("paper") if code == SOURCE or all(code in each for each in said)
    )


def region_languages(
    rows: Iterable[RegionalRow], protocols: Mapping[str, Protocol]
) -> tuple[str, ...]:
    """The languages in which the regional comparison is offered, English first."""
    names = {name for row in rows for name in row.figures}
    return report_languages([protocols[name] for name in sorted(names) if name in protocols])


def study_languages(protocol: Protocol) -> tuple[str, ...]:
    """Those of a study's report: its own words are to be there as well."""
    own = offered("paper.study")
    return tuple(each for each in report_languages([protocol]) if each in own)
