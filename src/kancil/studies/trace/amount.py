"""The finding of one transfer of a trace: how much came there under the policy."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from kancil.records.finding import Finding, FindingClass
from kancil.studies.sums import require_most

from .sums import bounds_of, require_sums


def amount_finding(
    row: Mapping[str, Any], *, policy: str, policy_version: str, totals: Mapping[str, Any],
    is_backward: bool,
) -> Finding:  # fmt: skip
    """State the amount of a row of a trace's transfers under its policy.

    `totals`: the sums under that policy, which the amount is a part of. Raises SumsWrong where it
    cannot be one, or where they do not add up.
    """
    require_sums([totals])
    start_sat = str(totals["start_sat"])
    if totals["adds_up"] == "yes":
        require_most(f"{policy}, {row['row']}", int(start_sat), bounds_of(row))
    params = {name: str(row[name]) for name in ("hop", "to_output", "from_outputs")}
    params["address"] = str(row["address"] or "")
    params |= {"start_sat": start_sat, "policy": policy, "policy_version": policy_version}
    code = "traced-source" if is_backward else "traced-amount"
    if row["lower_sat"] == row["upper_sat"]:
        params["amount_sat"] = str(row["lower_sat"])
        return Finding(FindingClass.POLICY_RESULT, f"{code}-determined", params)
    params |= {name: str(row[name]) for name in ("lower_sat", "upper_sat")}
    return Finding(FindingClass.POLICY_RESULT, code, params)
