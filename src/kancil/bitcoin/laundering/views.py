"""Patterns and what they found, in the form of `--json` and of pages: ids, times, addresses, words.

From rows of the columns (`kancil.bitcoin.laundering.search`); words are keys, rendered by the
doors.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from kancil.bitcoin.chain.chain import Chain
from kancil.bitcoin.chain.views import time_text
from kancil.ground.plain import plain

from .pattern import PROVES_NOTHING, Findings, Found, Pattern

MOST_ROWS = 200
"""Transactions, and outputs, of one finding that are listed. Ours."""


def about(member: Pattern, chosen: Mapping[str, int]) -> dict[str, Any]:
    """What must stand beside every finding of a pattern."""
    indicator = member.indicator
    return {
        "name": member.name,
        "version": member.version,
        "definition": f"method.pattern-{member.name}.1",
        "innocent": f"method.pattern-{member.name}.2",
        "error": f"method.pattern-{member.name}.3",
        "proves_nothing": PROVES_NOTHING,
        "typology": member.typology,
        "source": member.source,
        "needs": sorted(member.needs),
        "indicator": {
            "source": indicator.source,
            "section": indicator.section,
            "words": f"note.indicator-{member.name}",
            "checked": "yes" if indicator.is_checked else "no",
            "compared": indicator.checked.value,
            "told_by": indicator.told_by,
        },
        "parameters": [
            {
                "name": each.name,
                "unit": each.unit.value,
                "value": chosen[each.name],
                "default": each.default,
                "default_from": each.origin.value,
                "why": f"why.param-{member.name}-{each.name}",
            }
            for each in member.parameters
        ],
    }


def findings_view(chain: Chain, member: Pattern, findings: Findings) -> dict[str, Any]:
    """A pattern with all it found that is told."""
    return {
        **about(member, findings.chosen),
        "total": findings.total,
        "shown": len(findings.found),
        "more": findings.total - len(findings.found),
        "notes": plain(findings.notes),
        "findings": [found_view(chain, one) for one in findings.found],
    }


def found_view(chain: Chain, found: Found) -> dict[str, Any]:
    """One finding: the reason with its values, and the rows it rests on."""
    times = [int(chain.graph.tx_time[step.tx]) for step in found.steps]
    known = [time for time in times if time >= 0]
    steps = found.steps[:MOST_ROWS]
    outputs = found.outputs[:MOST_ROWS]
    return {
        "pattern": found.pattern,
        "version": found.version,
        "rule": found.rule,
        "at": chain.txid(found.at),
        "why": plain(found.why),
        "proves_nothing": PROVES_NOTHING,
        "value_sat": str(found.value_sat),
        "first": time_text(min(known, default=None)),
        "last": time_text(max(known, default=None)),
        "facts": dict(found.facts),
        "transactions": [{"role": step.role, **chain.place_of_tx(step.tx)} for step in steps],
        "transactions_total": len(found.steps) + found.more,
        "outputs": [
            {
                "outpoint": chain.outpoint(one),
                "value_sat": str(int(chain.columns.output_value[one])),
                "address": chain.address_of(one),
            }
            for one in outputs
        ],
        "outputs_total": len(found.outputs),
    }
