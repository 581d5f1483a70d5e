"""Cells, notes and steps that the pages of a chain share."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.urls import reverse

from kancil.bitcoin.chain.chain import Chain
from kancil.ground.clock import from_unix
from kancil.ground.phrase import Phrase
from kancil.ground.units import MAX_MONEY_SAT, grouped
from kancil.studies.trace.chain_names import bare_key
from kancil.web.cells import Section, amount, identifier, limits, note, when
from kancil.web.parts import Cell

KEY_KINDS = ("p2pk",)
"""Scripts without an address of which a key is as good a name."""


def moment_cell(unix: int | None) -> Cell:
    """Show the miner's time of a block, in seconds since 1970."""
    return None if unix is None else when(from_unix(unix))


def time_cell(text: str | None) -> Cell:
    """Show a time as answers write it."""
    return None if text is None else when(datetime.fromisoformat(text))


def address_cell(chain: str, text: str | None, script: str | None) -> Cell:
    """Show an address as a link to its page, or its script's kind where it has none."""
    if text:
        return identifier(text, reverse("address", kwargs={"chain": chain, "address": text}))
    return script or None


def named_cell(chain: str, name: str) -> Cell:
    """Show an address of a cluster by its name: an address, or a script's kind and its keys."""
    kind, _, keys = name.partition(":")
    if not keys:
        return address_cell(chain, name, None)
    if kind in KEY_KINDS:
        url = reverse("cluster", kwargs={"chain": chain, "address": keys})
        return identifier(keys, url, short=True)
    return name


def tx_cell(chain: str, txid: str) -> Cell:
    """Show a transaction as a link to its page."""
    return identifier(txid, reverse("tx", kwargs={"chain": chain, "txid": txid}), short=True)


def outpoint_cell(chain: str, outpoint: str | None) -> Cell:
    """Show an outpoint as a link to its transaction; without one, newly issued coins."""
    if not outpoint:
        return Phrase("note.newly-issued-coins")
    txid = outpoint.partition(":")[0]
    return identifier(outpoint, reverse("tx", kwargs={"chain": chain, "txid": txid}), short=True)


def party_cell(chain: Chain, outpoint: str) -> Cell:
    """Show whom an output pays: an address, a bare key, or what its script is; short, as a link."""
    txid, _, place = outpoint.partition(":")
    output = chain.output_row(bytes.fromhex(txid)[::-1], int(place)) if place else None
    if output is None:
        return Phrase("web.trace.party-not-held" if outpoint else "note.newly-issued-coins")
    name = chain.address_of(output) or bare_key(chain, output)
    if not name:
        return Phrase("web.no-address")
    url = reverse("address", kwargs={"chain": chain.name, "address": name})
    return identifier(name, url, short=True)


def bounds_cell(lower_sat: str | None, upper_sat: str | None) -> Cell:
    """Show an amount, between which two it lies, or that it is not to be added up."""
    if lower_sat is None or upper_sat is None:
        return Phrase("note.not-summed")
    lower, upper = int(lower_sat), int(upper_sat)
    if upper >= MAX_MONEY_SAT:
        return Phrase("note.up-to-all", {"lower": grouped(lower)})
    if lower == upper:
        return amount(lower)
    return Phrase("web.trace.between", {"lower": grouped(lower), "upper": grouped(upper)})


def watermark(chain: Chain) -> list[Section]:
    """That a chain's coins are no money, which must be seen on every page of it."""
    if chain.network.is_real_money:
        return []
    return [note("warn", "note.watermark", network=chain.network.name)]


def limits_of(chain: Chain) -> list[Phrase]:
    """Up to where the blocks held reach, and what was not checked of them."""
    unchecked = ", ".join(chain.not_checked)
    return [Phrase("web.chain.limits", {"scope": chain.scope, "unchecked": unchecked})]


def chain_limits(chain: Chain) -> list[Section]:
    """What stands over every page of a chain: the network, and what was not checked."""
    return [*watermark(chain), limits(limits_of(chain))]


def cluster_url(name: str, chain: str, address: str) -> str:
    """The address of a page of one cluster."""
    return reverse(name, kwargs={"chain": chain, "address": address})


def way_to(chain: str, address: str = "", *, last: str = "clusters") -> list[dict[str, Any]]:
    """The steps above a page: chains, the chain, its clusters, one of them."""
    steps: list[dict[str, Any]] = [
        {"url": reverse("chains"), "name": Phrase("web.room.chains")},
        {"url": reverse("chain", kwargs={"chain": chain}), "name": chain},
    ]
    if last == "clusters":
        url = reverse("clusters", kwargs={"chain": chain})
        steps.append({"url": url, "name": Phrase("web.room.clusters")})
    if address:
        steps.append({"url": cluster_url("cluster", chain, address), "name": address})
    return steps
