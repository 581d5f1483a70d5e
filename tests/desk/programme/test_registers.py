"""What fields name is there in every process, whichever command or page it begins with."""

from __future__ import annotations

import subprocess
import sys

import pytest

from kancil.desk.programme.entering import desk_of
from kancil.desk.programme.people.participants import PARTICIPANTS
from kancil.ground.phrase import Phrase
from kancil.programme.people import ParticipantSearch
from kancil.records.errors import FieldNotUsable
from tests.desk.desks import Desk
from tests.desk.programme.people_rows import books

FRESH = """
import django
from django.conf import settings
from tools.both_sites import settings_of_both

settings.configure(**settings_of_both())
django.setup()
from kancil.desk.base.register import REGISTERS
from kancil.programme import funding, people
from kancil.records.described import Input, items

inputs = [each for room in (funding, people) for each in vars(room).values()
          if isinstance(each, type) and issubclass(each, Input)]
named = {item.of for each in inputs for item in items(each) if item.of}
print(len(named), *sorted(named - REGISTERS.keys()))
"""


def test_a_process_that_begins_has_the_register_of_every_field() -> None:
    """No page and no command was loaded before, as in one that adds a participant."""
    run = subprocess.run([sys.executable, "-c", FRESH], capture_output=True, text=True, check=True)
    assert run.stdout.split() == ["4"]


def test_an_order_that_is_none_is_refused_with_those_there_are(desk: Desk) -> None:
    olga = books()["olga"]
    with pytest.raises(FieldNotUsable) as refused:
        PARTICIPANTS.found(desk_of(olga), ParticipantSearch(sort="height"))
    assert refused.value.params["field"] == Phrase("field.sort")
    assert "newest" in str(refused.value.params["why"])
