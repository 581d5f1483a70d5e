"""Participants of a spreadsheet, and for which activities they are registered."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from django.db.models import F
from django.db.models.functions import Coalesce

from kancil.desk.base.keeping import check
from kancil.desk.programme.entering import desk_of
from kancil.desk.programme.imports.plan import Asked, Plan, Twin, or_why
from kancil.desk.programme.matching import Codes, chunks
from kancil.desk.programme.models import Activity, Organisation, Participant, Participation
from kancil.desk.programme.people.participants import fold, seen_people
from kancil.desk.programme.taking_part.registering import Seats
from kancil.desk.programme.taking_part.registration_files import new_person
from kancil.ground import clock
from kancil.ground.phrase import Phrase
from kancil.programme.imports.checking import PersonRow
from kancil.programme.registration.registrant import Registrant
from kancil.programme.vocabulary import ActivityState, JoinReason, RegistrationState
from kancil.records.described import named

_Before = tuple[int, Registrant, Participant, set[str]]
"""A row before: its number, what it says, whom it takes, and for which activities so far."""


def plan_people(asked: Asked, rows: Sequence[PersonRow], plan: Plan) -> None:
    """Plan what becomes of each row."""
    planner = _Planner(asked, plan)
    planner.look_up(rows)
    for each in asked.counted(rows):
        planner.place(each)


@dataclass(slots=True)
class _Planner:
    """What is known of people and activities while the rows are gone through."""

    asked: Asked
    plan: Plan
    by_name: dict[tuple[str, str], list[Participant]] = field(default_factory=dict)
    """People in the books by folded name and country."""
    by_email: dict[str, list[Participant]] = field(default_factory=dict)
    organisations: dict[tuple[str | None, str], str] = field(default_factory=dict)
    activities: dict[str, Activity] = field(default_factory=dict)
    seats: dict[str, Seats] = field(default_factory=dict)
    registered: dict[str, set[int]] = field(default_factory=dict)
    """Who is registered for each activity, by id."""
    in_file: dict[tuple[str, str], list[_Before]] = field(default_factory=dict)
    """People of rows before, by folded name and country."""

    def look_up(self, rows: Sequence[PersonRow]) -> None:
        """Read at once what the rows name."""
        people = seen_people(desk_of(self.asked.by))
        names = {fold(each.person.name) for each in rows}
        emails = {each.person.email for each in rows} - {""}
        for some in chunks(names):
            for one in people.filter(name_folded__in=some):
                self.by_name.setdefault((one.name_folded, one.country_id or ""), []).append(one)
        for some in chunks(emails):
            for one in people.filter(email__in=some):
                self.by_email.setdefault(one.email, []).append(one)
        in_use = Organisation.objects.filter(ended_on=None)
        self.organisations = {(each.country_id, fold(each.name)): each.id for each in in_use}
        codes = Codes.of(("", each.activity_code) for each in rows).activities
        own = self.asked.batch.activity
        found = Activity.objects.in_bulk([*codes.values(), *([own] if own else [])])
        self.activities = {each.code: each for each in found.values()}
        self.activities |= {"": found[own]} if own in found else {}
        for each in found.values():
            self.seats[each.id] = Seats(each.id)
            there = Participation.objects.filter(activity=each)
            ids = there.annotate(one=Coalesce(F("participant__same_as"), F("participant")))
            self.registered[each.id] = set(ids.values_list("one", flat=True))

    def place(self, row: PersonRow) -> None:
        """Plan one row."""
        activity = self.activities.get(row.activity_code)
        attended = self._attended(row, activity)
        found = self._obstacle(row, activity, attended) or self._person(row, activity)
        if isinstance(found, Phrase):
            self.plan.refuse(row.row, found)
        elif isinstance(found, Twin):
            self.plan.twins.append(found)
        else:
            self._take(row, found, activity, attended)

    def _obstacle(self, row: PersonRow, activity: Activity | None, attended: bool) -> Phrase | None:
        if activity is None:
            return Phrase("why.import-activity") if row.activity_code else None
        if activity.state == ActivityState.CANCELLED:
            return Phrase("why.import-cancelled")
        if attended and activity.begins_on > self.asked.today:
            return Phrase("why.import-not-begun")
        return None

    def _person(self, row: PersonRow, activity: Activity | None) -> Participant | Twin | Phrase:
        """Whom the row takes, or why it takes nobody."""
        there = {activity.id} if activity else set()
        before = self._before(row.person)
        if before is not None:
            number, _, same, theirs = before
            if not there - theirs:
                return Phrase("why.registration-twice", {"row": number})
            if self._is_registered(same, activity):
                return Phrase("why.registration-known")
            theirs |= there
            return same
        found = self._known(row)
        if isinstance(found, Twin):
            return found
        if found is not None and activity is None:
            return Phrase("why.import-in-books")
        if found is not None and self._is_registered(found, activity):
            return Phrase("why.registration-known")
        person: Participant | Phrase = (
            found if found is not None else or_why(lambda: self._new(row.person))
        )
        if isinstance(person, Phrase):
            return person
        self.plan.known += found is not None
        key = (fold(row.person.name), row.person.country)
        self.in_file.setdefault(key, []).append((row.row, row.person, person, there))
        return person

    def _is_registered(self, person: Participant, activity: Activity | None) -> bool:
        return activity is not None and person.pk in self.registered[activity.id]

    def _attended(self, row: PersonRow, activity: Activity | None) -> bool:
        if activity is None:
            return False
        return self.asked.all_attended if row.attended is None else row.attended

    def _before(self, person: Registrant) -> tuple[int, Registrant, Participant, set[str]] | None:
        """The row before that is the same person's: same name, and no other address."""
        like = self.in_file.get((fold(person.name), person.country), ())
        return next(
            (each for each in like
             if not (each[1].email and person.email) or each[1].email == person.email),
            None,
        )  # fmt: skip

    def _known(self, row: PersonRow) -> Participant | Twin | None:
        """Who it is in the books: certainly, perhaps, or nobody."""
        name, person = fold(row.person.name), row.person
        of_email = self.by_email.get(person.email, []) if person.email else []
        both = next((each for each in of_email if each.name_folded == name), None)
        if both is not None:
            return both
        of_name = self.by_name.get((name, person.country), [])
        perhaps = next(iter(of_email or of_name), None)
        if perhaps is None:
            return None
        if row.row in self.asked.decisions.same:
            return perhaps
        if self.asked.decisions.others:
            return None
        because = JoinReason.EMAIL if of_email else JoinReason.NAME
        return Twin(row.row, str(perhaps.pk), perhaps.name, person.name, named(because))

    def _new(self, person: Registrant) -> Participant:
        row = new_person(self.asked.by, person, self.asked.batch)
        written = fold(person.organisation)
        named_so = self.organisations
        row.organisation_id = named_so.get((person.country, written), named_so.get((None, written)))
        check(row, ("name",))
        self.plan.no_organisation += bool(written) and row.organisation_id is None
        self.plan.add.append(row)
        return row

    def _take(
        self, row: PersonRow, person: Participant, activity: Activity | None, attended: bool
    ) -> None:
        self.plan.taken += 1
        if activity is None:
            return
        seats = self.seats[activity.id]
        there = seats.of(person)
        comes = seats.take(there, row.part) or attended
        state = RegistrationState.REGISTERED if comes else RegistrationState.WAITING
        self.plan.waiting += not comes
        self.plan.places.append(Participation(
            activity=activity, participant=person, part=row.part.value, state=state.value,
            delegation=there, registered_how="import", attended=attended, batch=self.asked.batch,
            by=self.asked.by, at=clock.now(),
        ))  # fmt: skip
