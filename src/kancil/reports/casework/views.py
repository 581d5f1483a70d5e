"""Saved views that go into a document: what an officer drew, and what was left out of it.

From the entry `view.saved` and its kept file to a picture as its author left it. A view is an
officer's arrangement and no result: the traces that it draws go whole into the same document, and
one whose traces do not is refused. Nothing of a view is in the analysis that a bundle computes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path

from kancil.bitcoin.chain.chain import Chain
from kancil.custody.roll import Numbered
from kancil.ground.digests import sha256_hex
from kancil.ground.files import read_file
from kancil.ground.ids import ViewId
from kancil.ground.phrase import Phrase
from kancil.reports.errors import ViewNotShowable
from kancil.studies.canvas.errors import OutpointNotHeld, PathBroken
from kancil.studies.canvas.paper import draw_view_svg
from kancil.studies.canvas.paths import DrawnPath, draw_path
from kancil.studies.canvas.picture import Material, draw_view
from kancil.studies.canvas.shown import Shown, shown_of
from kancil.studies.canvas.source import Hung, Source
from kancil.studies.canvas.summary import Hidden, read_hidden
from kancil.studies.canvas.view import TraceSource, View, read_view_file


@dataclass(frozen=True, eq=False)
class ShownView:
    """A saved view of a case that goes into a document."""

    entry: Numbered
    """The entry that records it."""
    data: bytes
    """The saved view, to the byte."""
    material: Material

    @property
    def id(self) -> ViewId:
        """The saved view's id."""
        return ViewId(self.entry.id)

    @property
    def label(self) -> str:
        """Short number for people: `V1`."""
        return f"V{self.entry.number}"

    @property
    def name(self) -> str:
        """What its author called it."""
        return str(self.entry.entry.body.get("name") or "")

    @property
    def note(self) -> str:
        """What its author wrote beside it."""
        return str(self.entry.entry.body.get("note") or "")

    def beside(self, reported: Callable[[View, Chain | None], Source]) -> ShownView:
        """The same view with what it draws of reported transfers."""
        source = reported(self.view, self.material.chain)
        return replace(self, material=replace(self.material, hung=(Hung((source,)),)))

    @cached_property
    def view(self) -> View:
        """The view as read strictly."""
        return read_view_file(self.data)

    @cached_property
    def shown(self) -> Shown:
        """The picture as its author left it, in the language that is spoken."""
        return shown_of(draw_view(self.material, self.view), self.view)

    @property
    def hidden(self) -> Hidden:
        """How much of the picture its author did not show, as the entry states it."""
        return read_hidden(self.entry.entry.body["hidden"])

    @cached_property
    def paths(self) -> tuple[DrawnPath, ...]:
        """Its paths, as far as the blocks held bear them out."""
        found: list[DrawnPath] = []
        chain = self.material.chain
        if chain is None:
            return ()
        for path in self.view.paths:
            try:
                found.append(draw_path(chain, path, self.shown.graph))
            except (OutpointNotHeld, PathBroken):
                continue
        return tuple(found)

    def svg(self, caption: Sequence[str] = ()) -> str:
        """The picture as one SVG; `caption`: lines below it."""
        return draw_view_svg(self.shown, self.view, self.paths, caption).decode("utf-8")


def show_views(
    entries: Iterable[Numbered], folder: Path, material: Material
) -> tuple[ShownView, ...]:
    """Views from their kept files; raises ViewNotShowable, ViewNotReadable, FileNotReadable.

    `material`: the chain and traces that the document shows. A file that is not the one its entry
    names goes into no document, nor does a view of a trace that the document does not show.
    """
    found = []
    for entry in entries:
        shown = ShownView(entry, read_file(folder / f"{entry.id}.json"), material)
        if sha256_hex(shown.data) != entry.entry.body.get("sha256"):
            raise ViewNotShowable(view=shown.label, why=Phrase("why.view-changed"))
        for source in shown.view.sources:
            if isinstance(source, TraceSource):
                trace = material.traces.get(source.trace)
                if trace is None or trace.result_sha256 != source.result_sha256:
                    why = Phrase("why.view-trace", {"trace": f"T{source.trace}"})
                    raise ViewNotShowable(view=shown.label, why=why)
        found.append(shown)
    return tuple(found)
