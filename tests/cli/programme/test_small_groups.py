"""No command of results tells a group of under five to whoever sees no names."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from tests.cli.running import Unit
from tests.web.programme.served import desk_of, founded

pytestmark = pytest.mark.thorough

YEAR = ("--from", "2026-01-01", "--to", "2026-12-31")
HIDDEN = "hidden (under five, or it would follow)"
GUESTS = "2"
"""Of XBO took part, whom nobody but a programme officer and XBO's own sees by name."""


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Unit]:
    """Two people of XBO among eleven in two trainings; `fin` sees money, and no names."""
    root = tmp_path_factory.mktemp("small-groups") / "programme"
    founded(root)
    with desk_of(root):
        from kancil.desk.assessment.actions.people import admit_person
        from kancil.desk.assessment.actions.site import add_country
        from kancil.desk.people.models import Person, Role
        from tests.desk.programme.results_scene import scene

        ada = Person.objects.get(username="ada")
        for code, name in (("XKA", "Kasa"), ("XBO", "Bola")):
            add_country(by=ada, code=code, name=name, region="Practice", is_invented=True)
        for name, role in (("olga", Role.PROGRAMME_OFFICER), ("fin", Role.FINANCE)):
            admit_person(by=ada, username=name, name=name.title(), role=role, countries=())
        scene(Person.objects.get(username="olga"))
        yield Unit(root, "olga")


def figures(site: Unit) -> list[str]:
    """Ids of the figure of all, and of XBO's, as they stand."""
    return [
        site.ask("programme", "results", "count", "2.1.a", *YEAR, *scope)["id"]
        for scope in ((), ("--country", "XBO"))
    ]


def test_figures_and_results_hide_a_small_group_and_what_would_tell_it(site: Unit) -> None:
    whole, part = figures(site)

    def ask(who: str, *words: str) -> Any:
        return site.ask("programme", *words, officer=who)

    def say(who: str, *words: str) -> str:
        return site.say("programme", *words, officer=who)

    own, other = (ask(who, "figure", "show", part) for who in ("olga", "fin"))
    assert own["value"] == GUESTS
    assert (other["value"], other["error"]["basis"]) == (None, "hidden")
    assert all(count is None for counts in other["split"].values() for count in counts.values())
    assert {each["count"] for each in other["activities"]} == {None}
    assert other["count"] is None
    assert not other["doubles"]
    assert HIDDEN in say("fin", "figure", "show", part)
    assert HIDDEN not in say("olga", "figure", "show", part)
    by_country = ask("fin", "figure", "show", whole)["split"]["country"]
    assert by_country == {"XKA": None, "XBO": None}
    listed = {each["id"]: each["value"] for each in ask("fin", "figure", "list", "2.1.a")}
    assert listed[part] is None
    assert HIDDEN in say("fin", "figure", "list", "2.1.a")
    rows = ask("fin", "results", "list", "--country", "XBO")
    (line,) = [each for row in rows for each in row["indicators"] if each["code"] == "2.1.a"]
    assert (line["figure"]["value"], line["progress"]) == (None, None)
    text = say("fin", "results", "list", "--country", "XBO")
    assert f"People trained: {HIDDEN}" in text
