"""The command that writes a chain as Parquet files, and checks such a folder."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from kancil.bitcoin.export.check import check_export
from kancil.bitcoin.export.manifest import Manifest
from kancil.bitcoin.export.rows import Bounds
from kancil.bitcoin.export.write import export_chain
from kancil.bitcoin.labels.index import LabelIndex
from kancil.cli.frame.door import Door
from kancil.desk.studies.errors import OptionMissing
from kancil.ground.errors import OptionNotUsable
from kancil.ground.phrase import Phrase
from kancil.ground.units import bytes_text, grouped
from kancil.ground.words import render

from .chains import clusters_of, open_chain


def export(
    context: typer.Context,
    chain: Annotated[str | None, typer.Argument(metavar="CHAIN", help="Name of the chain.")] = None,
    folder: Annotated[
        Path | None, typer.Argument(metavar="FOLDER", help="New, empty, or an earlier export.")
    ] = None,
    from_height: Annotated[int | None, typer.Option(min=0, help="First height.")] = None,
    until_height: Annotated[int | None, typer.Option(min=0, help="Last height.")] = None,
    clusters: Annotated[
        bool, typer.Option("--clusters", help="Also write the cluster of each address.")
    ] = False,
    check: Annotated[
        Path | None,
        typer.Option(
            metavar="FOLDER", help="Check an export against its manifest; needs no chain."
        ),
    ] = None,
) -> None:
    """Export a chain as Parquet files, for DuckDB, Spark and other tools; or check them.

    The files hold what the chain holds, with its gaps: what is not known is null, and a column
    beside it says why. What is there already and unchanged is not written again; the manifest is
    written last. See docs/formats/chain-parquet.md.

        kancil bitcoin export main chain-parquet --from-height 800000
    """
    door = Door(context)
    if check is not None:
        if chain is not None:
            why = Phrase("why.export-check-alone")
            raise OptionNotUsable(option="CHAIN", value=chain[:80], why=why)
        _check(door, check)
        return
    name = door.needed(chain, "CHAIN")
    if folder is None:
        raise OptionMissing(option="FOLDER")
    if None not in (from_height, until_height) and (from_height or 0) > (until_height or 0):
        why = Phrase("why.export-heights")
        raise OptionNotUsable(option="--from-height", value=str(from_height), why=why)
    opened = open_chain(door, name)
    labels = LabelIndex.load(door.workspace.labels_dir, opened.network, opened.name)
    bounds = Bounds(from_height, until_height)
    with door.screen.progress() as progress:
        made = clusters_of(door, opened, labels, progress=progress)
        done = export_chain(
            opened, made, labels, folder, bounds, with_clusters=clusters, progress=progress,
            training=door.training_word,
        )  # fmt: skip
    value = {
        "id": name,
        **_said(folder, done.manifest),
        "written": done.written,
        "kept": done.kept,
        "removed": done.removed,
    }
    _answer(door, value, "done.export")


def _check(door: Door, folder: Path) -> None:
    with door.screen.progress() as progress:
        checked = check_export(folder, progress)
    value = {"id": checked.sha256, **_said(folder, checked.manifest), "intact": True}
    _answer(door, value, "done.export-check")


def _said(folder: Path, manifest: Manifest) -> dict[str, Any]:
    """What an export holds; sizes as text."""
    sources = manifest.about["sources"]
    return {
        "folder": str(folder),
        **manifest.about,
        "sources": [{**source, "size_bytes": str(source["size_bytes"])} for source in sources],
        "files": len(manifest.files),
        "size_bytes": str(sum(file.size_bytes for file in manifest.files)),
    }


def _answer(door: Door, value: dict[str, Any], sentence: str) -> None:
    size = bytes_text(int(value["size_bytes"]))

    def text() -> None:
        screen = door.screen
        screen.say(render(sentence, path=value["folder"], files=value["files"], size=size))
        screen.facts(
            [
                (render(f"name.export-{name}"), grouped(count))
                for name, count in value["rows"].items()
            ]
        )
        screen.say(render("note.export-scope", scope=value["scope"]))
        if not value["whole"]:
            screen.say(render("note.export-part"))
        if "written" in value:
            told = {name: value[name] for name in ("written", "kept", "removed")}
            screen.say(render("note.export-files", **told))

    door.show(value, text)
