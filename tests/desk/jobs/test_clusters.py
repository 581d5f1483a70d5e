"""Clusters made behind the pages: the command's own, once, and not made again."""

from __future__ import annotations

from tests.web.site import Site
from tests.work.shop import Shop

ASKED = "1Pu6ECnJkRMn5pJqjbwE6dBv88tY9CBEQ5"


def kept(site: Site) -> tuple[int, int]:
    status = (site.workspace.chains_dir / "main" / "clusters.map").stat()
    return status.st_ino, status.st_mtime_ns


def test_clusters_are_made_once_and_the_command_finds_them(any_shop: Shop) -> None:
    site = any_shop.site
    task_id = any_shop.ask("make-clusters", chain="main")
    assert any_shop.work_off() == 1
    gave = any_shop.gave(task_id)
    assert gave["clusters_of"] == "main"
    assert gave["addresses"] > gave["clusters"] > 100
    assert gave["set_aside"] == 3
    made = kept(site)
    assert site.unit.ask("bitcoin", "cluster", "main", ASKED)["size"] == 16
    assert site.unit.ask("bitcoin", "exposure", "main", ASKED, "--cluster")["addresses"] == 16
    assert kept(site) == made, "neither command made others"
    again = any_shop.ask("make-clusters", chain="main")
    any_shop.work_off()
    assert any_shop.gave(again) == gave
    assert kept(site) == made


def test_no_ledger_entry_rests_on_them(shop: Shop) -> None:
    before = shop.site.ledger.head().size
    shop.ask("make-clusters", chain="main")
    shop.work_off()
    assert shop.site.ledger.head().size == before


def test_a_chain_that_is_not_here_is_told(shop: Shop) -> None:
    for name, code in (("../main", "chain-name-wrong"), ("other", "chain-not-found")):
        task_id = shop.ask("make-clusters", chain=name)
        shop.work_off()
        assert shop.met(task_id) == code, name
