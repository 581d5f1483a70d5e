"""The commands about bitcoin chains, for the lazy table of all commands."""

from __future__ import annotations

from kancil.cli.frame.target import Target

BITCOIN_COMMANDS: dict[str, Target] = {
    "bitcoin ingest": Target(
        "bitcoin.chains",
        "ingest",
        "Read block files into a blockchain, checking every block.",
        "kancil bitcoin ingest main ~/blocks --network mainnet",
    ),
    "bitcoin catch-up": Target(
        "bitcoin.catching_up",
        "catch_up",
        "Fetch the blocks a blockchain lacks from a running node, and ingest them.",
        "kancil bitcoin catch-up main --node http://127.0.0.1:8332",
    ),
    "bitcoin status": Target(
        "bitcoin.chains",
        "status",
        "Show what a blockchain holds and what is missing.",
        "kancil bitcoin status main",
    ),
    "bitcoin tx": Target(
        "bitcoin.chains",
        "transaction",
        "Show a transaction.",
        "kancil bitcoin tx main f4184fc596403b9d638783cf57adfe4c75c605f6356fbc91338530e9831e9e16",
    ),
    "bitcoin address": Target(
        "bitcoin.chains",
        "address",
        "Show what an address received and spent in the blocks held.",
        "kancil bitcoin address main 1NpHuti9NSM9fVTXLkvSDU4AnhqGQ5N53d",
    ),
    "bitcoin block": Target(
        "bitcoin.chains",
        "block",
        "Show a block and what was checked of it.",
        "kancil bitcoin block main 170",
    ),
    "bitcoin verify": Target(
        "bitcoin.stores",
        "verify_chain",
        "Check a whole chain again: its columns, its links and, if asked, every block.",
        "kancil bitcoin verify main --blocks",
    ),
    "bitcoin copy": Target(
        "bitcoin.stores",
        "copy_chain",
        "Copy a whole chain from another disk, and check it.",
        "kancil bitcoin copy /media/disk/unit/chains/main main --blocks /media/disk/blocks",
    ),
    "bitcoin cluster": Target(
        "bitcoin.cluster",
        "cluster",
        "Show which addresses are spent together with one, and the linking transactions.",
        "kancil bitcoin cluster main 1NpHuti9NSM9fVTXLkvSDU4AnhqGQ5N53d",
    ),
    "bitcoin change": Target(
        "bitcoin.change",
        "change",
        "Ask each heuristic which output of a transaction is change, and why.",
        "kancil bitcoin change main TXID",
    ),
    "bitcoin exposure": Target(
        "bitcoin.exposure",
        "exposure",
        "Show how much of what an address sent or received met which labels.",
        "kancil bitcoin exposure main 1NpHuti9NSM9fVTXLkvSDU4AnhqGQ5N53d --direction received",
    ),
    "bitcoin trace": Target(
        "bitcoin.trace",
        "trace",
        "Trace coins forward or backward under a stated policy.",
        "kancil bitcoin trace main TXID:0 --policy fifo --case C1 --why 'order of the court'",
    ),
    "bitcoin spread": Target(
        "bitcoin.haircut",
        "spread_coins",
        "Full-graph haircut: carry coins through a whole chain to where they are now.",
        "kancil bitcoin spread main TXID:0 --most 100",
    ),
    "bitcoin patterns": Target(
        "bitcoin.patterns",
        "patterns",
        "Search for forms that laundering often has; one alone proves nothing.",
        "kancil bitcoin patterns main --pattern peel-chain --from 2024-01-01",
    ),
    "bitcoin watch add": Target(
        "bitcoin.watch",
        "add",
        "Watch an address, or its cluster, and be notified when new blocks touch it.",
        "kancil bitcoin watch add main 1NpHuti9NSM9fVTXLkvSDU4AnhqGQ5N53d --case C1"
        " --reason 'named in the report' --legal-basis 'order 12/2026'",
    ),
    "bitcoin watch list": Target(
        "bitcoin.watch",
        "list_watches",
        "List what is watched: for the unit, or for one case.",
        "kancil bitcoin watch list main --case C1",
    ),
    "bitcoin watch remove": Target(
        "bitcoin.watch",
        "remove",
        "End a watch; what was found stays.",
        "kancil bitcoin watch remove main W1 --why 'the order has ended'",
    ),
    "bitcoin watch check": Target(
        "bitcoin.watch",
        "check",
        "Report what touched the watches since the last check, each transaction once.",
        "kancil bitcoin watch check main --case C1",
    ),
    "bitcoin generate": Target(
        "bitcoin.generate",
        "generate",
        "Generate a chain whose owners and planted patterns are known, for tests and classrooms.",
        "kancil bitcoin generate made --seed 7 --transactions 10000 --pattern peel-chain=0.02",
    ),
    "bitcoin evaluate": Target(
        "bitcoin.evaluate",
        "evaluate_heuristics",
        "Compare heuristics with labelled transactions: what is known of their error.",
        "kancil bitcoin evaluate SamouraiCoinJoins.txt --heuristic whirlpool",
    ),
    "bitcoin export": Target(
        "bitcoin.export",
        "export",
        "Export a chain as Parquet files, for DuckDB, Spark and other tools; or check them.",
        "kancil bitcoin export main chain-parquet --from-height 800000",
    ),
    "bitcoin spark clusters": Target(
        "bitcoin.spark",
        "clusters",
        "Find all clusters of an export by Apache Spark, on one machine or many.",
        "kancil bitcoin spark clusters chain-parquet --master spark://10.0.0.5:7077",
    ),
    "bitcoin spark exposure": Target(
        "bitcoin.spark",
        "exposure",
        "Find the direct exposure of every address of an export to categories of labels, by Spark.",
        "kancil bitcoin spark exposure chain-parquet --out exposure-parquet",
    ),
    "bitcoin spark patterns-count": Target(
        "bitcoin.spark",
        "patterns_count",
        "Count simple shapes of transactions by month over an export, by Spark.",
        "kancil bitcoin spark patterns-count chain-parquet",
    ),
}
