"""What a trace found, in one sentence that a prosecutor can read aloud: the same for every door.

From the tables of a trace, whoever ran it: first what was paid at the first step, then where the
coins are now, under the chosen policy, each amount with its range over the policies that add up.
A service is one because a publisher says so, and the sentence says that it is their allegation.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo
from typing import Any

from kancil.ground.phrase import Param, Phrase
from kancil.studies.amounts import COIN, btc, btc_range, short, short_outpoint
from kancil.studies.sentences import date_of, joined

from .sums import ENDS, OVERLAP, require_sums

Row = Mapping[str, Any]
_NAMED = 2
"""Payments of the first step that are named; the others are counted."""
_PARTS = (*ENDS, OVERLAP)
_SERVICE, _COINJOIN, _UNSPENT = "service", "coinjoin", "no-spend-seen"


@dataclass(frozen=True, slots=True)
class Saying:
    """What a door knows beside the tables; without it the sentence is shorter, never another."""

    height_of: Callable[[str], int | None] = lambda _txid: None
    """Height of the block of a transaction, None where it is not known."""
    key_of: Callable[[str], str] = lambda _outpoint: ""
    """The key that an output pays directly, in hex; else empty."""
    address_of: Callable[[str], str] = lambda _outpoint: ""
    """The address that an output pays; else empty."""
    publishers: Mapping[str, str] | None = None
    """By the number of a label, as the tables name it: who says what, `GraphSense: Poloniex`."""
    zone: tzinfo = UTC
    """In which days are told."""
    coin: str = COIN
    """The symbol of the network's coins (`Network.coin`)."""


def trace_answer(
    parameters: Mapping[str, Any], tables: Mapping[str, Sequence[Row]], saying: Saying | None = None
) -> list[Phrase]:
    """The answer: one sentence, and one on how far the trace went.

    `tables`: rows by column name, satoshi as numbers or text. Raises SumsWrong where the amounts
    that it would say do not add up.
    """
    saying = saying or Saying()
    way, totals = parameters["direction"], tables["totals"]
    require_sums(totals)
    chosen = next(
        row
        for row in totals
        if (row["policy"], row["order"]) == (parameters["policy"], "as-written")
    )
    first = _outward(parameters, tables["transfers"])
    ended = _ended(way, first, chosen, tables) if len(first) <= _NAMED else {}
    told: dict[str, Param] = {
        "amount": btc(int(chosen["start_sat"]), saying.coin),
        "moved": _moved(way, first, ended, saying, int(chosen["start_sat"])),
        "ends": _ends(chosen, totals, tables["left_out"], set(ended.values()), saying),
    }
    return [Phrase(f"study.trace-said-{way}", told), *_how_far(tables["transfers"], saying)]


def _outward(parameters: Mapping[str, Any], transfers: Sequence[Row]) -> list[Row]:
    """The first step, without what an address asked about paid back to itself."""
    starts = parameters.get("starts", ())
    change = {one["outpoint"] for one in starts if one["share_sat"] == "0"}
    return [row for row in transfers if row["hop"] == 1 and row["to_output"] not in change]


def _ended(
    way: str, first: Sequence[Row], chosen: Row, tables: Mapping[str, Sequence[Row]]
) -> dict[str, str]:
    """Outputs of the first step at which a whole part of the coins ended: output → part.

    What the sentence says of the payment, it need not say of the part again.
    """
    if way != "forward" or chosen["adds_up"] != "yes":
        return {}
    paid = {row["to_output"]: (int(row["lower_sat"]), int(row["upper_sat"])) for row in first}
    resting = [row for row in tables.get("holdings", ()) if row["state"] == _UNSPENT]
    services = [row for row in tables["left_out"] if row["limit"] == _SERVICE]
    found: dict[str, str] = {}
    for part, rows in (("resting", resting), ("left_out", services)):
        own = [paid.get(row["output"]) for row in rows]
        whole = (int(chosen[f"{part}_lower_sat"]), int(chosen[f"{part}_upper_sat"]))
        is_whole = [sum(one[end] for one in own if one) for end in (0, 1)] == list(whole)
        if None not in own and is_whole and whole[0] == whole[1]:
            found |= {row["output"]: part for row in rows}
    return found


def _moved(
    way: str, first: Sequence[Row], ended: Mapping[str, str], saying: Saying, start_sat: int
) -> Phrase:
    """The largest payments of the first step, those back to who paid last, and how many others."""
    if not first:
        return Phrase(f"study.trace-unmoved-{way}")
    back = {row["row"] for row in first if way == "forward" and _is_back(row, saying)}
    largest = sorted(
        first, key=lambda row: (row["row"] in back, -int(row["upper_sat"]), row["row"])
    )[:_NAMED]
    is_one = len({row["txid"] for row in largest}) == 1
    payments = []
    for place, row in enumerate(largest):
        ways = ("also" if place else "paid", *(("back",) if row["row"] in back else ()), way)
        is_dated = not is_one or row is largest[-1]
        is_all = int(row["lower_sat"]) == start_sat
        amount = Phrase("study.trace-all") if is_all else _amount(row, saying.coin)
        paid = _payment(
            f"study.trace-{'-'.join(ways)}", amount, row, saying, is_dated=is_dated
        )  # fmt: skip
        part = ended.get(row["to_output"])
        if part is not None:
            paid = Phrase("study.trace-paid-ended", {
                "paid": paid, "what": Phrase(f"study.trace-ended-{part.replace('_', '-')}")
            })  # fmt: skip
        payments.append(paid)
    told = joined(payments)
    others = len(first) - len(largest)
    if not others:
        return told
    return Phrase("study.trace-and-others", {"told": told, "count": others})


def _is_back(row: Row, saying: Saying) -> bool:
    """Whether an output pays the very address or key that an output spent for it had paid."""

    def owner(outpoint: str) -> str:
        return saying.address_of(outpoint) or saying.key_of(outpoint)

    payee = str(row["address"] or "") or owner(str(row["to_output"]))
    return payee != "" and payee in map(owner, str(row["from_outputs"]).split())


def _payment(key: str, amount: Param, row: Row, saying: Saying, *, is_dated: bool) -> Phrase:
    way = "backward" if key.endswith("backward") else "forward"
    paid = Phrase(key, {"amount": amount, "party": _party(way, row, saying)})
    if not is_dated or not row["block_time"]:
        return paid
    params: dict[str, Param] = {"paid": paid, "date": _date(row, saying)}
    height = saying.height_of(row["txid"])
    if height is None:
        return Phrase("study.trace-paid-on", params)
    return Phrase("study.trace-paid-in", {**params, "height": str(height)})


def _party(way: str, row: Row, saying: Saying) -> Param:
    """Whom an output pays: its address, with what a publisher says of it."""
    outpoint = row["to_output" if way == "forward" else "from_outputs"]
    name = _name(str(row["address"] or ""), str(outpoint).split(" ")[0], row, saying)
    said = _said([row], saying)
    return Phrase("study.party-labelled", {"party": name, "said": said}) if said else name


def _name(address: str, outpoint: str, row: Row, saying: Saying) -> Param:
    if address:
        return short(address)
    key = saying.key_of(outpoint)
    if key:
        return Phrase("study.party-key", {"key": short(key)})
    kind = "not-held" if row["value_sat"] is None else "without-address"
    return Phrase(f"study.output-{kind}", {"output": short_outpoint(outpoint)})


def _said(rows: Iterable[Row], saying: Saying) -> str:
    """Who says what of these rows; empty where nobody does, or the door does not know."""
    numbers = dict.fromkeys(number for row in rows for number in str(row["labels"] or "").split())
    known = saying.publishers or {}
    told = dict.fromkeys(known[number] for number in numbers if number in known)
    named = list(told)[:_NAMED]
    return "; ".join(named) + (" …" if len(told) > len(named) else "")


def _amount(row: Row, coin: str, part: str = "") -> str:
    return btc_range(int(row[f"{part}lower_sat"]), int(row[f"{part}upper_sat"]), coin)


def _date(row: Row, saying: Saying) -> Phrase:
    return date_of(datetime.fromisoformat(row["block_time"]).astimezone(saying.zone).date())


# --- where the coins are --------------------------------------------------------------------------


def _ends(
    chosen: Row, totals: Sequence[Row], left_out: Sequence[Row], told_of: Collection[str],
    saying: Saying,
) -> Phrase:  # fmt: skip
    """Where the coins are under the chosen policy, each part with its range over the policies.

    `told_of`: parts that the payments name already; left out where no policy says otherwise.
    """
    summed = [row for row in totals if row["adds_up"] == "yes"]
    is_sum = chosen["adds_up"] == "yes"
    found = []
    for part in _PARTS:
        over = _over(summed, f"{part}_", saying.coin)
        if not any(int(row[f"{part}_upper_sat"]) for row in summed):
            continue
        if part in told_of and over == _amount(chosen, saying.coin, f"{part}_"):
            continue
        what = (
            _left(left_out, saying)
            if part == "left_out"
            else Phrase(f"study.trace-end-{part.replace('_', '-')}")
        )
        found.append(_end(chosen if is_sum else None, part, what, over, saying.coin))
    nothing = Phrase(f"study.trace-end-{'so' if told_of else 'nothing'}")
    told: dict[str, Param] = {
        "policy": Phrase(f"web.policy.{chosen['policy']}"),
        "ends": joined(found) if found else nothing,
    }
    others = [name for name in dict.fromkeys(row["policy"] for row in summed)
              if name != chosen["policy"]]  # fmt: skip
    if not others:
        return Phrase("study.trace-ends", told)
    told["others"] = joined(
        [Phrase("study.policy-quoted", {"policy": Phrase(f"web.policy.{one}")}) for one in others]
    )
    if not is_sum:  # each output counts whole
        return Phrase("study.trace-ends-no-total", told)
    is_same = all(one.key != "study.trace-end-range" for one in found)
    return Phrase("study.trace-ends-alike" if is_same else "study.trace-ends-compared", told)


def _end(chosen: Row | None, part: str, what: Phrase, over: str, coin: str) -> Phrase:
    """One part: how much is there, and its range where another policy says otherwise."""
    amount = over if chosen is None else _amount(chosen, coin, f"{part}_")
    told: dict[str, Param] = {"amount": amount, "what": what, "over": over}
    if amount != over:
        return Phrase("study.trace-end-range", told)
    is_all = chosen is not None and amount == btc(int(chosen["start_sat"]), coin)
    return Phrase("study.trace-end-whole" if is_all else "study.trace-end", told)


def _over(rows: Sequence[Row], name: str, coin: str) -> str:
    lowest = min((int(row[f"{name}lower_sat"]) for row in rows), default=0)
    highest = max((int(row[f"{name}upper_sat"]) for row in rows), default=0)
    return btc_range(lowest, highest, coin)


def _left(rows: Sequence[Row], saying: Saying) -> Phrase:
    """Why coins were not followed further: services by their labels, CoinJoins, limits."""
    limits = dict.fromkeys(row["limit"] for row in rows)
    found = []
    if _SERVICE in limits:
        said = _said((row for row in rows if row["limit"] == _SERVICE), saying)
        key = "study.trace-left-service-said" if said else "study.trace-left-service"
        found.append(Phrase(key, {"said": said}))
    if _COINJOIN in limits:
        found.append(Phrase("study.trace-left-coinjoin"))
    if set(limits) - {_SERVICE, _COINJOIN} or not limits:
        found.append(Phrase("study.trace-left-limits"))
    return joined(found, "or")


def _how_far(transfers: Sequence[Row], saying: Saying) -> list[Phrase]:
    """How many transfers, over how many hops, and from when to when."""
    dated = sorted((row for row in transfers if row["block_time"]), key=lambda r: r["block_time"])
    told: dict[str, Param] = {
        "count": len(transfers),
        "hops": max((int(row["hop"]) for row in transfers), default=0),
    }
    if len(transfers) < 2 or not dated:
        return []
    told |= {"first": _date(dated[0], saying), "last": _date(dated[-1], saying)}
    told["when"] = Phrase(
        "study.trace-in-a-day" if told["first"] == told["last"] else "study.trace-in-days",
        dict(told),
    )
    return [Phrase(f"study.trace-how-far{'-one' if told['hops'] == 1 else ''}", told)]
