"""The pages of background work: who sees what, who cancels, what is said of how it went."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta

import pytest

from kancil.ground import clock
from kancil.ground.ids import new_id
from tests.cli.sample_unit import FIRST_COINS, FIRST_PAYMENT, PAID_ADDRESS
from tests.web.site import OUTSIDER, Site
from tests.web.test_permissions import RAW_KEY
from tests.work.launch import load
from tests.work.shop import Shop

pytestmark = pytest.mark.thorough


@pytest.fixture
def shop(site: Site) -> Shop:
    """The served sample unit, where work can be asked for."""
    load()
    return Shop(site, "")


def body(shop: Shop, person: str, address: str) -> str:
    answer = shop.site.client(person).get(address)
    assert answer.status_code == 200, (person, address, answer.status_code)
    return str(answer.content.decode())


def test_a_unit_without_work_says_what_will_stand_here(shop: Shop) -> None:
    assert "No jobs yet" in body(shop, "officer", "/tasks/")
    assert 'id="running"' not in body(shop, "officer", "/")


def test_members_of_the_case_see_its_work_and_nobody_else_knows_of_it(shop: Shop) -> None:
    task_id = shop.ask("run-trace", case="C1", chain="main", starts=[FIRST_COINS], policy="fifo")
    for person in ("officer", "examiner", "reader", "supervisor"):
        assert "Trace money" in body(shop, person, "/tasks/")
        assert body(shop, person, f"/tasks/{task_id}/")
    stranger = shop.site.client(OUTSIDER)
    assert "Trace money" not in body(shop, OUTSIDER, "/tasks/")
    absent = stranger.get(f"/tasks/{new_id()}/")
    for answer in (stranger.get(f"/tasks/{task_id}/"), stranger.post(f"/tasks/{task_id}/cancel/")):
        assert (answer.status_code, absent.status_code) == (404, 404)
    assert shop.task(task_id).state == "waiting"
    shop.work_off()
    assert task_id not in body(shop, OUTSIDER, "/tasks/")


def test_home_shows_what_runs_and_asks_for_it_again(shop: Shop) -> None:
    shop.ask("toy-record", mark="a")
    page = body(shop, "officer", "/")
    assert 'hx-get="/tasks/now/"' in page
    assert 'hx-trigger="every 2s"' in page
    shop.work_off()
    assert "hx-trigger" not in body(shop, "officer", "/tasks/now/"), "it stops when all has ended"


def test_only_who_asked_and_heads_of_the_unit_may_cancel(shop: Shop) -> None:
    task_id = shop.ask("toy-record", mark="a", case="C1")
    cancel = f"/tasks/{task_id}/cancel/"
    assert cancel not in body(shop, "examiner", "/tasks/")
    assert shop.site.client("examiner").post(cancel).status_code == 403
    assert shop.site.client("reader").post(cancel).status_code == 403
    assert shop.site.client("officer").get(cancel).status_code == 405
    assert shop.task(task_id).state == "waiting"
    assert cancel in body(shop, "officer", "/tasks/")
    assert cancel in body(shop, "supervisor", "/tasks/")
    assert shop.site.client("officer").post(cancel).status_code == 302
    assert shop.task(task_id).state == "cancelled"
    assert "cancelled" in body(shop, "officer", f"/tasks/{task_id}/")


def test_a_task_that_is_done_links_to_what_it_made(shop: Shop) -> None:
    trace = shop.ask("run-trace", case="C1", chain="main", starts=[FIRST_COINS], policy="fifo")
    folder = shop.site.workspace.intake_dir / "disk"
    folder.mkdir(parents=True)
    (folder / "a.txt").write_bytes(b"a")
    (folder / "b.txt").symlink_to("a.txt")
    taken = shop.ask("admit-folder", case="C1", folder="disk", title="A disk", source="Seized")
    shop.work_off()
    page = body(shop, "officer", f"/tasks/{trace}/")
    assert "T4 under fifo" in page
    assert "/cases/1/money/" in page
    page = body(shop, "officer", f"/tasks/{taken}/")
    number = shop.gave(taken)["exhibit"]
    assert f"/cases/1/exhibits/{number}/" in page
    assert "What was left out, and why" in page
    assert "b.txt" in page
    assert shop.site.client("officer").get(f"/cases/1/exhibits/{number}/").status_code == 200


def test_a_task_that_failed_says_why_and_what_to_do_next(shop: Shop) -> None:
    refused = shop.ask("toy-refused")
    faulty = shop.ask("toy-faulty", mark="a")
    shop.work_off()
    page = body(shop, "officer", f"/tasks/{refused}/")
    assert "/a/full/disk" in page
    page = body(shop, "officer", f"/tasks/{faulty}/")
    assert "ZeroDivisionError" in page
    assert "Start it once more" in page
    assert "Traceback" not in page
    for each in (refused, faulty):
        assert not RAW_KEY.findall(body(shop, "officer", f"/tasks/{each}/"))


def test_a_running_task_shows_its_stage_and_how_far_it_is(shop: Shop) -> None:
    from kancil.desk.jobs.actions import Told, claim, renew

    task_id = shop.ask("toy-record", mark="a")
    task = claim("w", 30)
    assert task is not None
    renew(task, 30, Told("progress.bitcoin-read", "bytes", 412_000_000, 603_000_000))
    page = body(shop, "officer", "/tasks/now/")
    assert "412.0 MB of 603.0 MB" in page
    assert re.search(r'<progress value="412000000" max="603000000"', page)
    renew(task, 30, Told("progress.trace", "transactions", 12_345, None))
    page = body(shop, "officer", f"/tasks/{task_id}/")
    assert "12\u202f345" in page
    assert 'hx-select="#task"' in page


def test_names_from_outside_are_escaped(shop: Shop) -> None:
    task_id = shop.ask("toy-record", mark="a")
    row = shop.task(task_id)
    row.name = "<script>alert(1)</script>"
    row.error = {"code": "work-unknown", "params": {"name": "<img src=x>"}}
    row.save()
    for address in ("/tasks/", f"/tasks/{task_id}/"):
        page = body(shop, "officer", address)
        assert "<script>alert" not in page
        assert "<img src=x>" not in page


def test_work_that_waits_and_waits_says_that_there_may_be_no_worker(shop: Shop) -> None:
    task_id = shop.ask("toy-record", mark="a")
    assert "none is running" not in body(shop, "officer", "/tasks/")
    row = shop.task(task_id)
    row.run_after -= timedelta(seconds=90)
    row.save()
    assert "none is running" in body(shop, "officer", "/tasks/")


def asked_for(shop: Shop) -> Iterator[str]:
    """Ask for each real work, one after another; give its task."""
    from kancil.desk.jobs.uploads import sent_for

    folder = shop.site.workspace.intake_dir / "disk"
    folder.mkdir(parents=True)
    (folder / "a.txt").write_bytes(b"a")
    sent = sent_for(shop.site.workspace, task_id := new_id())
    sent.mkdir(parents=True)
    (sent / "labels.csv").write_text(f"address,label\n{PAID_ADDRESS},A\n")
    yield shop.ask("admit-folder", case="C1", folder="disk", title="A disk", source="Seized")
    yield shop.ask("import-labels", id=task_id, file="labels.csv", publisher="Tests")
    yield shop.ask("ingest", case="C1", chain="second", exhibits=["E1"], spent=["E2"])
    yield shop.ask("run-trace", case="C1", chain="main", starts=[FIRST_COINS], policy="fifo")


@pytest.mark.thorough
def test_the_page_tells_that_a_worker_died_in_any_work_and_another_does_it_once(
    shop: Shop,
) -> None:
    """What a worker that was killed leaves: bytes and files written, the effect not, a lease."""
    from kancil.desk.jobs.doing import Doing
    from kancil.desk.jobs.models import Task

    def killed(*_: object) -> None:
        raise KeyboardInterrupt

    for task_id in asked_for(shop):
        page = f"/tasks/{task_id}/"
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(Doing, "once", killed)
            with pytest.raises(KeyboardInterrupt):
                shop.worker().do_next()
        assert "has not answered" not in body(shop, "officer", page), "its lease is not over"
        assert not shop.worker().do_next()
        Task.objects.filter(id=task_id).update(lease_until=clock.now() - timedelta(seconds=1))
        for address in (page, "/tasks/", "/"):
            assert "has not answered" in body(shop, "officer", address), address
        before = shop.site.ledger.head().size
        assert shop.work_off() == 1
        assert shop.site.ledger.head().size == before + 1
        seen = body(shop, "officer", page)
        assert "has not answered" not in seen
        assert (shop.task(task_id).state, shop.task(task_id).attempt) == ("done", 2)
        assert "hx-trigger" not in seen, "the page asks no more"
    assert shop.site.ledger.derived_faults() == []


def test_work_that_waits_behind_a_dead_worker_says_so(shop: Shop) -> None:
    from kancil.desk.jobs.actions import claim
    from kancil.desk.jobs.models import Task

    shop.ask("toy-record", mark="a")
    shop.ask("toy-record", mark="b")
    assert claim("w", 30) is not None
    Task.objects.update(run_after=clock.now() - timedelta(seconds=90))
    assert "none is running" not in body(shop, "officer", "/tasks/")
    Task.objects.update(lease_until=clock.now() - timedelta(seconds=1))
    assert "none is running" in body(shop, "officer", "/tasks/")


def test_a_part_asked_for_after_the_session_is_over_sends_the_page_to_sign_in(shop: Shop) -> None:
    client = shop.site.client(None)
    answer = client.get("/tasks/now/", headers={"HX-Request": "true"})
    assert (answer.status_code, answer.headers["HX-Refresh"]) == (401, "true")
    assert client.get("/tasks/now/").status_code == 302


def test_whoever_watches_a_study_is_led_to_its_result(shop: Shop) -> None:
    task_id = shop.ask(
        "run-study", case="C1", study="change", asked={"chain": "main", "txid": FIRST_PAYMENT}
    )
    client = shop.site.client("officer")
    where = f"/tasks/{task_id}/"
    assert "Change: in progress" in body(shop, "officer", where)
    assert "HX-Redirect" not in client.get(where, headers={"HX-Request": "true"}).headers
    shop.work_off()
    led = client.get(where, headers={"HX-Request": "true"}).headers["HX-Redirect"]
    assert led.startswith("/cases/1/studies/")
    assert client.get(led).status_code == 200
    assert client.get(where).status_code == 200, "asked for as a page, it stays"


def test_a_page_that_watched_a_job_is_loaded_anew_once_it_was_cancelled(shop: Shop) -> None:
    where = f"/tasks/{shop.ask('toy-record', mark='a', case='C1')}/"
    client, part = shop.site.client("officer"), {"HX-Request": "true"}
    assert "HX-Refresh" not in client.get(where, headers=part).headers
    client.post(f"{where}cancel/")
    assert client.get(where, headers=part).headers["HX-Refresh"] == "true"
    assert "in progress" not in body(shop, "officer", where)
    assert 'role="columnheader">Job</th>' in body(shop, "officer", "/tasks/")
