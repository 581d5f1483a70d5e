"""Which findings of a case were accepted before: the same sentence twice proves nothing more."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from kancil.desk.custody.store import DeskLedger
from kancil.ground import canonical
from kancil.ground.ids import CaseId
from kancil.records.finding import REMARK

KINDS = ("finding.accepted", "finding.withdrawn")


class Accepted:
    """The findings of a case that stand: accepted, and withdrawn by nobody."""

    def __init__(self, ledger: DeskLedger, case: CaseId) -> None:
        """Read the case's findings once, for all that are compared with them."""
        self._numbers: dict[bytes, int] = {}
        entries = list(ledger.case_entries(case, *KINDS))
        gone = {each.body["finding"] for each in entries if each.kind == "finding.withdrawn"}
        for each in entries:
            if each.kind == "finding.accepted" and each.body["finding"] not in gone:
                self._numbers.setdefault(_says(each.body), int(each.body["number"]))

    def number_of(self, body: Mapping[str, Any]) -> int | None:
        """The number of the first finding that says the same, whatever the remark or language."""
        return self._numbers.get(_says(body))


def _says(body: Mapping[str, Any]) -> bytes:
    """What a finding says, apart from what its officer added."""
    params = {name: value for name, value in body["params"].items() if name != REMARK}
    return canonical.dumps({"class": body["class"], "code": body["code"], "params": params})
