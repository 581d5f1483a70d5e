"""Reported transfers of a case as a source of a picture: for the canvas, and for a saved view."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from kancil.studies.canvas.reported_source import ReportedSource
from kancil.studies.canvas.view import TransfersSource, View
from kancil.studies.reported.beside import BesideTransfer

from .reported import CaseBook


def asked_exhibits(view: View) -> tuple[str, ...] | None:
    """The exhibits whose transfers a view asks for, none of all; None where it asks for none."""
    asked = (one.exhibits for one in view.sources if isinstance(one, TransfersSource))
    return next(asked, None)


def reported_source(
    found: CaseBook, told: Iterable[BesideTransfer], exhibits: Sequence[str] | None
) -> ReportedSource:
    """The transfers as a source; `told`: what a chain says of them.

    `exhibits`: of these alone, none of all; None: only what names something drawn of the chain.
    """
    return ReportedSource(
        found.book,
        (found.key, exhibits),
        aside=found.not_drawn,
        services=found.sinks,
        beside={(row.stated_by, row.row, row.txid or ""): row for row in told},
        is_asked=exhibits is not None,
        exhibits=tuple(exhibits or ()),
    )
