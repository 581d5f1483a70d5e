"""Pages of a whole chain, which lies in a store: they show what pages of a slice show."""

from __future__ import annotations

import re

from kancil.bitcoin.chain import Chain
from kancil.bitcoin.ingest import ingest
from kancil.bitcoin.network import network_named
from tests.web.site import Site
from tools.tree import ROOT

BLOCKS = ROOT / "sample" / "invented"


def test_pages_of_a_whole_chain_are_those_of_a_slice(site: Site) -> None:
    network = network_named("regtest")
    chains = site.workspace.chains_dir
    ingest(chains / "whole", [BLOCKS], network=network, first_height=0)
    ingest(chains / "piece", [BLOCKS], network=network)
    chain = Chain.open(chains / "piece")
    output = next(
        number
        for number in range(chain.columns.output_count // 2, chain.columns.output_count)
        if chain.graph.output_spender[number] >= 0 and chain.address_of(number)
    )
    tx = chain.graph.tx_of_output(output)
    client = site.client("reader")
    assert "whole" in client.get("/chains/").content.decode()
    for path in (
        "", f"tx/{chain.txid(tx)}/", "block/60/", f"address/{chain.address_of(output)}/",
        f"graph/?start={chain.outpoint(output)}",
    ):  # fmt: skip
        pages = [client.get(f"/chains/{name}/{path}") for name in ("whole", "piece")]
        assert [page.status_code for page in pages] == [200, 200], path
        told = [re.sub(r"whole|piece", "NAME", page.content.decode()) for page in pages]
        told = [re.sub(r'CSRFToken": "[^"]*"|csrf[^>]*>', "", text) for text in told]
        assert told[0] == told[1], path
