"""A tag is a label of the unit, with its reason in the ledger; nobody else speaks in its name."""

from __future__ import annotations

import io
from html import unescape
from typing import Any

import pytest

from tests.cli.running import Unit
from tests.cli.sample_unit import LONG_CHAIN, PAID_ADDRESS, copied
from tests.web.site import Site, site_of
from tests.work.shop import Shop

NEW = "/tags/new/"
TAG = {
    "chain": "main", "value": PAID_ADDRESS, "label": "Deposit of the scam <shop>",
    "category": "exchange", "confidence": "medium", "reason": "paid by two victims",
}  # fmt: skip


@pytest.fixture
def site(sample: Unit, tmp_path_factory: pytest.TempPathFactory) -> Site:
    """A unit of its own for each test."""
    return site_of(copied(sample, tmp_path_factory.mktemp("tagging")))


def labels(site: Site, address: str = PAID_ADDRESS) -> list[Any]:
    from kancil.desk.studies.queries import labels_of, open_chain

    network = open_chain(site.workspace, "main").network
    return [
        each
        for each in labels_of(site.workspace, address, network)
        if each.publisher == "Sample Unit"
    ]


def test_a_tag_is_a_label_of_the_unit_and_an_entry(site: Site) -> None:
    answer = site.client("officer").post(NEW, {**TAG, "next": "/cases/1/"})
    assert answer.headers["Location"] == "/cases/1/"
    (label,) = labels(site)
    assert (label.label, label.category, label.confidence) == (TAG["label"], "exchange", "medium")
    assert label.context == "paid by two victims"
    assert label.is_service, "a trace stops at it as at any label of that category"
    entry = site.entries("labels.imported")[-1]
    assert entry.body["publisher"] == "Sample Unit"
    assert entry.body["sha256"] == label.file_sha256
    assert entry.body["tag"]["reason"] == "paid by two victims"
    site.client("officer").post(NEW, TAG)
    assert len(labels(site)) == 1, "the same tag of the same day is made once"
    shown = site.client("reader").get(f"/chains/main/address/{PAID_ADDRESS}/").content.decode()
    assert "Deposit of the scam &lt;shop&gt;" in shown
    site.verify()


@pytest.mark.parametrize(
    ("field", "wrong"),
    [
        ("value", "1NpHuti9NSM9fVTXLkvSDU4AnhqGQ5N53e"), ("value", ""), ("label", ""),
        ("value", "5KJvsngHeMpm884wtkJNzQGaCErckhHJBGFsvd3VyK5qMZXj3hS"),
        ("category", "planet"), ("confidence", "certain"), ("reason", ""), ("chain", "other"),
        ("value", "TN3W4H6rK2ce4vX9YnFQHwKENnHjoxb3m9"),
    ],
)  # fmt: skip
def test_a_tag_that_is_none_is_refused_and_nothing_is_stored(
    site: Site, field: str, wrong: str
) -> None:
    before = len(site.entries("labels.imported"))
    assert site.client("officer").post(NEW, {**TAG, field: wrong}).status_code in (200, 400)
    assert len(site.entries("labels.imported")) == before
    assert not labels(site)


def test_a_tag_that_cannot_be_recorded_leaves_no_label(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(*_: object, **__: object) -> None:
        raise RuntimeError("no")

    monkeypatch.setattr("kancil.desk.studies.tagging.record_labels", fails)
    with pytest.raises(RuntimeError):
        site.client("officer").post(NEW, TAG)
    assert not labels(site)


def test_a_reader_tags_nothing(site: Site) -> None:
    assert site.client("reader").post(NEW, TAG).status_code == 403
    assert not labels(site)


def send(site: Site, data: str, name: str = "labels.csv", **given: str) -> Any:
    file = io.BytesIO(data.encode())
    file.name = name
    sent = {"label_file": file, "network": "mainnet", **given}
    return site.client("officer").post("/labels/import/", sent)


ROWS = f"address,label,category\n{PAID_ADDRESS},Somebody,exchange\n"
NAMED = f"address,label,publisher\n{PAID_ADDRESS},Somebody,sample  UNIT\n"


def test_a_file_without_a_publisher_is_refused_in_the_form(site: Site) -> None:
    answer = send(site, ROWS)
    assert answer.status_code == 200
    assert "does not say who publishes it" in unescape(answer.content.decode())
    assert send(site, ROWS, publisher="Somebody else").status_code == 302
    pack = f"title: x\ncreator: Someone\ntags:\n  - address: {PAID_ADDRESS}\n    label: y\n"
    assert send(site, pack, "pack.yaml").status_code == 302
    assert send(site, pack.replace("creator: Someone\n", ""), "pack.yaml").status_code == 200


def test_a_file_that_speaks_in_the_units_name_is_refused(site: Site) -> None:
    told = send(site, ROWS, publisher="sample unit").content.decode()
    assert "this unit, as the publisher of labels" in unescape(told)
    shop = Shop(site, "")
    task = send(site, NAMED).headers["Location"].split("/")[-2]
    shop.work_off()
    assert shop.task(task).state == "failed"
    assert not labels(site)
    page = unescape(site.client("officer").get(f"/tasks/{task}/").content.decode())
    assert "this unit, as the publisher of labels" in page


def test_the_command_refuses_a_file_that_speaks_in_the_units_name(
    site: Site, tmp_path_factory: pytest.TempPathFactory
) -> None:
    path = tmp_path_factory.mktemp("own") / "own.csv"
    path.write_text(NAMED)
    error = site.unit.refused("labels", "import", path)
    assert error["code"] == "unit-is-not-its-publisher"
    assert not labels(site)


def test_a_tag_is_withdrawn_by_an_entry_and_no_new_answer_looks_at_it(site: Site) -> None:
    from kancil.desk.studies.queries import label_shelf

    officer = site.client("officer")
    officer.post(NEW, TAG)
    (stored,) = [each for each in label_shelf(site.workspace).imports if each.format == "unit-tag"]
    url = f"/labels/{stored.id}/"
    assert "Withdraw tag" in officer.get(url).content.decode()
    assert "Withdraw tag" not in site.client("reader").get(url).content.decode()
    officer.post(f"{url}withdraw/", {"reason": ""})
    assert len(labels(site)) == 1, "a withdrawal has its reason"
    officer.post(f"{url}withdraw/", {"reason": "the shop was another one"})
    assert labels(site) == []
    entry = site.entries("label.withdrawn")[-1]
    assert entry.body["sha256"] == stored.file_sha256
    assert entry.body["reason"] == "the shop was another one"
    assert "This tag was withdrawn" in officer.get(url).content.decode()
    before = len(site.entries("label.withdrawn"))
    officer.post(f"{url}withdraw/", {"reason": "again"})
    assert len(site.entries("label.withdrawn")) == before
    officer.post(NEW, TAG)
    assert len(labels(site)) == 1, "the same may be said again"
    site.verify()


def test_a_publishers_file_cannot_be_withdrawn(site: Site) -> None:
    from kancil.desk.studies.queries import label_shelf

    stored = label_shelf(site.workspace).imports[0]
    site.client("officer").post(f"/labels/{stored.id}/withdraw/", {"reason": "no"})
    assert not label_shelf(site.workspace).imports[0].is_withdrawn
    assert not site.entries("label.withdrawn")


def test_a_trace_says_that_a_label_it_looked_at_was_withdrawn(site: Site) -> None:
    from kancil.desk.studies.queries import label_shelf

    officer = site.client("officer")
    site.unit.say("bitcoin", "trace", "main", LONG_CHAIN, "--case", "C1", "--why", "sample")
    page = f"/cases/1/money/{site.entries('trace.run')[-1].body['number']}/"
    rows = officer.get(f"{page}rows/transfers.csv").content.decode("utf-8-sig").splitlines()
    place = rows[0].split(",").index("address")
    address = next(each.split(",")[place] for each in rows[1:] if each.split(",")[place])
    officer.post(NEW, {**TAG, "value": address})
    assert "new label touches this result" in unescape(officer.get(page).content.decode())
    officer.post(f"{page}again/")
    (stored,) = [each for each in label_shelf(site.workspace).imports if each.format == "unit-tag"]
    trace = max(each.body["number"] for each in site.entries("trace.run"))
    again = f"/cases/1/money/{trace}/"
    assert "was withdrawn since" not in officer.get(again).content.decode()
    officer.post(f"/labels/{stored.id}/withdraw/", {"reason": "another shop"})
    assert "was withdrawn since" in officer.get(again).content.decode()
    assert "new label touches" not in officer.get(page).content.decode()


def test_of_two_who_withdraw_a_tag_at_once_the_second_is_told(site: Site) -> None:
    from kancil.desk.studies.errors import TagWithdrawnAlready
    from kancil.desk.studies.queries import label_shelf
    from kancil.desk.studies.tagging import withdraw_tag

    site.client("officer").post(NEW, TAG)
    (seen,) = [each for each in label_shelf(site.workspace).imports if each.format == "unit-tag"]

    def withdraw(reason: str) -> None:
        person = site.people["officer"]
        withdraw_tag(site.ledger, site.workspace, seen, reason, person=person, by=site.by)

    withdraw("another shop")
    with pytest.raises(TagWithdrawnAlready):
        withdraw("the same")
    assert len(site.entries("label.withdrawn")) == 1


def test_a_tag_is_withdrawn_by_whoever_made_it_or_leads(site: Site) -> None:
    from kancil.desk.studies.queries import label_shelf

    site.client("examiner").post(NEW, TAG)
    (stored,) = [each for each in label_shelf(site.workspace).imports if each.format == "unit-tag"]
    url = f"/labels/{stored.id}/"
    assert "Withdraw tag" not in site.client("officer").get(url).content.decode()
    answer = site.client("officer").post(f"{url}withdraw/", {"reason": "I do not like it"})
    assert answer.status_code == 403
    assert "Somebody else made this tag" in unescape(answer.content.decode())
    assert len(labels(site)) == 1
    assert "Withdraw tag" in site.client("examiner").get(url).content.decode()
    site.client("supervisor").post(f"{url}withdraw/", {"reason": "the shop was another one"})
    assert labels(site) == []
