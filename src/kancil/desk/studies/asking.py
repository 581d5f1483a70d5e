"""From what was pasted to a trace's question: on which chain it lies, under which policy, recorded.

Nobody who holds an address has to know which of the unit's chains has it: the chains are asked.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from kancil.bitcoin.chain.chain import Chain
from kancil.bitcoin.chain.errors import HeightAmbiguous, NotInChain
from kancil.bitcoin.chain.pasted import Pasted, read_pasted
from kancil.bitcoin.chain.same_keys import script_of_text
from kancil.bitcoin.network import MAINNET
from kancil.bitcoin.script.address import decode_address
from kancil.bitcoin.script.kind import ScriptKind
from kancil.bitcoin.tracing.errors import TraceStartMissing
from kancil.bitcoin.tracing.trace import policy_named
from kancil.custody.acting import ActingOfficer
from kancil.custody.cases import require_basis
from kancil.custody.entry import Entry
from kancil.custody.roll import Roll
from kancil.custody.store import LedgerStore
from kancil.custody.unit import set_default_policy
from kancil.desk.cases.actions import keep_trace
from kancil.desk.selectors.kinds import read_selectors
from kancil.ground.ids import CaseId, TraceId, new_id
from kancil.ground.phrase import Phrase
from kancil.ground.workspace import Workspace
from kancil.studies.labels_used import LabelsUsed
from kancil.studies.trace.question import TraceQuestion
from kancil.studies.trace.run import run_trace

from .errors import StartNotHeld, StartsApart
from .queries import chain_names, open_chain

_LIKE_ADDRESS = re.compile(r"[A-Za-z0-9]{25,130}")


@dataclass(frozen=True, slots=True)
class Found:
    """What was pasted, on the chain that holds it."""

    chain: Chain
    starts: tuple[str, ...]
    """As `resolve_starts` reads them."""
    moved_from: str = ""
    """The chain that was asked for, where another holds it; empty: the one that was asked for."""
    keys_for: tuple[str, ...] = ()
    """Addresses that nothing pays, in whose place their key stands, which is paid directly."""


def default_policy(ledger: LedgerStore) -> tuple[str, str] | None:
    """The unit's default policy and its recorded reason; None where no supervisor has set one."""
    entry = ledger.folded(Roll).default_policy
    return None if entry is None else (str(entry.body["policy"]), str(entry.body["reason"]))


def choose_default_policy(
    ledger: LedgerStore, *, policy: str, reason: str, by: ActingOfficer
) -> Entry:
    """Set the policy that traces use unless an officer states another; raises PolicyUnknown."""
    version = policy_named(policy).version
    return set_default_policy(ledger, policy=policy, version=version, reason=reason, by=by)


def find_starts(workspace: Workspace, text: str, wanted: str = "") -> Found:
    """Find the chain that holds all that was pasted.

    `wanted`: the chain that was chosen; where it does not hold all of it and another does, that one
    is taken. Raises TraceStartMissing for an empty text, StartNotHeld for what no chain here holds,
    StartsApart where no one chain holds all of it.
    """
    pasted = read_pasted(text)
    if not pasted:
        raise TraceStartMissing
    names = chain_names(workspace)
    chains = [open_chain(workspace, name) for name in sorted(names, key=lambda one: one != wanted)]
    for each in pasted:
        if each.kind == "other":
            _refuse(each.text, chains)
    holding = [[chain for chain in chains if holds(chain, each)] for each in pasted]
    for each, having in zip(pasted, holding, strict=True):
        if not having:
            raise StartNotHeld(start=each.text[:100], why=_not_held(each, chains))
    common = [chain for chain in chains if all(chain in having for having in holding)]
    if not common:
        raise StartsApart(first=holding[0][0].name, start=_apart(pasted, holding))
    chain = common[0] if common[0].name == wanted else max(common, key=_size)
    moved = wanted if wanted and chain.name != wanted else ""
    by_key = tuple(each.text for each in pasted if _needs_key(chain, each))
    return Found(chain, tuple(_start(chain, each) for each in pasted), moved, by_key)


def holds(chain: Chain, pasted: Pasted) -> bool:
    """Whether a chain holds what was pasted."""
    if chain.network.name not in pasted.networks:
        return False
    if pasted.kind in ("address", "key"):
        return _is_paid(chain, pasted) or _key_of(chain, pasted) is not None
    if pasted.kind == "block":
        try:
            row = chain.block_row(pasted.text)
        except HeightAmbiguous:
            return True
        except NotInChain:
            return False
        return row < chain.columns.block_count  # else its header alone is held
    return bool(chain.tx_rows(bytes.fromhex(pasted.text.partition(":")[0])[::-1]))


def record_trace(
    ledger: LedgerStore,
    workspace: Workspace,
    *,
    case: CaseId,
    chain: Chain,
    labels: LabelsUsed,
    question: TraceQuestion,
    by: ActingOfficer,
) -> Entry:
    """Run a trace and record it in a case; raises LegalBasisExpired, and what tracing raises."""
    roll = ledger.folded(Roll)
    require_basis(roll, roll.case(case))
    answer = run_trace(chain, labels, question)
    return keep_trace(
        ledger,
        workspace,
        case=case,
        trace=TraceId(new_id()),
        provenance=answer.provenance(chain, labels),
        result_sha256=answer.digest,
        rows=answer.as_dict(),
        by=by,
    )


def _size(chain: Chain) -> int:
    return chain.last_height or 0


def _is_paid(chain: Chain, pasted: Pasted) -> bool:
    script = script_of_text(pasted.text, chain.network)
    return any(len(find(*script)) for find in (chain.find_outputs_in_graph, chain.find_outputs))


def _key_of(chain: Chain, pasted: Pasted) -> str | None:
    """The key of an address, in hex, where blocks pay the key directly (P2PK); else None."""
    kind, payload = script_of_text(pasted.text, chain.network)
    keys = chain.bare_keys_by_hash if kind in (ScriptKind.P2PKH, ScriptKind.P2WPKH) else None
    key = (keys or {}).get(payload)
    return None if key is None else key.hex()


def _needs_key(chain: Chain, pasted: Pasted) -> bool:
    return pasted.kind == "address" and not _is_paid(chain, pasted)


def _start(chain: Chain, pasted: Pasted) -> str:
    """A start as it is resolved; a block stands for the coins that it created."""
    if pasted.kind == "block":
        row = chain.block_row(pasted.text)
        return chain.txid(int(chain.columns.block_tx_start[row]))
    if _needs_key(chain, pasted):
        return _key_of(chain, pasted) or pasted.text
    return pasted.text


def _apart(pasted: Sequence[Pasted], holding: Sequence[Sequence[Chain]]) -> str:
    first = holding[0][0]
    return next(
        each.text[:100] for each, having in zip(pasted, holding, strict=True) if first not in having
    )


def _refuse(text: str, chains: Sequence[Chain]) -> None:
    """Refuse what no chain of bitcoin holds: it lies on another rail, or it is mistyped."""
    why = Phrase("why.start-is-none")
    for selector in read_selectors(text):
        why = Phrase("why.start-of-other-rail", {"kind": Phrase(f"name.selector-{selector.kind}")})
    if why.key == "why.start-is-none" and _LIKE_ADDRESS.fullmatch(text):
        prefix = text.lower().partition("1")[0]
        networks = {each.network.bech32_prefix: each.network for each in chains}
        decode_address(text, networks.get(prefix, MAINNET))  # says which character is wrong
    raise StartNotHeld(start=text[:100], why=why)


def _not_held(pasted: Pasted, chains: Sequence[Chain]) -> Phrase:
    """Why no chain holds something: no chain of its network is here, or none that names it."""
    right = [chain.name for chain in chains if chain.network.name in pasted.networks]
    if right:
        return Phrase("why.start-not-in-blocks", {"chains": ", ".join(right)})
    return Phrase("why.start-no-chain", {"networks": ", ".join(sorted(pasted.networks))})
