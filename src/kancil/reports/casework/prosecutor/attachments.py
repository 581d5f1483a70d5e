"""The files inside the PDF: the tables and parameters that the bundle of the same analysis holds.

Their bytes are the bundle's own, so that a digest here and a digest there can be compared.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from kancil.custody.checkpoint import Checkpoint
from kancil.ground.words import render, render_phrase
from kancil.records.table import Table
from kancil.reports.casework.bundle.analyse import folder_of
from kancil.reports.casework.bundle.content_studies import title_of
from kancil.reports.casework.bundle.material_read import ANALYSIS, LABELS
from kancil.reports.casework.bundle.studies import ShownStudy
from kancil.reports.pdf.typeset import Attachment
from kancil.studies.trace.tables import COLUMNS

from .reported import FILE

CSV, JSON, TEXT, PEM = "text/csv", "application/json", "text/plain", "application/x-pem-file"


def attached_files(
    analysis: Mapping[str, bytes],
    labels: Sequence[str],
    checkpoint: Checkpoint,
    unit_key: bytes,
    studies: Sequence[ShownStudy] = (),
    reported: Sequence[Table] = (),
) -> list[Attachment]:
    """All files. `analysis`: members of a bundle; `labels`: names of the traces, in order.

    `reported`: what tables of others report; no part of the analysis.
    """
    files = []
    for number, label in enumerate(labels, 1):
        for name in COLUMNS:
            files.append(
                Attachment(
                    f"{label}-{name}.csv",
                    analysis[f"{folder_of(number)}{name}.csv"],
                    CSV,
                    render(f"note.pdf-file-{name.replace('_', '-')}", trace=label),
                )
            )
        files.append(
            Attachment(
                f"{label}-parameters.json",
                analysis[f"{folder_of(number)}parameters.json"],
                JSON,
                render("note.pdf-file-parameters", trace=label),
            )
        )
    for study in studies:
        files += _of_study(study)
    for table in reported:
        words = render("note.pdf-file-reported", table=render_phrase(table.title))
        files.append(Attachment(FILE.format(name=table.name), table.csv(), CSV, words))
    if LABELS in analysis:
        words = render("note.pdf-file-labels")
        files.append(Attachment("labels.csv", analysis[LABELS], CSV, words))
    files.append(
        Attachment("analysis.json", analysis[ANALYSIS], JSON, render("note.pdf-file-analysis"))
    )
    files.append(
        Attachment("checkpoint.txt", checkpoint.data, TEXT, render("note.pdf-file-checkpoint"))
    )
    files.append(Attachment("unit-key.pem", unit_key, PEM, render("note.pdf-file-unit-key")))
    return files


def _of_study(study: ShownStudy) -> list[Attachment]:
    """Each table of a study, and its recorded result to the byte."""
    result = study.cited.result
    files = [
        Attachment(
            f"{study.label}-{table.name}.csv",
            table.csv(),
            CSV,
            render("note.pdf-file-study-table", study=study.label, table=title_of(table)),
        )
        for table in (() if result is None else result.tables)
    ]
    words = render("note.pdf-file-study", study=study.label)
    return [*files, Attachment(f"{study.label}-result.json", study.cited.data, JSON, words)]
