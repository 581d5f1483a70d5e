"""Tables that leave as files: CSV in which no cell runs as a formula."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from django.http import HttpResponse

from kancil.assessment.export import safe_table
from kancil.ground.cells import Cell
from kancil.ground.files import plain_name


def csv_answer(name: str, columns: Sequence[str], rows: Iterable[Sequence[Cell]]) -> HttpResponse:
    """Answer with a table as a file to be kept; `name`: of the file, without its ending."""
    answer = HttpResponse(safe_table(columns, rows), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{plain_name(name, 80)}.csv"'
    return answer
