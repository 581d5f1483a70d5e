"""A bundle that is checked: TRAINING is said first, and no real one is judged in a classroom."""

from __future__ import annotations

import io
from dataclasses import replace
from pathlib import Path

import pytest
from django.test import Client, override_settings

from kancil.desk.base.opening import open_desk
from kancil.ground.workspace import open_workspace
from tests.cli.running import Unit
from tests.reports.make_sample_bundle import sample_answers, sample_of
from tests.reports.test_training import WORDS

REAL = "was not signed in a classroom"


def _bundle(*, is_training: bool) -> bytes:
    answers = sample_answers()
    material = replace(answers.material, is_training=is_training)
    return sample_of(replace(answers, material=material)).seal()


@pytest.mark.parametrize("is_training", [True, False])
def test_the_command_says_training_before_its_answer(
    room: Unit, tmp_path: Path, *, is_training: bool
) -> None:
    path = tmp_path / "bundle.zip"
    path.write_bytes(_bundle(is_training=is_training))
    lines = [line for line in room.run("verify", path).out.splitlines() if line.strip()]
    assert (lines[0].strip() == WORDS) is is_training
    assert room.ask("verify", path, status=28)["training"] is is_training


@override_settings(ROOT_URLCONF="kancil.web.sites.classroom")
def test_the_page_judges_no_real_bundle(room: Unit) -> None:
    room.ask("person", "add", "dara", "--name", "Dara", "--role", "trainee")
    open_desk(open_workspace(room.root))
    from kancil.desk.people.models import Person

    Person.objects.update(must_change_password=False)
    client = Client(headers={"host": "localhost"})
    client.force_login(
        Person.objects.get(username="dara"), "allauth.account.auth_backends.AuthenticationBackend"
    )
    for is_training in (True, False):
        file = io.BytesIO(_bundle(is_training=is_training))
        file.name = "bundle.zip"
        page = client.post("/verify/", {"bundle_file": file}).content.decode("utf-8")
        assert (REAL in page) is not is_training
        assert (WORDS in page) is is_training
