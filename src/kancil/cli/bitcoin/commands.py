"""The commands about bitcoin chains, for the lazy table of all commands."""

from __future__ import annotations

BITCOIN_COMMANDS: dict[str, str] = {
    "bitcoin ingest": "bitcoin.chains:ingest",
    "bitcoin catch-up": "bitcoin.catching_up:catch_up",
    "bitcoin status": "bitcoin.chains:status",
    "bitcoin tx": "bitcoin.chains:transaction",
    "bitcoin address": "bitcoin.chains:address",
    "bitcoin block": "bitcoin.chains:block",
    "bitcoin verify": "bitcoin.stores:verify_chain",
    "bitcoin copy": "bitcoin.stores:copy_chain",
    "bitcoin cluster": "bitcoin.cluster:cluster",
    "bitcoin change": "bitcoin.change:change",
    "bitcoin exposure": "bitcoin.exposure:exposure",
    "bitcoin trace": "bitcoin.trace:trace",
    "bitcoin spread": "bitcoin.haircut:spread_coins",
    "bitcoin patterns": "bitcoin.patterns:patterns",
    "bitcoin watch add": "bitcoin.watch:add",
    "bitcoin watch list": "bitcoin.watch:list_watches",
    "bitcoin watch remove": "bitcoin.watch:remove",
    "bitcoin watch check": "bitcoin.watch:check",
    "bitcoin generate": "bitcoin.generate:generate",
    "bitcoin evaluate": "bitcoin.evaluate:evaluate_heuristics",
    "bitcoin export": "bitcoin.export:export",
    "bitcoin spark clusters": "bitcoin.spark:clusters",
    "bitcoin spark exposure": "bitcoin.spark:exposure",
    "bitcoin spark patterns-count": "bitcoin.spark:patterns_count",
}
