"""Browsers in a classroom, signed in as one of its people."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from kancil.desk.people.models import Person
from tests.desk.training.school import BACKEND, School

CLASSROOM = "kancil.web.sites.classroom"


@dataclass
class Browsers:
    """What the tests of the classroom's pages stand on."""

    school: School

    def of(self, person: Person | None) -> Client:
        """A browser of one person."""
        client = Client(headers={"host": "localhost"})
        if person is not None:
            client.force_login(person, BACKEND)
        return client

    def key_file(self) -> SimpleUploadedFile:
        """The trainer's key file, as a form sends it."""
        return SimpleUploadedFile("key.txt", str(self.school.identity).encode())


def text_of(answer: Any) -> str:
    """What a page says, without its markup."""
    bare = re.sub(r"<(script|style|template|head)\b.*?</\1>", " ", answer.content.decode(),
                  flags=re.DOTALL)  # fmt: skip
    return " ".join(re.sub(r"<[^>]+>", " ", bare).split())
