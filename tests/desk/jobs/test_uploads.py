"""Upload intake behind the pages: equal digests or nothing, one exhibit, killed at every step."""

from __future__ import annotations

import hashlib
import io
from typing import Any

import pytest

from kancil.custody.roll import Roll
from kancil.custody.verify import verify_ledger
from kancil.evidence.intake import read_listing
from kancil.evidence.named import check_contents, named_contents
from kancil.evidence.spool import Sending, SentFile, Spool
from kancil.evidence.vault import Vault
from tests.desk.killing import run_and_kill
from tests.work.shop import Shop

PARTS = (b"first" * 1000, b"", b"third" * 3000)
NAMES = ("..<U+002F>a.txt", "A.TXT", "a.txt")


def spool_of(shop: Shop) -> Spool:
    return Spool(shop.site.workspace.uploads_dir)


def sent(shop: Shop, *parts: bytes, stated: dict[int, str] | None = None) -> Sending:
    """Send files whole; `stated`: digests that the browser is to state, by place."""
    spool = spool_of(shop)
    digests = [hashlib.sha256(part).hexdigest() for part in parts]
    files = tuple(
        SentFile(name, len(part), (stated or {}).get(place, digest))
        for place, (name, part, digest) in enumerate(zip(NAMES, parts, digests, strict=False))
    )
    made = spool.begin(
        case=shop.site.case("C1"),
        person=str(shop.site.people["officer"].pk),
        title="Sent",
        source="A witness",
        files=files,
    )
    for place, (part, digest) in enumerate(zip(parts, digests, strict=True), 1):
        if part:
            stream = io.BytesIO(part)
            spool.add(made, place, offset=0, size_bytes=len(part), sha256=digest, stream=stream)
    return made


def ask(shop: Shop, sending: Sending, case: str = "C1") -> str:
    return shop.ask("admit-upload", case=case, id=sending.id)


def added(shop: Shop, exhibit: str) -> list[Any]:
    return [each for each in shop.site.entries("exhibit.added") if each.exhibit_id == exhibit]


def whole(shop: Shop) -> None:
    """Ledger and vault agree, and what is left over is swept by the next intake."""
    ledger, workspace = shop.site.ledger, shop.site.workspace
    vault = Vault(workspace.vault_dir, workspace.incoming_dir)
    roll = ledger.folded(Roll)

    def named() -> set[str]:
        return named_contents(roll, ledger.entries(), vault)

    assert verify_ledger(ledger).problems == []
    assert list(check_contents(roll, vault)) == []
    with vault.intake_open(named):
        assert vault.orphans(named()) == []


def test_an_upload_becomes_one_exhibit_under_the_names_it_was_sent_with(any_shop: Shop) -> None:
    sending = sent(any_shop, *PARTS)
    task_id = ask(any_shop, sending)
    assert any_shop.work_off() == 1
    gave = any_shop.gave(task_id)
    (entry,) = added(any_shop, sending.id)
    assert (entry.body["title"], entry.body["source"]) == ("Sent", "A witness")
    assert entry.body["on_behalf"]["account"] == "officer"
    assert {each["name"]: each["sha256"] for each in gave["received"]} == {
        file.name: file.sha256 for file in sending.files
    }
    workspace = any_shop.site.workspace
    vault = Vault(workspace.vault_dir, workspace.incoming_dir)
    lines = list(read_listing(vault, entry.body["content"]["listing_sha256"]))
    assert {(line["path"], line["modified_at"]) for line in lines} == {
        (each, None) for each in NAMES
    }
    assert spool_of(any_shop).find(sending.id) is None
    whole(any_shop)


def test_what_differs_from_what_the_browser_stated_is_not_taken_in(shop: Shop) -> None:
    sending = sent(shop, *PARTS, stated={2: "0" * 64})
    before = shop.site.ledger.head().size
    task_id = ask(shop, sending)
    shop.work_off()
    error = shop.task(task_id).error
    assert error is not None
    assert error["code"] == "upload-differs"
    assert error["params"] == {
        "name": "a.txt", "stated": "0" * 64, "found": hashlib.sha256(PARTS[2]).hexdigest(),
    }  # fmt: skip
    assert shop.site.ledger.head().size == before
    assert spool_of(shop).find(sending.id) is None
    whole(shop)


def test_a_byte_that_changed_in_the_spool_is_seen(shop: Shop) -> None:
    sending = sent(shop, *PARTS)
    path = next(iter(spool_of(shop).paths(sending)))
    data = bytearray(path.read_bytes())
    data[7] ^= 1
    path.write_bytes(bytes(data))
    task_id = ask(shop, sending)
    shop.work_off()
    assert shop.met(task_id) == "upload-differs"
    assert added(shop, sending.id) == []


def test_what_is_gone_or_of_another_case_is_not_taken_in(shop: Shop) -> None:
    gone, other = sent(shop, PARTS[0]), sent(shop, PARTS[2])
    spool_of(shop).drop(gone.id)
    tasks = [ask(shop, gone), shop.ask("admit-upload", case=None, id=other.id)]
    shop.work_off()
    assert shop.met(tasks[0]) == "upload-not-readable"
    assert shop.met(tasks[1]) == "case-not-found"
    assert added(shop, other.id) == []
    assert spool_of(shop).find(other.id) is not None


def test_refused_for_another_reason_it_keeps_what_was_sent(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    from kancil.ground.errors import DiskFull

    def full(*_: object) -> None:
        raise DiskFull(path="/vault")

    sending = sent(shop, *PARTS)
    with monkeypatch.context() as patch:
        patch.setattr(Vault, "take", full)
        task_id = ask(shop, sending)
        shop.work_off()
    assert shop.met(task_id) == "disk-full"
    fresh = spool_of(shop).renew(sending)
    assert fresh is not None
    ask(shop, fresh)
    shop.work_off()
    assert len(added(shop, fresh.id)) == 1
    whole(shop)


@pytest.mark.thorough
def test_killed_before_every_step_it_is_taken_in_once_by_the_next_try(shop: Shop) -> None:
    """A step is a statement, a commit, or whatever reaches the disk."""
    from kancil.desk.base.opening import open_desk

    exhibits = []
    step = 1
    was_killed = True
    while was_killed:
        sending = sent(shop, PARTS[0] + str(step).encode(), PARTS[2])
        ask(shop, sending)
        was_killed = run_and_kill(lambda: shop.worker(lease_seconds=0.0).do_next(), before=step)
        open_desk(shop.site.workspace)
        shop.work_off()
        assert shop.task(sending.id).state == "done", (step, shop.task(sending.id).error)
        exhibits.append(sending.id)
        step += 7
    assert step > 60, "the steps are not seen any more"
    assert [len(added(shop, each)) for each in exhibits] == [1] * len(exhibits)
    whole(shop)
    from kancil.desk.jobs.uploads import sweep_uploads

    sweep_uploads(shop.site.workspace)
    assert spool_of(shop).all() == []
