"""Labels and a check of a bundle begin from the exhibit: no file is chosen again."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from kancil.custody.roll import Roll
from kancil.ground.words import render
from tests.cli.running import Unit
from tests.cli.sample_unit import PAID_ADDRESS, copied
from tests.web.site import Site, site_of
from tests.work.launch import load
from tests.work.shop import Shop


@pytest.fixture(scope="module")
def begun_unit(sample: Unit, tmp_path_factory: pytest.TempPathFactory) -> Unit:
    """Exhibit 3 is a label file, exhibit 4 a bundle of this unit, exhibit 5 one that was cut."""
    folder = tmp_path_factory.mktemp("begun")
    unit = copied(sample, folder)
    labels, bundle, cut = folder / "labels.csv", folder / "bundle.zip", folder / "cut.zip"
    labels.write_text(f"address,label\n{PAID_ADDRESS},A shop\n", "utf-8")
    unit.say("bundle", "C1", "-o", bundle)
    cut.write_bytes(bundle.read_bytes()[:-1_000])
    for path in (labels, bundle, cut):
        unit.say("exhibit", "add", "C1", path, "--title", path.name)
    return unit


@pytest.fixture
def begun(begun_unit: Unit, tmp_path: Path) -> Shop:
    load()
    return Shop(site_of(copied(begun_unit, tmp_path)), "")


def file_page(site: Site, exhibit: int) -> str:
    """The address of the one file of an exhibit."""
    page = site.client("officer").get(f"/cases/1/exhibits/{exhibit}/").content.decode()
    found = re.search(rf'"(/cases/1/exhibits/{exhibit}/files/[0-9a-f]{{64}}/)"', page)
    assert found is not None
    return found[1]


def test_labels_are_imported_from_the_exhibit(begun: Shop) -> None:
    site = begun.site
    client, url = site.client("officer"), f"{file_page(site, 3)}labels/"
    assert f'href="{url}"' in client.get("/cases/1/exhibits/3/").content.decode()
    assert 'type="file"' not in client.get(url).content.decode()
    sent = {"network": "mainnet"}
    unnamed = client.post(url, {**sent, "publisher": ""})
    assert "does not say who publishes it" in unnamed.content.decode()
    before = len(site.entries("labels.imported"))
    answer = client.post(url, {**sent, "publisher": "The shop"})
    assert answer.status_code == 302
    begun.work_off()
    entry = site.entries("labels.imported")[before]
    (content,) = site.ledger.folded(Roll).exhibit("E3").contents
    assert (entry.body["sha256"], entry.body["publisher"]) == (content["sha256"], "The shop")
    assert site.client("reader").get(url).status_code == 403
    assert not list(site.workspace.uploads_dir.glob("task-*"))


@pytest.mark.parametrize(("exhibit", "answer"), [(4, "unchanged"), (5, "not-intact")])
def test_a_bundle_is_checked_from_the_exhibit(begun: Shop, exhibit: int, answer: str) -> None:
    client = begun.site.client("reader")
    url = f"{file_page(begun.site, exhibit)}check/"
    assert 'type="file"' not in client.get(url).content.decode()
    page = client.post(url, {"fingerprint": ""}).content.decode()
    assert render(f"web.verify.{answer}") in page
