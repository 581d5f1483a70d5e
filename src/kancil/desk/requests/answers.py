"""What an answer brings: identifiers of its tables that stand elsewhere in the case too."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from kancil.desk.custody.store import DeskLedger
from kancil.desk.selectors.models import Origin, Sighting
from kancil.ground.ids import CaseId

from .begun import places_of

MOST_MET = 8


def met_elsewhere(
    ledger: DeskLedger, case: CaseId, sources: Sequence[str]
) -> list[tuple[str, str]]:
    """Identifiers that these tables name and something else of the case names too, with its places.

    `sources`: numbers of the entries that record the readings of the tables.
    """
    if not sources:
        return []
    ours = Sighting.objects.filter(case_id=case, source__in=sources)
    others = Sighting.objects.filter(case_id=case).exclude(source__in=sources)
    others = others.exclude(origin=Origin.WATCH).filter(value__in=ours.values("value"))
    places = places_of(ledger, case)
    found: defaultdict[str, list[str]] = defaultdict(list)
    for each in others.order_by("value", "source")[: 20 * MOST_MET]:
        label = places.get(each.source, ("", ""))[0]
        if label and label not in found[each.value]:
            found[each.value].append(label)
    return [(value, ", ".join(labels)) for value, labels in found.items() if labels][:MOST_MET]
