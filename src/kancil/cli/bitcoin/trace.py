"""The command that follows coins."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any, Literal, cast

import typer

from kancil.bitcoin.chain.chain import Chain
from kancil.bitcoin.tracing.trace import policy_named
from kancil.cli.frame.door import Door
from kancil.ground.clock import from_person
from kancil.ground.errors import OptionNotUsable
from kancil.ground.ids import TraceId, new_id
from kancil.ground.units import MAX_MONEY_SAT, btc_text, grouped
from kancil.ground.words import render
from kancil.studies.change.values import look_value
from kancil.studies.labels_used import LabelsUsed, load_labels
from kancil.studies.trace.asking import TraceInput, ask_trace
from kancil.studies.trace.cited import way_of
from kancil.studies.trace.run import TraceAnswer, coinjoins_met, run_trace

from .chains import ChainName, label_as_dict, open_chain

SHOWN_ROWS = 40
DIRECTIONS = ("forward", "backward")


def trace(
    context: typer.Context,
    chain: ChainName,
    start: Annotated[
        list[str],
        typer.Argument(help="TXID:N, a transaction, an address, or a table (.csv, .tsv)."),
    ],
    direction: Annotated[str, typer.Option(help="forward or backward.")] = "forward",
    policy: Annotated[
        str, typer.Option(help="poison, haircut, fifo or lifo; all are shown side by side.")
    ] = "haircut",
    why: Annotated[
        str, typer.Option(help="Why this policy: it is a legal choice, not a fact.")
    ] = "",
    hops: Annotated[
        int | None, typer.Option(help="Maximum transactions away from the start.")
    ] = None,
    min_sat: Annotated[int, typer.Option(help="Minimum amount to trace, in satoshi.")] = 0,
    since: Annotated[
        str | None, typer.Option(help="Only blocks from this time on, by the miner's clock.")
    ] = None,
    until: Annotated[str | None, typer.Option(help="Only blocks up to this time.")] = None,
    received_since: Annotated[
        str | None, typer.Option(help="An address's deposits from this time on; else --since.")
    ] = None,
    received_until: Annotated[
        str | None, typer.Option(help="An address's deposits up to this time; else --until.")
    ] = None,
    pass_services: Annotated[
        str | None,
        typer.Option(
            help="Trace on through labelled services, for this reason; later rows say so."
        ),
    ] = None,
    through_coinjoins: Annotated[
        bool,
        typer.Option("--through-coinjoins", help="Trace on through what looks like a CoinJoin."),
    ] = False,
    case: Annotated[
        str | None, typer.Option(help="Record the trace in this case: C1 or an id.")
    ] = None,
    fetch_list: Annotated[
        Path | None, typer.Option(help="Write the missing transactions (fetch list) to this file.")
    ] = None,
    all_rows: Annotated[bool, typer.Option("--all", help="Print every row.")] = False,
) -> None:
    """Trace coins forward or backward under a stated policy.

    START repeats, or is a table with the columns reference, start and share_sat. An address
    needs a time window or named deposits; else the answer says: all coins ever received here.
    Where an input's source is not held, a share is a lower and an upper bound with the reason.
    Stops at labelled services unless --pass-services says why not, and at what looks like a
    CoinJoin unless --through-coinjoins is given; a heuristic says so, with its reason and what is
    known of its error. Fees are not followed.

        kancil bitcoin trace main TXID:0 --policy fifo --case C1 --why 'order of the court'
    """
    door = Door(context)
    policy_named(policy)
    door.can_write(fetch_list)
    opened = open_chain(door, chain)
    zone = door.workspace.zone
    first = [from_person(each, zone) if each else None for each in (since, received_since)]
    last = [
        from_person(each, zone, end_of_day=True) if each else None
        for each in (until, received_until)
    ]
    question = ask_trace(
        opened,
        TraceInput(
            starts=tuple(start),
            policy=policy,
            why=why,
            direction=_direction(direction),
            hops=hops,
            min_sat=min_sat,
            since=first[0],
            until=last[0],
            received_since=first[1],
            received_until=last[1],
            pass_services=pass_services,
            through_coinjoins=through_coinjoins,
        ),
    )
    labels = load_labels(door.workspace.labels_dir, opened)
    with door.screen.progress() as progress:
        answer = run_trace(opened, labels, question, progress)
    recorded = _record(door, opened, labels, answer, case) if case else None
    value = {**_value(answer, recorded), "coinjoins": _coinjoins(opened, answer)}
    if fetch_list is not None:
        door.write(fetch_list, _fetch_text(value, door.training_word).encode())
    door.show(value, lambda: _show(door, opened, answer, value, all_rows=all_rows))


def _direction(text: str) -> Literal["forward", "backward"]:
    if text not in DIRECTIONS:
        raise OptionNotUsable(option="--direction", value=text[:40], why=", ".join(DIRECTIONS))
    return cast("Literal['forward', 'backward']", text)


def _record(
    door: Door, chain: Chain, labels: LabelsUsed, answer: TraceAnswer, case: str
) -> dict[str, Any]:
    """Write the trace's ledger entry and keep its rows in the workspace."""
    found = door.roll.case(case)
    from kancil.desk.cases.actions import keep_trace  # once the roll has opened the desk

    trace_id = TraceId(new_id())
    entry = keep_trace(
        door.ledger,
        door.workspace,
        case=found.id,
        trace=trace_id,
        provenance=answer.provenance(chain, labels),
        result_sha256=answer.digest,
        rows=answer.as_dict(),
        by=door.acting(),
    )
    return {
        "id": trace_id,
        "label": f"T{entry.body['number']}",
        "case": found.id,
        "result_sha256": answer.digest,
        "case_label": found.label,
        "entry": entry.n,
    }


def _value(answer: TraceAnswer, recorded: dict[str, Any] | None) -> dict[str, Any]:
    labels = [
        {"row": number, "address": label.address, **label_as_dict(label)}
        for number, label in enumerate(answer.labels, 1)
    ]
    value = {"id": None, **answer.as_dict(), "labels": labels, "result_sha256": answer.digest}
    return {**value, **(recorded or {})}


def _coinjoins(chain: Chain, answer: TraceAnswer) -> list[dict[str, Any]]:
    """The transactions of which heuristics speak: where the trace stopped, and on its way."""
    return [
        {"txid": met.txid, "hop": met.hop, "is_stop": met.is_stop, **look_value(met.look)}
        for met in coinjoins_met(chain, answer)
    ]


def _show_coinjoins(door: Door, rows: list[dict[str, Any]], *, all_rows: bool) -> None:
    """Where the trace stops at what looks like a CoinJoin, what it goes through, and why."""
    say = door.screen.say
    found = [row for row in rows if row["rule"]]
    for row in found if all_rows else found[:SHOWN_ROWS]:
        manner = row["says"] if row["answer"] == "yes" else row["answer"]
        way = way_of(manner, is_stop=row["is_stop"])
        say(
            render(
                f"note.trace-met-{way}",
                txid=row["txid"],
                hop=row["hop"],
                heuristic=row["heuristic"],
                version=row["version"],
                rule=row["rule"],
                why=row["why"]["sentence"],
                error=row["error"],
            )
        )
        if row["in_period"] is False:
            period = row["period"]
            words = {name: period[name] or "-" for name in ("first", "last", "again")}
            say(render("note.look-outside-period", heuristic=row["heuristic"], **words))
    if len(found) > SHOWN_ROWS and not all_rows:
        say(render("note.more-rows", count=len(found) - SHOWN_ROWS))
    stops = {row["txid"] for row in found if row["is_stop"]}
    passed = {row["txid"] for row in found if row["says"] == "coinjoin"} - stops
    if stops:
        say(render("note.trace-stops", count=len(stops)))
    if passed:
        say(render("note.trace-coinjoins", count=len(passed)))
    if left := {row["txid"] for row in rows if row["answer"] == "unknown"}:
        say(render("note.trace-coinjoin-unknown", count=len(left)))


def _fetch_text(value: dict[str, Any], mark: str) -> str:
    """One transaction or output a line; `mark`: what a remark before them says, if anything."""
    lines = [f"# {mark}"] if mark else []
    lines += [f"{row['kind']} {row['outpoint']}" for row in value["fetch_list"]]
    return "".join(line + "\n" for line in lines)


def _show(
    door: Door, chain: Chain, answer: TraceAnswer, value: dict[str, Any], *, all_rows: bool
) -> None:
    screen, question = door.screen, answer.question
    start_sat = answer.chosen.totals.start
    screen.title(
        render(
            f"trace.title-{question.direction}",
            btc=btc_text(start_sat),
            count=len(question.paid_in),
        )
    )
    if question.all_coins_ever:
        screen.say(render("note.all-coins-ever"))
    if question.change:
        screen.say(render("note.own-change", count=len(question.change)))
    if value.get("label") and not question.policy_reason:
        screen.say(render("note.no-policy-reason"))
    if value.get("label"):
        screen.say(render("done.trace", label=value["label"], case=value["case_label"]))
    _show_policies(door, value["policies"], question.policy)
    is_backward = question.direction == "backward"
    _show_transfers(door, value["transfers"], is_backward=is_backward, all_rows=all_rows)
    _show_ends(door, value, all_rows=all_rows)
    _show_coinjoins(door, value["coinjoins"], all_rows=all_rows)
    for label in value["labels"]:
        screen.say(f"[{label['row']}] {label['address']}: " + render("note.label-says", **label))
    if value["labels"]:
        screen.say(render("note.label-allegation"))
    if value["fetch_list"]:
        screen.say(render("note.fetch-list", count=len(value["fetch_list"])))
    screen.say(render("note.scope", scope=chain.scope))
    screen.say(render("note.policy-is-a-choice"))
    screen.say(render("note.block-time"))


def _bounds(row: dict[str, Any], name: str) -> str:
    if row["adds_up"] == "no":
        return render("note.not-summed")
    lower, upper = int(row[f"{name}_lower_sat"]), int(row[f"{name}_upper_sat"])
    return grouped(lower) if lower == upper else f"{grouped(lower)} – {grouped(upper)}"


def _share(row: dict[str, Any]) -> str:
    lower, upper = int(row["lower_sat"]), int(row["upper_sat"])
    if upper >= MAX_MONEY_SAT:
        return render("note.up-to-all", lower=grouped(lower))
    return grouped(lower) if lower == upper else f"{grouped(lower)} – {grouped(upper)}"


_PARTS = ("overlap", "resting", "newly_issued", "unknown_source", "fees", "left_out")


def _show_policies(door: Door, rows: list[dict[str, Any]], chosen: str) -> None:
    """Print all policies side by side, leaving out columns that are zero everywhere."""
    parts = [part for part in _PARTS if any(row[f"{part}_upper_sat"] != "0" for row in rows)]
    columns = [
        render("name.policy"),
        *(render("name." + part.replace("_", "-")) + ">" for part in parts),
    ]
    columns.append(render("name.undetermined") + ">")
    door.screen.table(
        columns,
        [
            [
                ("▸ " if row["policy"] == chosen and row["order"] == "as-written" else "  ")
                + row["policy"]
                + (f" ({render('note.reversed')})" if row["order"] == "reversed" else ""),
                *(_bounds(row, part) for part in parts),
                render("note.not-summed")
                if row["adds_up"] == "no"
                else grouped(int(row["undetermined_sat"])),
            ]
            for row in rows
        ],
    )
    if any(row["adds_up"] == "no" for row in rows):
        door.screen.say(render("note.poison-no-sum"))


def _show_transfers(
    door: Door, rows: list[dict[str, Any]], *, is_backward: bool, all_rows: bool
) -> None:
    """Print the rows in the direction of the question, and under them why bounds are bounds."""
    shown = rows if all_rows else rows[:SHOWN_ROWS]
    end = "from_outputs" if is_backward else "to_output"
    door.screen.table(
        (
            "Row>", "Hop>", "Transaction", render("name.from" if is_backward else "name.to"),
            "Satoshi>", "Of these>", "Address",
        ),
        [
            (
                str(row["row"]),
                str(row["hop"]),
                row["txid"],
                _end(row[end], is_backward=is_backward),
                "?" if row["value_sat"] is None else grouped(int(row["value_sat"])),
                _share(row),
                (row["address"] or "-")
                + (f" [{row['labels']}]" if row["labels"] else "")
                + (" " + render("note.after-service") if row["after_service"] == "yes" else ""),
            )
            for row in shown
        ],
    )  # fmt: skip
    for reason in dict.fromkeys(row["reason"] for row in shown if row["reason"]):
        door.screen.say(render(f"note.bounds-{reason}"))
    if len(rows) > len(shown):
        door.screen.say(render("note.more-rows", count=len(rows) - len(shown)))


def _end(outpoint: str, *, is_backward: bool) -> str:
    if is_backward or not outpoint:
        return outpoint or "-"
    return ":" + outpoint.rpartition(":")[2]


def _show_ends(door: Door, value: dict[str, Any], *, all_rows: bool) -> None:
    holdings = value["holdings"] if all_rows else value["holdings"][:SHOWN_ROWS]
    door.screen.table(
        ("Ends at", "Satoshi of these>", "Address", "State"),
        [
            (
                row["output"] or "-",
                _share(row),
                (row["address"] or "-") + (f" [{row['labels']}]" if row["labels"] else ""),
                render(f"note.rests-{row['state']}"),
            )
            for row in holdings
        ],
    )
    for row in value["left_out"] if all_rows else value["left_out"][:SHOWN_ROWS]:
        door.screen.say(
            render(
                "note.left-out-row",
                output=row["output"],
                share=_share(row),
                limit=render(f"note.stopped-{row['limit']}"),
            )
        )
