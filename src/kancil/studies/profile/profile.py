"""A profile of an address or a cluster: totals, time, counterparties, labels, and a sentence.

From a chain, the unit's labels, and clusters where they are made. The fields are those of the
address page of GraphSense's REST interface (graphsense/graphsense-openapi, schema `address`):
first_tx, last_tx, no_incoming_txs, no_outgoing_txs, total_received, total_spent, balance,
in_degree, out_degree, entity, tags, status. All of them reach only as far as the blocks held.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, tzinfo

import numpy as np

from kancil.bitcoin.blocks.columns import Array
from kancil.bitcoin.chain.activity import (
    Activity,
    Coins,
    Parties,
    Span,
    activity_of,
    coins_of_scripts,
    payees_of,
    payers_of,
    spans_of,
)
from kancil.bitcoin.chain.chain import Chain
from kancil.bitcoin.chain.same_keys import Script, script_of_text
from kancil.bitcoin.clusters.clusters import Clusters, stated_inputs
from kancil.bitcoin.clusters.views import address_of_text
from kancil.bitcoin.labels.index import LabelIndex
from kancil.bitcoin.labels.label import Label
from kancil.bitcoin.script.address import encode_address
from kancil.bitcoin.script.kind import ScriptKind
from kancil.ground.clock import from_unix
from kancil.ground.phrase import Param, Phrase
from kancil.studies.amounts import COIN, btc, short
from kancil.studies.sentences import date_of, transactions

MOST_PARTIES = 20
"""Counterparties that are named each way."""
MOST_SPANS = 48
FEW_MEMBERS = 2_000
"""Addresses of a cluster up to which each is looked up by itself."""


@dataclass(frozen=True, slots=True)
class Place:
    """A transaction of a subject."""

    txid: str
    height: int | None
    at: datetime | None
    """The miner's time of its block."""


@dataclass(frozen=True, slots=True)
class Party:
    """A counterparty, and what publishers say of it."""

    name: str
    """Its address, or the key that is paid directly; empty: a bare multisig."""
    script: str
    value_sat: int
    transactions: int
    labels: tuple[Label, ...]


@dataclass(frozen=True, slots=True)
class SameKey:
    """What pays the same key in another way; not counted in the profile."""

    name: str
    script: str
    deposits: int
    received_sat: int


@dataclass(frozen=True, slots=True)
class Entity:
    """The cluster of an address."""

    addresses: int


@dataclass(frozen=True, slots=True, eq=False)
class Profile:
    """What the blocks held show of an address or a cluster."""

    subject: str
    """The address, or the key, as it was asked for."""
    is_cluster: bool
    script: str
    """Kind of the script of an address; of a cluster empty."""
    first_tx: Place | None
    last_tx: Place | None
    no_incoming_txs: int
    no_outgoing_txs: int
    deposits: int
    total_received_sat: int
    """Change that came back to it included."""
    total_spent_sat: int
    income_sat: int
    """Received in incoming transactions, so without change."""
    outgo_sat: int
    """Spent less what came back of it as change; fees included."""
    balance_sat: int
    """Unspent in the blocks held."""
    spent_elsewhere_sat: int
    """Spent of what was received outside of the blocks held, as far as files state it."""
    in_degree: int
    out_degree: int
    payers: tuple[Party, ...]
    payees: tuple[Party, ...]
    unknown_payers: int
    """Incoming transactions with a payer that is not held."""
    newly_issued: int
    """Incoming transactions that paid newly issued coins."""
    spans: tuple[Span, ...]
    entity: Entity | None
    """None: clusters are not made, or the address stands alone."""
    tags: tuple[tuple[str, Label], ...]
    """What publishers say of it: address and label."""
    status: str
    """Up to where the blocks held reach."""
    coin: str = COIN
    """The symbol of the network's coins."""
    same_key: tuple[SameKey, ...] = ()
    activity: Activity | None = field(default=None, repr=False)
    """The transactions, for who lists them."""
    coins: Coins | None = field(default=None, repr=False)


def address_profile(
    chain: Chain, text: str, labels: LabelIndex | None = None, clusters: Clusters | None = None
) -> Profile:
    """The profile of an address, or of a public key that is paid directly.

    Raises the errors of `script_of_text`.
    """
    script = script_of_text(text, chain.network)
    coins = coins_of_scripts(chain, [script])
    tags = [(text, label) for label in labels.of(*script)] if labels is not None else []
    same = [
        SameKey(name, kind.name.lower(), len(outputs),
                int(chain.graph.output_value[outputs].sum()))
        for name, kind, outputs in chain.same_key_outputs(*script)
    ]  # fmt: skip
    entity = None if clusters is None else _entity(chain, clusters, coins)
    return _profile(chain, text, coins, labels, script=script[0].name.lower(), tags=tags,
                    same=same, entity=entity)  # fmt: skip


def cluster_profile(
    chain: Chain, text: str, clusters: Clusters, labels: LabelIndex | None = None
) -> Profile:
    """The profile of the cluster of an address.

    Raises the errors of `address_of_text`.
    """
    members = clusters.members_of(address_of_text(chain, clusters, text))
    coins, scripts = _member_coins(chain, clusters, members)
    tags = [
        (_name(chain, script), label)
        for script in (scripts if labels is not None else ())
        for label in (labels.of(*script) if labels is not None else ())
    ]
    return _profile(chain, text, coins, labels, script="", tags=tags, is_cluster=True,
                    entity=Entity(len(members)))  # fmt: skip


def _profile(
    chain: Chain, text: str, coins: Coins, labels: LabelIndex | None, *, script: str,
    tags: Sequence[tuple[str, Label]], entity: Entity | None, is_cluster: bool = False,
    same: Sequence[SameKey] = (),
) -> Profile:  # fmt: skip
    found = activity_of(chain, coins)
    payers = payers_of(chain, coins, found, MOST_PARTIES)
    payees = payees_of(chain, coins, found, MOST_PARTIES)
    txs = found.txs
    return Profile(
        subject=text.strip(),
        is_cluster=is_cluster,
        script=script,
        first_tx=_place(chain, int(txs[0])) if len(txs) else None,
        last_tx=_place(chain, int(txs[-1])) if len(txs) else None,
        no_incoming_txs=int(found.incoming.sum()),
        no_outgoing_txs=int(found.outgoing.sum()),
        deposits=found.deposits,
        total_received_sat=found.received_sat,
        total_spent_sat=found.spent_sat,
        income_sat=int(found.in_sat[found.incoming].sum()),
        outgo_sat=int((found.out_sat - found.in_sat)[found.outgoing].sum()),
        balance_sat=found.balance_sat,
        spent_elsewhere_sat=found.stated_sat,
        in_degree=payers.count,
        out_degree=payees.count,
        payers=_named(chain, payers, labels),
        payees=_named(chain, payees, labels),
        unknown_payers=payers.unknown,
        newly_issued=payers.newly_issued,
        spans=tuple(spans_of(chain.graph, found, MOST_SPANS)),
        entity=entity,
        tags=tuple(tags),
        status=chain.scope,
        coin=chain.network.coin,
        same_key=tuple(same),
        activity=found,
        coins=coins,
    )


def _place(chain: Chain, tx: int) -> Place:
    height, time = chain.height_and_time_of_tx(tx)
    return Place(chain.txid(tx), height, None if time is None else from_unix(time))


def _named(chain: Chain, parties: Parties, labels: LabelIndex | None) -> tuple[Party, ...]:
    found = []
    for each in parties.largest:
        script = chain.columns.script_at(each.output)
        said = labels.of(*script) if labels is not None else ()
        found.append(Party(_name(chain, script), script[0].name.lower(), each.value_sat,
                           each.transactions, said))  # fmt: skip
    return tuple(found)


def _name(chain: Chain, script: Script) -> str:
    """An address, or the key that is paid directly; else empty."""
    kind, payload = script
    named = encode_address(kind, payload, chain.network)
    return named or (payload.hex() if kind == ScriptKind.P2PK else "")


# --- clusters -------------------------------------------------------------------------------------


def _entity(chain: Chain, clusters: Clusters, coins: Coins) -> Entity | None:
    rows = clusters.of_row[coins.outputs[:1]]
    if not len(rows) or rows[0] < 0:
        return None
    size = len(clusters.members_of(int(rows[0])))
    return Entity(size) if size > 1 else None


def _member_coins(
    chain: Chain, clusters: Clusters, members: Array
) -> tuple[Coins, Iterable[Script]]:
    """The coins of a cluster's addresses, and the scripts whose labels are looked up."""
    if len(members) <= FEW_MEMBERS:
        scripts = [_script_of(chain, clusters, int(each)) for each in members.tolist()]
        return coins_of_scripts(chain, scripts), scripts
    own = np.zeros(clusters.address_count + 1, np.bool_)  # the last: of rows without an address
    own[members] = True
    is_own = own[clusters.of_row]
    count = chain.columns.output_count
    inputs, rows = stated_inputs(chain)
    stated = np.sort(inputs[is_own[rows]])
    labelled = np.intersect1d(members, clusters.labelled)
    return (
        Coins(np.flatnonzero(is_own[:count]), stated),
        [_script_of(chain, clusters, int(each)) for each in labelled.tolist()],
    )


def _script_of(chain: Chain, clusters: Clusters, address: int) -> Script:
    row = int(clusters.first_row[address])
    count = chain.columns.output_count
    return chain.columns.script_at(row) if row < count else chain.stated_at(row - count)


# --- in words -------------------------------------------------------------------------------------


def profile_answer(profile: Profile, zone: tzinfo = UTC) -> list[Phrase]:
    """What it received, sent and has, in one sentence; what publishers say, in another."""
    kind = "cluster" if profile.is_cluster else "address"
    told: dict[str, Param] = {
        "subject": short(profile.subject),
        "received": btc(profile.income_sat, profile.coin),
        "incoming": transactions(profile.no_incoming_txs),
        "sent": _sent(profile),
        "balance": btc(profile.balance_sat, profile.coin),
        "addresses": profile.entity.addresses if profile.entity else 1,
    }
    first, last = profile.first_tx, profile.last_tx
    if first is None or last is None:
        return [Phrase(f"study.profile-nothing-{kind}", told), *_said(profile)]
    found = Phrase(f"study.profile-said-{kind}", told)
    if first.at is not None and last.at is not None:
        days = [date_of(each.at.astimezone(zone).date()) for each in (first, last) if each.at]
        when: dict[str, Param] = {"said": found, "first": days[0], "last": days[-1]}
        span = "-day" if days[0] == days[-1] else ""
        found = Phrase(f"study.profile-when{span}", when)
    return [found, *_said(profile)]


def _sent(profile: Profile) -> Phrase:
    if not profile.no_outgoing_txs:
        return Phrase("study.profile-sent-nothing")
    told: dict[str, Param] = {
        "sent": btc(profile.outgo_sat, profile.coin),
        "outgoing": transactions(profile.no_outgoing_txs),
    }
    return Phrase("study.profile-sent", told)


def _said(profile: Profile) -> list[Phrase]:
    """What publishers say of the subject, as their allegation."""
    said = list(dict.fromkeys((each.publisher, each.label or each.category)
                              for _, each in profile.tags))  # fmt: skip
    if not said:
        return []
    named = "; ".join(f"{publisher}: {label}" for publisher, label in said[:3])
    more = "-more" if len(said) > 3 else ""
    return [Phrase(f"study.profile-labelled{more}", {"said": named, "count": len(said) - 3})]


def profile_limits(profile: Profile) -> list[Phrase]:
    """What a profile does not say."""
    found = [
        Phrase("note.profile-scope", {"scope": profile.status}),
        Phrase("note.profile-parties"),
        Phrase("note.block-time"),
    ]
    if profile.is_cluster:
        found.insert(0, Phrase("note.profile-cluster"))
    if profile.unknown_payers:
        found.append(Phrase("note.profile-unknown", {"count": profile.unknown_payers}))
    if profile.spent_elsewhere_sat:
        amount = btc(profile.spent_elsewhere_sat, profile.coin)
        found.append(Phrase("note.profile-elsewhere", {"amount": amount}))
    if profile.script == "p2pkh":
        found.append(Phrase("note.bare-keys-not-counted"))
    if profile.tags:
        found.append(Phrase("note.label-allegation"))
    return found
