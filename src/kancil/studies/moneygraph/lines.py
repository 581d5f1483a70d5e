"""The words on nodes and edges, the same in picture, file and table.

Other people's text stays text: it is cut, put on one line, and can steer nothing.
"""

from __future__ import annotations

from collections.abc import Sequence

from kancil.bitcoin.labels.label import Label
from kancil.bitcoin.tracing.result import Bounds
from kancil.ground.units import MAX_MONEY_SAT, grouped
from kancil.ground.words import harmless, render
from kancil.studies.amounts import btc, btc_range, sat_range, short, short_outpoint
from kancil.studies.drawing.box_words import AMOUNT, NAME, PLAIN, TITLE, Line, days

from .clustered import OneCluster
from .model import Amount, ToldLabel
from .parts import BELOW, CHAIN, JUNCTION, STAGE, START, TX, Part

LONGEST = 26
LONGEST_LABEL = 300
TRANSACTIONS = (TX, CHAIN, STAGE, BELOW, JUNCTION)
MOST_TRACES = 3
"""Traces whose shares stand in one box; the panel tells all."""


def plain(text: str, most: int = LONGEST_LABEL) -> str:
    """Put other people's text on one line, without marks that turn or hide what follows."""
    flat = " ".join(harmless(text).split())
    return flat if len(flat) <= most else flat[: most - 1].rstrip() + "\u2026"


def told(label: Label) -> ToldLabel:
    """A label as it stands beside a node."""
    return ToldLabel(
        label=plain(label.label),
        publisher=plain(label.publisher),
        category=plain(label.category or label.published_category),
        law=plain(label.law),
        listed_on=label.listed_on.isoformat() if label.listed_on else "",
        fetched_on=label.fetched_on.isoformat() if label.fetched_on else "",
        source=plain(label.source),
        is_service=label.is_service,
    )


def amount_text(amount: Amount) -> str:
    """Write an amount: the share where a policy tells one, else the whole outputs' value."""
    if amount.share is not None:
        return bounds_text(amount.share)
    if amount.value_sat is not None:
        return btc(amount.value_sat)
    return render("note.graph-amount-unknown")


def bounds_text(bounds: Bounds) -> str:
    """Write bounds; where nothing limits the upper one, say so instead of 21 million."""
    if bounds.upper >= MAX_MONEY_SAT:
        return render("note.graph-up-to-all", lower=btc(bounds.lower))
    return btc_range(bounds.lower, bounds.upper)


def difference_text(difference: Bounds) -> str:
    """Write how much more or less the second policy says."""
    lower, upper = _signed(difference.lower), _signed(difference.upper)
    return lower if lower == upper else f"{lower} \u2026 {upper}"


def _signed(value_sat: int) -> str:
    sign = "+" if value_sat > 0 else "\u2212" if value_sat < 0 else "\u00b1"
    return sign + btc(abs(value_sat)).removesuffix(" BTC")


def second_text(amount: Amount, policy: str) -> str:
    """Write what the second policy says; empty where it says the same or amounts do not add up."""
    if amount.second is None or amount.second == amount.share:
        return ""
    said = render("note.graph-second", policy=policy, amount=bounds_text(amount.second))
    if amount.difference is None:
        return said
    return f"{said} ({difference_text(amount.difference)})"


class Writer:
    """Writes the lines of nodes for one picture."""

    def __init__(self, *, is_backward: bool, is_traced: bool, second: str) -> None:
        """Take what the words depend on; `second`: the second policy, empty if none."""
        self._is_backward = is_backward
        self._is_traced = is_traced
        self._second = second

    def lines(
        self,
        part: Part,
        amount: Amount,
        times: Sequence[str],
        hops: Sequence[int],
        fees: Bounds | None,
        labelled: int,
        labels: Sequence[Label],
        names: tuple[str, str],
    ) -> tuple[Line, ...]:
        """The lines of a node; `names`: txid or outpoint, and address, where it has one."""
        if part.kind in TRANSACTIONS:
            lines = self._transactions(part, times, hops, fees, names[0])
            if part.kind != TX:
                lines += self._comes_in(amount)
        else:
            lines = self._coins(part, amount, labels, names)
        if labelled and (len(part.strands) > 1 or part.kind in TRANSACTIONS):
            lines.append(Line(PLAIN, render("note.graph-box-labelled", count=grouped(labelled))))
        return tuple(lines)

    def _transactions(
        self,
        part: Part,
        times: Sequence[str],
        hops: Sequence[int],
        fees: Bounds | None,
        txid: str,
    ) -> list[Line]:
        if part.kind == TX:
            title = render("note.report-box-transaction")
            lines = [Line(TITLE, title), Line(NAME, short(txid))]
        else:
            far = f"{hops[0]}\u2013{hops[-1]}" if hops[0] != hops[-1] else str(hops[0])
            lines = [
                Line(TITLE, render(f"note.graph-box-{part.kind}", count=grouped(len(part.txs)))),
                Line(PLAIN, render("note.report-box-hops", hops=far)),
            ]
        day = days(list(times)) if times else render("note.report-no-block")
        lines.append(Line(PLAIN, day))
        if fees is not None and fees.upper:
            amount = sat_range(fees.lower, fees.upper)
            lines.append(Line(PLAIN, render("note.report-box-fee", amount=amount)))
        return lines

    def _comes_in(self, amount: Amount) -> list[Line]:
        if amount.share is None and amount.value_sat is None:
            return []
        return [Line(PLAIN, render("note.graph-box-in", amount=amount_text(amount)))]

    def _coins(
        self, part: Part, amount: Amount, labels: Sequence[Label], names: tuple[str, str]
    ) -> list[Line]:
        count = len(part.strands)
        lines: list[Line] = []
        if part.state == START:
            lines.append(Line(TITLE, self._start_title(count)))
        lines += self._amount(amount, count)
        lines += label_lines(labels)
        if count > 1 and part.state != START:
            lines.append(Line(TITLE, render("note.report-box-ends", count=grouped(count))))
        if count == 1:
            outpoint, address = names
            if address or outpoint:
                lines.append(Line(NAME, short(address) or short_outpoint(outpoint)))
        state = part.strands[0].state if part.state == START else part.state
        if state and (count == 1 or part.state != START):
            lines.append(Line(PLAIN, render(f"note.report-end-{state}")))
        elif not state and part.kind == "output":
            lines.append(Line(PLAIN, render("note.graph-box-passed")))
        return lines

    def cluster_lines(
        self,
        told: OneCluster,
        part: Part,
        amount: Amount,
        staying: Amount | None,
        times: Sequence[str],
        fees: Bounds | None,
    ) -> tuple[Line, ...]:
        """The lines of a cluster's node; `staying`: what it is not seen here to pay on."""
        lines = [
            Line(TITLE, render("note.graph-box-cluster", count=grouped(told.size))),
            Line(PLAIN, render("note.graph-box-not-proved")),
            Line(NAME, short(told.name)),
            Line(PLAIN, render("note.graph-box-addresses", count=grouped(part.addresses))),
        ]
        if told.labelled:
            count = grouped(told.labelled)
            lines.append(Line(PLAIN, render("note.graph-box-cluster-labels", count=count)))
            labels = [label for _, label in told.labels]
            lines += label_lines(labels)
        if times:
            lines.append(Line(PLAIN, days(list(times))))
        if part.txs:
            count = grouped(len(part.txs))
            lines.append(Line(PLAIN, render("note.graph-box-cluster-txs", count=count)))
        if fees is not None and fees.upper:
            text = sat_range(fees.lower, fees.upper)
            lines.append(Line(PLAIN, render("note.report-box-fee", amount=text)))
        lines += self._comes_in(amount)
        if staying is not None:
            text = amount_text(staying)
            lines.append(Line(PLAIN, render("note.graph-box-stays", amount=text)))
        return tuple(lines)

    def _start_title(self, count: int) -> str:
        key = "note.report-box-target" if self._is_backward else "note.report-box-start"
        if count > 1:
            key += "s"
        return render(key, count=grouped(count))

    def _amount(self, amount: Amount, count: int) -> list[Line]:
        if amount.share is None and amount.value_sat is not None and amount.unknown:
            text = render("note.graph-at-least", amount=btc(amount.value_sat))
        else:
            text = amount_text(amount)
        lines = [Line(AMOUNT, on_chain(text, amount))]
        if self._is_traced and amount.share is None:
            lines.append(Line(PLAIN, render("note.report-box-not-summed")))
        if amount.unknown and count > 1:
            unknown = render("note.graph-values-unknown", count=grouped(amount.unknown))
            lines.append(Line(PLAIN, unknown))
        second = second_text(amount, self._second)
        return [*lines, Line(PLAIN, second)] if second else lines


def edge_words(amount: Amount, count: int, second: str, *, after_service: bool) -> tuple[str, ...]:
    """The words beside an edge."""
    words = [amount_text(amount).removesuffix(" BTC")]
    if count > 1:
        words[0] += f" ({grouped(count)})"
    if told_second := second_text(amount, second):
        words.append(told_second)
    if after_service:
        words.append(render("note.graph-after-service"))
    return tuple(words)


def party_lines(told: Sequence[str]) -> tuple[Line, ...]:
    """The lines of who paid or was paid; the last of `told` is who states it."""
    *names, publisher = told
    lines = [Line(TITLE, plain(names[0], LONGEST))]
    lines += [Line(NAME, short(plain(name))) for name in names[1:]]
    said = render("note.graph-stated-by", publisher=plain(publisher))
    return (*lines, Line(PLAIN, plain(said, LONGEST)))


def label_lines(labels: Sequence[Label]) -> list[Line]:
    """Name the label that weighs most, and who says so, where all say the same."""
    if not labels:
        return []
    told_first = min(labels, key=lambda label: (not label.law, not label.is_service))
    same = {(label.label, label.publisher) for label in labels}
    if len(same) > 1 and not told_first.law and not told_first.is_service:
        return [Line(TITLE, render("note.graph-labels-differ", count=grouped(len(same))))]
    said = render("note.report-box-says", publisher=plain(told_first.publisher))
    return [Line(TITLE, plain(told_first.label, LONGEST)), Line(PLAIN, plain(said, LONGEST))]


def address_lines(
    part: Part,
    address: str,
    amount: Amount,
    resting: Amount | None,
    labels: Sequence[Label],
    times: Sequence[str],
) -> tuple[Line, ...]:
    """The lines of an address's node; `resting`: what of it is unspent in the blocks held."""
    lines = [Line(TITLE, render("note.report-box-start", count=1))] if part.state == START else []
    lines += [*label_lines(labels), Line(NAME, short(address))]
    lines.append(Line(AMOUNT, on_chain(amount_text(amount), amount)))
    count = len(part.strands) + len(part.inside)
    if count > 1:
        lines.append(Line(PLAIN, render("note.canvas-box-outputs", count=grouped(count))))
    if times:
        lines.append(Line(PLAIN, days(list(times))))
    if resting is not None:
        lines.append(Line(PLAIN, render("note.canvas-box-unspent", amount=amount_text(resting))))
    return tuple(lines)


def junction_lines(txid: str, times: Sequence[str]) -> tuple[Line, ...]:
    """The lines of a transaction of which the chain does not settle who paid whom."""
    when = [Line(PLAIN, days(list(times)))] if times else []
    return (Line(NAME, short(txid)), *when)


def on_chain(text: str, amount: Amount) -> str:
    """The amount of a box, called the chain's where several traces each say their own below."""
    return render("note.canvas-box-on-chain", amount=text) if amount.traced else text


def traced_lines(amount: Amount, *, is_told: bool) -> tuple[Line, ...]:
    """What each of several traces says of a box, the first few; `is_told`: its amount is above."""
    return tuple(
        Line(
            PLAIN,
            render("note.canvas-box-traced-all", name=one.name)
            if one.share == (amount.value_sat, amount.value_sat) and is_told
            else render("note.canvas-box-traced", name=one.name, amount=bounds_text(one.share)),
        )
        for one in amount.traced[:MOST_TRACES]
    )
