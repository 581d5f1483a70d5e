"""Past activities of a spreadsheet, and those to come, which are planned and no more.

What was held before there was this register is *done* as the list says; a confirmation, which asks
for due diligence, is never taken from a list.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date

from kancil.desk.assessment.models import Country
from kancil.desk.base.keeping import check
from kancil.desk.programme.activities.draft import ActivityDraft
from kancil.desk.programme.activities.planning import new_activity, next_code
from kancil.desk.programme.imports.plan import Asked, Plan, Twin, or_why
from kancil.desk.programme.matching import Codes, chunks
from kancil.desk.programme.models import Activity
from kancil.ground.folding import folded
from kancil.ground.phrase import Phrase
from kancil.programme.imports.checking import ActivityRow
from kancil.programme.vocabulary import ActivityState


def plan_activities(asked: Asked, rows: Sequence[ActivityRow], plan: Plan) -> None:
    """Plan what becomes of each row."""
    known = set(Codes.of(("", each.code) for each in rows).activities)
    like = _like(rows)
    in_file: dict[str, int] = {}
    taken: dict[tuple[date, str], int] = {}
    codes = _Codes({each.code for each in rows})
    for each in asked.counted(rows):
        here = (each.begins_on, folded(each.title))
        twin = like.get(here)
        if each.code and each.code in known:
            plan.refuse(each.row, "code-known")
        elif each.code in in_file or (not each.code and here in taken):
            before = in_file[each.code] if each.code in in_file else taken[here]
            plan.refuse(each.row, Phrase("why.import-twice", {"row": before}))
        elif twin and each.row in asked.decisions.same:
            plan.refuse(each.row, "in-books")
        elif twin and not asked.decisions.others:
            why = Phrase("why.import-like-activity")
            plan.twins.append(Twin(each.row, twin.id, f"{twin.code} {twin.title}", each.title, why))
        elif _add(asked, each, plan, codes):
            taken[here] = each.row
            if each.code:
                in_file[each.code] = each.row


def _like(rows: Sequence[ActivityRow]) -> dict[tuple[date, str], Activity]:
    """Activities in the books by first day and title."""
    found = {}
    for days in chunks({each.begins_on for each in rows}):
        for one in Activity.objects.filter(begins_on__in=days):
            found[one.begins_on, folded(one.title)] = one
    return found


def _add(asked: Asked, each: ActivityRow, plan: Plan, codes: _Codes) -> bool:
    state = each.state or (
        ActivityState.DONE if each.ends_on < asked.today else ActivityState.PLANNED
    )
    if state is ActivityState.DONE and each.ends_on > asked.today:
        plan.refuse(each.row, "done-to-come")
        return False
    found = or_why(lambda: _new(asked, each, codes, state))
    if isinstance(found, Phrase):
        plan.refuse(each.row, found)
        return False
    row, countries = found
    plan.taken += 1
    plan.add.append(row)
    through = Activity.countries.through
    plan.places += [through(activity_id=row.pk, country_id=one.pk) for one in countries]
    return True


def _new(
    asked: Asked, each: ActivityRow, codes: _Codes, state: ActivityState
) -> tuple[Activity, list[Country]]:
    texts = each.texts
    draft = ActivityDraft(
        each.kind.value, each.title, each.begins_on, each.ends_on, code=each.code,
        countries=each.countries, to_security_forces=each.to_security_forces,
        region=texts["region"], place=texts["place"], purpose=texts["purpose"],
        counterpart=texts["counterpart"],
    )  # fmt: skip
    row, links = new_activity(asked.by, draft)
    row.code = row.code or codes.free(each.begins_on, texts["region"])
    row.batch, row.state, row.report = asked.batch, state.value, texts["report"]
    check(row, ("code", "title"))
    return row, links["countries"]


class _Codes:
    """Free codes of years and regions, counted on from row to row."""

    def __init__(self, given: Collection[str]) -> None:
        self._given = given
        self._first: dict[tuple[int, str], str] = {}
        self._next: dict[str, int] = {}

    def free(self, begins_on: date, region: str) -> str:
        """The next one that neither the books nor the file has."""
        key = (begins_on.year, region)
        if key not in self._first:
            self._first[key], _, number = next_code(begins_on, region).rpartition("-")
            self._next.setdefault(self._first[key], int(number))
        first = self._first[key]
        while True:
            code = f"{first}-{self._next[first]:03d}"
            self._next[first] += 1
            if code not in self._given:
                return code
