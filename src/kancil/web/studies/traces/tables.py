"""The tables of a trace on its page: a part at a time, both parties, local time, fiat value."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.http import HttpRequest
from django.urls import reverse

from kancil.bitcoin.chain.chain import Chain
from kancil.desk.cases.queries import Case, Trace
from kancil.ground.phrase import Phrase
from kancil.studies.fiat_value import Worth
from kancil.studies.trace.run import TraceAnswer, rows_as_dicts
from kancil.web.cells import Section, identifier, link, number, table, tag
from kancil.web.cells import choosing as choosing_table
from kancil.web.parts import Cell, Minute, Several, Tag, Tick
from kancil.web.studies.chain_cells import outpoint_cell, party_cell, tx_cell
from kancil.web.studies.findings.choosing import AT_ONCE
from kancil.web.studies.recorded import share
from kancil.web.studies.result_page import once, paged, part_of
from kancil.web.studies.worths import worth_cell

_PARTS = ("resting", "newly_issued", "unknown_source", "fees", "left_out")
_MOST_PARTIES = 3


class TraceTables:
    """A trace's tables for one request."""

    def __init__(
        self, request: HttpRequest, case: Case, found: Trace, chain: Chain, answer: TraceAnswer,
        worth: Worth, *, acts: bool,
    ) -> None:  # fmt: skip
        """`acts`: whether the reader may make findings."""
        self.request = request
        self.case, self.found = case, found
        self.chain, self.answer, self.worth = chain, answer, worth
        self.acts = acts

    def transfers(self) -> list[Section]:
        """Each transfer: when, from whom, to whom, how much of the coins, and their value."""
        part = part_of(self.request, self.answer.tables["transfers"])
        columns: tuple[str, ...] = ("row>", "local-time", "transaction", "from", "to", "share>")
        columns += ("worth>",) if self.worth.currencies else ()
        shown = [self._transfer(row) for row in rows_as_dicts("transfers", list(part))]
        if not self.acts:
            found = table("web.trace.transfers", columns, shown)
        else:
            found = choosing_table(
                "web.trace.transfers", ("take", *columns, "do"), shown, submit="web.select.go",
                text=Phrase("web.select.of-table", {"most": AT_ONCE}),
                action=reverse("trace_select", kwargs=self._given), is_asking=True,
            )  # fmt: skip
        return [{**paged(found, part, "transfers"), "more": self._file("transfers")}]

    def _transfer(self, row: dict[str, Any]) -> tuple[Cell, ...]:
        moment = _time_of(row)
        is_back = self.answer.question.direction == "backward"
        linked = self._parties(row["from_outputs"])
        target = self._parties(row["to_output"])
        own = self._party(row, "from_outputs" if is_back else "to_output")
        number_of = int(row["row"])
        cells: list[Cell] = [
            number(number_of),
            Minute(moment) if moment else Phrase("note.no-block"),
            tx_cell(self.chain.name, row["txid"]),
            own if is_back else linked,
            target if is_back else own,
            share(row["lower_sat"], row["upper_sat"]),
        ]
        if self.worth.currencies:
            bounds = int(row["lower_sat"]), int(row["upper_sat"])
            cells.append(worth_cell(self.worth, *bounds, moment))
        if self.acts:
            cells.insert(0, Tick("row", str(number_of),
                                 Phrase("web.select.take", {"row": number_of})))  # fmt: skip
            url = reverse("finding_new", kwargs=self._given)
            cells.append(link(f"{url}?row={number_of}", Phrase("web.finding.make")))
        return tuple(cells)

    def now(self) -> list[Section]:
        """Where the coins are now: unspent, from elsewhere, or not followed further and why."""
        rows = [
            *(("state", row) for row in rows_as_dicts("holdings", self.answer.tables["holdings"])),
            *(("limit", row) for row in rows_as_dicts("left_out", self.answer.tables["left_out"])),
        ]
        part = part_of(self.request, rows)
        shown = [
            (
                share(row["lower_sat"], row["upper_sat"]),
                self._party(row, "output"),
                self._end(kind, row),
                outpoint_cell(self.chain.name, row["output"]),
            )
            for kind, row in part
        ]
        columns = ("share>", "address", "state", "output")
        found = table("web.trace.where-now", columns, shown)
        return [{**paged(found, part, "now"), "more": self._file("holdings")}]

    def _end(self, kind: str, row: dict[str, Any]) -> Cell:
        if kind == "limit":
            return tag("warn", f"note.stopped-{row['limit']}")
        is_unknown = row["state"] == "unknown-source"
        return tag("unknown" if is_unknown else "service", f"note.rests-{row['state']}")

    def policies(self) -> Section:
        """The sums under every policy, the chosen one marked."""
        rows = rows_as_dicts("totals", self.answer.tables["totals"])
        shown = [part for part in _PARTS if any(row[f"{part}_upper_sat"] != "0" for row in rows)]
        chosen = self.answer.question.policy
        return table(
            "web.trace.policies",
            ("policy", "order", *(f"{part.replace('_', '-')}>" for part in shown)),
            [
                (
                    tag("service", f"web.policy.{row['policy']}")
                    if row["policy"] == chosen
                    else Phrase(f"web.policy.{row['policy']}"),
                    Phrase(f"web.order.{row['order']}"),
                    *(
                        Phrase("note.not-summed")
                        if row["adds_up"] == "no"
                        else share(row[f"{part}_lower_sat"], row[f"{part}_upper_sat"])
                        for part in shown
                    ),
                )
                for row in rows
            ],
        )

    def missing(self) -> list[Section]:
        """Transactions that would have to be got to go on; nothing where there are none."""
        rows = rows_as_dicts("fetch_list", self.answer.tables["fetch_list"])
        if not rows:
            return []
        part = part_of(self.request, rows)
        shown = [(row["kind"], identifier(row["outpoint"])) for row in part]
        found = table("web.trace.fetch", ("kind", "output"), shown)
        return [{**paged(found, part, "limits"), "more": self._file("fetch_list")}]

    # --- who ---

    def _party(self, row: dict[str, Any], column: str) -> Cell:
        """Whom an output pays, with what publishers say of it."""
        cell = party_cell(self.chain, str(row[column] or "").split(" ")[0])
        labels = [self.answer.labels[int(each) - 1] for each in str(row["labels"] or "").split()]
        if not labels:
            return cell
        told = dict.fromkeys((label.publisher, label.label, bool(label.law)) for label in labels)
        said = [
            Tag("danger" if is_law else "service",
                Phrase("web.labels.says", {"publisher": publisher, "label": label}))
            for publisher, label, is_law in list(told)[:_MOST_PARTIES]
        ]  # fmt: skip
        return Several([cell, *said])

    def _parties(self, outpoints: str) -> Cell:
        """Whom several outputs pay: the first ones, and how many there are besides."""
        cells = once(party_cell(self.chain, each) for each in (outpoints or "").split())
        if len(cells) < 2:
            return cells[0] if cells else Phrase("note.newly-issued-coins")
        more = len(cells) - _MOST_PARTIES
        left = [Phrase("web.trace.more-parties", {"count": more})] if more > 0 else []
        return Several([*cells[:_MOST_PARTIES], *left])

    @property
    def _given(self) -> dict[str, int]:
        return {"case": self.case.number, "trace": self.found.number}

    def _file(self, name: str) -> dict[str, Any]:
        url = reverse("trace_rows", kwargs={**self._given, "name": name})
        return {"url": url, "text": Phrase("web.cut.file")}


def _time_of(row: dict[str, Any]) -> datetime | None:
    """The block time of a row; None where it has no block."""
    return datetime.fromisoformat(row["block_time"]) if row["block_time"] else None
