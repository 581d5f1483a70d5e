"""Reported transfers of a case as a source of a picture: for the canvas, and for a saved view."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from kancil.ground.workspace import Workspace
from kancil.studies.canvas.reported_source import ReportedSource
from kancil.studies.canvas.view import TransfersSource, View
from kancil.studies.reported.beside import BesideTransfer

from .queries import label_shelf, labels_named_address
from .reported import CaseBook


def asked_exhibits(view: View) -> tuple[str, ...] | None:
    """The exhibits whose transfers a view asks for, none of all; None where it asks for none."""
    asked = (one.exhibits for one in view.sources if isinstance(one, TransfersSource))
    return next(asked, None)


def reported_source(
    found: CaseBook,
    told: Iterable[BesideTransfer],
    exhibits: Sequence[str] | None,
    labelled: Workspace | None = None,
) -> ReportedSource:
    """The transfers as a source; `told`: what a chain says of them.

    `exhibits`: of these alone, none of all; None: only what names something drawn of the chain.
    `labelled`: the workspace whose labels stand in the boxes; None, as in a bundle, which cites the
    labels of its chains alone.
    """
    shelf = None if labelled is None else label_shelf(labelled)
    imports = () if shelf is None else tuple(each.path.name for each in shelf.imports)
    return ReportedSource(
        found.book,
        (found.key, exhibits, imports),
        aside=found.not_drawn | found.reversed,
        twice=found.twice,
        services=found.sinks,
        beside={(row.stated_by, row.row, row.txid or ""): row for row in told},
        is_asked=exhibits is not None,
        exhibits=tuple(exhibits or ()),
        labels_of=lambda address: labels_named_address(labelled, address) if labelled else (),
    )
