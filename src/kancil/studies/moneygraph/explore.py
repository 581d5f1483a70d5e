"""The money graph of one question: from an open chain, its labels and a query; to a picture."""

from __future__ import annotations

from collections.abc import Sequence

from kancil.bitcoin.chain.chain import Chain
from kancil.bitcoin.coinjoins.verdicts import CoinjoinLooks
from kancil.studies.fiat_value import NO_PRICES, Worth
from kancil.studies.labels_used import LabelsUsed
from kancil.studies.reported.beside import BesideTransfer

from .explorer import Explorer
from .model import MoneyGraph
from .query import GraphQuery
from .runs import Runs
from .stated import StatedRows


def explore(
    chain: Chain,
    labels: LabelsUsed,
    query: GraphQuery,
    runs: Runs | None = None,
    stated: Sequence[BesideTransfer] = (),
    worth: Worth = NO_PRICES,
    looks: CoinjoinLooks | None = None,
) -> MoneyGraph:
    """Draw a query. Raises what resolving starts and tracing raise.

    `runs`: answers kept from earlier queries; the picture is the same without, but that patterns
    for which no time was left are looked for again. `stated`: transfers of tables, drawn beside
    the chain's where they name what is drawn. `worth`: prices of imported tables, told beside
    amounts. `kancil.bitcoin.coinjoins.verdicts`: of this chain, to judge no transaction twice.
    """
    hung = (StatedRows(tuple(stated)),) if stated else ()
    explorer = Explorer(chain, labels, runs or Runs(), hung, worth, looks)
    return explorer.graph(query, again=lambda kept: kept.is_out_of_time)
