"""The finding of one transfer of a trace: how much came there under the policy."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from kancil.records.finding import Finding, FindingClass


def amount_finding(
    row: Mapping[str, Any], *, policy: str, policy_version: str, start_sat: str, is_backward: bool
) -> Finding:
    """State the amount of a row of a trace's transfers under its policy."""
    params = {name: str(row[name]) for name in ("hop", "to_output", "from_outputs")}
    params["address"] = str(row["address"] or "")
    params |= {"start_sat": start_sat, "policy": policy, "policy_version": policy_version}
    code = "traced-source" if is_backward else "traced-amount"
    if row["lower_sat"] == row["upper_sat"]:
        params["amount_sat"] = str(row["lower_sat"])
        return Finding(FindingClass.POLICY_RESULT, f"{code}-determined", params)
    params |= {name: str(row[name]) for name in ("lower_sat", "upper_sat")}
    return Finding(FindingClass.POLICY_RESULT, code, params)
