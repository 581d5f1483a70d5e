"""The first real row of a table as a mapping would read it, before the mapping is whole.

An officer sees in one sentence who would have paid whom, and so whether columns are swapped.
"""

from __future__ import annotations

from dataclasses import replace

from kancil.records.transfer import StatedTransfer

from .column_mapping import ColumnMapping
from .draft import Draft
from .forms import any_time_form
from .moment import ZONE_UNKNOWN
from .stated import reader_of
from .table import Sniffed


def example_of(sniffed: Sniffed, mapping: ColumnMapping) -> StatedTransfer | None:
    """The first row that moves something; None where the mapping is too open to read one.

    What does not change who paid whom is filled in: the publisher, the zone, the words for done.
    Where day and month may be either, the row has no day.
    """
    time = mapping.time
    has_day = time is not None and bool(time.formats)
    if not has_day:
        time = any_time_form(Draft(sniffed, mapping).times())
    whole = replace(
        mapping,
        stated_by=mapping.stated_by or "?",
        time=None if time is None else replace(time, zone=time.zone or ZONE_UNKNOWN),
    )
    if mapping.done is None and "status" in mapping.columns:
        columns = {name: at for name, at in mapping.columns.items() if name != "status"}
        whole = replace(whole, columns=columns)
    if whole.missing() or not set(whole.used_columns()) <= set(sniffed.columns):
        return None
    read = reader_of(sniffed.columns, whole)
    for row in sniffed.rows:
        found = read(row)
        if isinstance(found, StatedTransfer) and found.amount.strip("0."):
            return found if has_day else replace(found, day=None)
    return None
