"""The commands that ask a whole export by Spark: clusters, direct exposure, shapes by month."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Any

import typer

from kancil.bitcoin.export.check import check_export
from kancil.bitcoin.export.spark.clusters import find_clusters
from kancil.bitcoin.export.spark.exposure import find_exposure
from kancil.bitcoin.export.spark.session import LOCAL_MASTER, refuse_existing, spark_session
from kancil.bitcoin.export.spark.shapes import count_shapes
from kancil.cli.frame.door import Door
from kancil.ground.units import grouped
from kancil.ground.words import render

Folder = Annotated[Path, typer.Argument(metavar="FOLDER", help="An export, under one path on all.")]
Master = Annotated[
    str, typer.Option(help="local[*] for this machine alone, or the address of a Spark master.")
]
Out = Annotated[
    Path | None, typer.Option(metavar="FOLDER", help="A new folder for all rows, as Parquet.")
]
ShuffleParts = Annotated[int | None, typer.Option(min=1, help="Number of partitions of the rows.")]


def clusters(
    context: typer.Context,
    folder: Folder,
    master: Master = LOCAL_MASTER,
    out: Out = None,
    shuffle_parts: ShuffleParts = None,
) -> None:
    """Find all clusters of an export by Apache Spark, on one machine or many.

    The same clusters as `kancil bitcoin cluster` finds, of every address at once. If the export
    has the local ones, each address is compared. One owner is not proved.

        kancil bitcoin spark clusters chain-parquet --master spark://10.0.0.5:7077
    """
    door = Door(context, site=None)
    value = _ask(door, folder, master, out, shuffle_parts, find_clusters)
    value["notes"] = _cluster_notes(value)

    def text() -> None:
        screen = door.screen
        names = ("addresses", "clusters", "joined", "alone", "rounds")
        screen.facts([(render(f"name.spark-{name}"), grouped(value[name])) for name in names])
        screen.table(
            (render("name.cluster-address"), render("name.cluster-size") + ">"),
            [(_name(row), grouped(row["cluster_size"])) for row in value["largest"]],
        )
        _say_notes(door, value)

    door.show(value, text)


def _cluster_notes(value: dict[str, Any]) -> list[str]:
    notes = [render("note.cluster-not-proved"), render("note.cluster-error")]
    method = value["coinjoins_excluded_by"]
    if method is None:
        notes.append(render("note.cluster-coinjoins-in"))
    aside = sum(row["transactions"] for row in value["set_aside"])
    notes.append(render("note.spark-aside", count=aside))
    differing = value["differing_from_local"]
    if differing is None:
        notes.append(render("note.spark-not-compared"))
    else:
        same = "note.spark-same" if differing == 0 else "note.spark-differs"
        notes.append(render(same, count=differing))
    return notes


def exposure(
    context: typer.Context,
    folder: Folder,
    master: Master = LOCAL_MASTER,
    out: Out = None,
    shuffle_parts: ShuffleParts = None,
) -> None:
    """Find the direct exposure of every address of an export to categories of labels, by Spark.

    How much each address sent to, or received from, addresses of each category of label within
    one transaction, by the haircut share. A policy is a legal choice and a label an allegation.

        kancil bitcoin spark exposure chain-parquet --out exposure-parquet
    """
    door = Door(context, site=None)
    value = _ask(door, folder, master, out, shuffle_parts, find_exposure)
    value["notes"] = [
        render("note.spark-haircut"),
        render("note.spark-rounded"),
        render(
            "note.spark-exposure-left-out",
            unknown=value["left_out"]["input_value_not_known"],
            aside=value["left_out"]["set_aside"],
        ),
        render("note.label-allegation"),
    ]

    def text() -> None:
        door.screen.table(
            (
                render("name.spark-side"), render("name.spark-term"),
                render("name.spark-addresses") + ">", "Satoshi>",
                render("name.spark-rounded") + ">",
            ),
            [
                (render(f"note.spark-{row['side']}"), row["term"], grouped(row["addresses"]),
                 grouped(int(row["sat"])), grouped(row["rounded_down"]))
                for row in value["by_term"]
            ],
        )  # fmt: skip
        door.screen.table(
            (
                render("name.address"), render("name.spark-side"), render("name.spark-term"),
                "Satoshi>",
            ),
            [
                (_name(row), render(f"note.spark-{row['side']}"), row["term"],
                 grouped(int(row["sat"])))
                for row in value["most"]
            ],
        )  # fmt: skip
        _say_notes(door, value)

    door.show(value, text)


def patterns_count(
    context: typer.Context,
    folder: Folder,
    master: Master = LOCAL_MASTER,
    out: Out = None,
    shuffle_parts: ShuffleParts = None,
) -> None:
    """Count simple shapes of transactions by month over an export, by Spark.

    Transactions with many inputs, many outputs, or several outputs of one value, by month. Such
    shapes are ordinary; alone they say nothing.

        kancil bitcoin spark patterns-count chain-parquet
    """
    door = Door(context, site=None)
    value = _ask(door, folder, master, out, shuffle_parts, count_shapes)
    value["notes"] = [render("note.spark-shapes")]

    def text() -> None:
        names = ("transactions", "fan_in", "fan_out", "equal_outputs")
        door.screen.table(
            (
                render("name.spark-month"),
                *(render(f"name.spark-{name.replace('_', '-')}") + ">" for name in names),
            ),
            [(row["month"] or "?", *(grouped(row[name]) for name in names))
             for row in value["months"]],
        )  # fmt: skip
        _say_notes(door, value)

    door.show(value, text)


def _ask(
    door: Door,
    folder: Path,
    master: str,
    out: Path | None,
    shuffle_parts: int | None,
    job: Callable[..., dict[str, Any]],
) -> dict[str, Any]:
    """Check the export whole, run a job over it, and say of what the answer is."""
    refuse_existing(out)
    with door.screen.progress() as progress:
        checked = check_export(folder, progress)
    with spark_session(master, shuffle_parts=shuffle_parts) as session:
        answer = job(session, checked, out)
        version = str(session.version)
    about = checked.manifest.about
    return {
        "id": checked.sha256,
        "folder": str(folder),
        **{name: about[name] for name in ("network", "is_real_money", "whole", "scope")},
        **answer,
        "engine": {"name": "Apache Spark", "version": version, "master": master},
    }


def _name(row: dict[str, Any]) -> str:
    return str(row["address"] or row["script"])


def _say_notes(door: Door, value: dict[str, Any]) -> None:
    if not value["is_real_money"]:
        door.screen.title(render("note.watermark", network=value["network"]))
    if not value["whole"]:
        door.screen.say(render("note.export-part"))
    for note in value["notes"]:
        door.screen.say(note)
