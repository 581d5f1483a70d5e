"""One button of a trainer: every trainee finds the first payment on the real blocks."""

from __future__ import annotations

import re

from django.urls import reverse

from kancil.desk.jobs.models import State, Task
from kancil.desk.training.models import TrainingClass
from tests.cli.running import Unit
from tests.web.training.browser import Browsers, text_of

FIRST_PAYMENT = "f4184fc596403b9d638783cf57adfe4c75c605f6356fbc91338530e9831e9e16"
CHAIN = "first-blocks"


def _class_page(browsers: Browsers) -> str:
    made = TrainingClass.objects.get(pk=browsers.school.training_class.pk)
    return reverse("training_class", kwargs={"training_class": made.id})


def test_a_trainer_adds_the_blocks_and_a_trainee_opens_the_first_payment(
    browsers: Browsers,
) -> None:
    school = browsers.school
    trainer, trainee = browsers.of(school.trainer), browsers.of(school.join("noy"))
    url = _class_page(browsers)
    assert "Add the first real blocks" in text_of(trainer.get(url))
    assert trainee.post(url, {"do": "first-blocks"}).status_code in (403, 404)
    asked = trainer.post(url, {"do": "first-blocks"})
    again = trainer.post(url, {"do": "first-blocks"})
    assert asked.status_code == 302
    assert asked["Location"] == again["Location"]
    school.work()
    task = Task.objects.get(name="read-first-blocks")
    assert task.state == State.DONE, task.error
    assert "600 blocks" in text_of(trainer.get(asked["Location"]))
    shown = trainer.get(url)
    assert "holds the first 600 real blocks" in text_of(shown)
    assert "Add the first real blocks" not in text_of(shown)
    block = reverse("block", kwargs={"chain": CHAIN, "block": "170"})
    assert f'href="{block}"' in shown.content.decode()
    for page in (trainer, trainee):
        assert CHAIN in text_of(page.get(reverse("chains")))
        assert "170" in text_of(page.get(block))
        seen = text_of(page.get(reverse("tx", kwargs={"chain": CHAIN, "txid": FIRST_PAYMENT})))
        assert re.search(r"\b10\b", seen)
        assert re.search(r"\b40\b", seen)


def test_a_trainee_follows_the_change_of_the_first_payment_in_a_case_of_their_own(
    browsers: Browsers,
) -> None:
    school = browsers.school
    page = browsers.of(school.join("noy"))
    browsers.of(school.trainer).post(_class_page(browsers), {"do": "first-blocks"})
    school.work()
    given = {
        "case_title": "Block 170", "basis_kind": "stated", "authority": "An exercise",
        "basis_scope": "Real blocks, no real case", "first_start": f"{FIRST_PAYMENT}:1",
    }  # fmt: skip
    answer = page.post(reverse("case_new"), given)
    assert answer.status_code == 302, text_of(answer)
    asked = page.get(answer["Location"])
    assert f"{FIRST_PAYMENT}:1" in asked.content.decode()
    answer = page.post(asked.request["PATH_INFO"], {
        "start": f"{FIRST_PAYMENT}:1", "chain": CHAIN, "policy": "haircut",
        "policy_reason": "exercise", "direction": "forward",
    })  # fmt: skip
    assert answer.status_code == 302, text_of(answer)
    seen = text_of(page.get(answer["Location"]))
    assert "Of the 40 BTC asked about" in seen
    assert "all of them are unspent in the blocks held" in seen
    places = text_of(page.get(answer["Location"] + "?tab=now"))
    for amount in ("10.0", "1.0", "18.0", "11.0"):
        assert amount in places, places


def test_the_command_does_the_same_once(browsers: Browsers, room: Unit) -> None:
    first = room.ask("class", "first-blocks")
    assert (first["chain"], first["held"]["blocks"], first["network"]) == (CHAIN, 600, "mainnet")
    second = room.ask("class", "first-blocks")
    assert second["held"]["blocks"] == 600
    assert second["added"]["blocks"] == 0
    assert first["entry"] < second["entry"]
    kinds = [each.kind for each in browsers.school.ledger.entries()]
    assert kinds.count("chain.ingested") == 2
