"""Pages of a whole chain, which lies in a store: they show what pages of a slice show."""

from __future__ import annotations

import re

import pytest

from kancil.bitcoin.chain.chain import Chain
from kancil.bitcoin.chain.ingest import ingest
from kancil.bitcoin.network import network_named
from kancil.bitcoin.store import files
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


def test_the_site_lets_go_of_a_store_when_a_writer_waits(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("kancil.desk.studies.open_chains._LOOK_SECONDS", 0.1)
    monkeypatch.setattr(files, "PATIENCE_SECONDS", 10.0)
    folder = site.workspace.chains_dir / "whole"
    ingest(folder, [BLOCKS], network=network_named("regtest"), first_height=0)
    client = site.client("officer")
    chain = Chain.open(folder)
    output = next(row for row in range(chain.columns.output_count) if chain.address_of(row))
    graph = f"graph/?start={chain.outpoint(output)}&patterns=1&clusters=1"
    address = chain.address_of(output)
    del chain
    for path in ("", graph, f"address/{address}/", f"clusters/{address}/exposure/"):
        assert client.get(f"/chains/whole/{path}").status_code == 200, path
    with files.unread(folder):
        assert files.is_wanted(folder)
    assert client.get(f"/chains/whole/{graph}").status_code == 200


def test_a_chain_that_is_being_changed_is_said_to_be_and_the_others_are_shown(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(files, "READER_PATIENCE_SECONDS", 0.0)
    folder = site.workspace.chains_dir / "whole"
    ingest(folder, [BLOCKS], network=network_named("regtest"), first_height=0)
    client = site.client("reader")
    with files.unread(folder):
        refused = client.get("/chains/whole/")
        assert refused.status_code == 503
        assert "cannot be read now: blocks are being removed" in refused.content.decode()
        listed = client.get("/chains/").content.decode()
        assert "cannot be read now: it is being updated" in listed
        assert 'href="/chains/main/"' in listed
        assert client.get("/chains/main/").status_code == 200
    assert "being updated" not in client.get("/chains/").content.decode()
    assert client.get("/chains/whole/").status_code == 200
