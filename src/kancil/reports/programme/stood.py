"""How a round stood when something of it was released, in words for documents and pages."""

from __future__ import annotations

from kancil.desk.assessment.queries.releases import ReleaseRow
from kancil.desk.assessment.queries.stood import ProtocolStood, Stood
from kancil.ground.words import render


def of_protocol(release: ReleaseRow, protocol: str) -> list[str]:
    """What a reader of one protocol's released figures must know of them."""
    one = release.stood.protocols.get(protocol) if release.stood else None
    return [*_round(release), *(_protocol(one) if one else [])]


def _protocol(one: ProtocolStood) -> list[str]:
    return [
        render("note.stood-proposal" if one.is_proposal else "note.stood-reviewed"),
        render(
            "note.stood-counts", asked=one.asked, agreed=one.agreed, alone=one.alone,
            disputed=one.disputed, open=one.open,
        ),
        *([render(f"note.stood-matrix-{one.matrix}")] if one.matrix else []),
    ]  # fmt: skip


def of_document(release: ReleaseRow) -> list[str]:
    """What a reader of a released document must know of its round."""
    return [*_round(release), *(of_round(release.stood) if release.stood else [])]


def of_round(stood: Stood) -> list[str]:
    """How far a round was with all of its protocols together."""
    all_of_them = list(stood.protocols.values())
    proposals = sum(each.is_proposal for each in all_of_them)
    found = [
        render(
            "note.stood-counts",
            asked=sum(each.asked for each in all_of_them),
            agreed=sum(each.agreed for each in all_of_them),
            alone=sum(each.alone for each in all_of_them),
            disputed=sum(each.disputed for each in all_of_them),
            open=sum(each.open for each in all_of_them),
        )
    ]
    if proposals:
        found.append(render("note.stood-proposals", count=proposals, all=len(all_of_them)))
    matrices = [each.matrix for each in all_of_them if each.matrix]
    if matrices:
        is_draft = stood.has_draft_matrix
        found.append(render(f"note.stood-matrix-{'draft' if is_draft else 'signed'}"))
    return found


def _round(release: ReleaseRow) -> list[str]:
    stood, found = release.stood, [render("note.stood-invented")] if release.is_invented else []
    if stood is None:
        return [*found, render("note.stood-unrecorded")]
    if stood.closed_on is None:
        return [*found, render("note.stood-open", on=stood.on.isoformat())]
    return [*found, render("note.stood-closed", on=stood.closed_on.isoformat())]
