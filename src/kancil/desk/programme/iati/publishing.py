"""Publishing IATI files: who reports, and files that are checked before they are kept."""

from __future__ import annotations

import tempfile
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from datetime import datetime
from pathlib import Path
from typing import BinaryIO

from kancil.desk.assessment.keeping import record
from kancil.desk.assessment.stored import taken
from kancil.desk.base.keeping import keep, unusable
from kancil.desk.base.opening import day_of
from kancil.desk.people.models import Person
from kancil.desk.programme.changing import changing_books
from kancil.desk.programme.entering import desk_of, require
from kancil.desk.programme.errors import IatiReporterMissing
from kancil.desk.programme.iati.file import (
    REPORTER,
    activity_facts,
    grant_facts,
    register_of_people,
    reporter_of_site,
    result_facts,
)
from kancil.desk.programme.models import Activity, Grant, IatiFile
from kancil.evidence.vault import Vault
from kancil.ground import clock
from kancil.ground.progress import SILENT, Progress
from kancil.programme.iati.activity import IatiActivity
from kancil.programme.iati.facts import ActivityFacts, GrantFacts, Reporter
from kancil.programme.iati.mapping import (
    activity_of,
    grant_of,
    identifier,
    left_out,
    programme_of,
    usable,
)
from kancil.programme.iati.people import Register
from kancil.programme.iati.results import results_of
from kancil.programme.iati.write import write_activities

NAMES_PERSON = "names-person"


@dataclass(frozen=True, slots=True)
class Published:
    """A file that was made."""

    id: str
    file_name: str
    sha256: str
    activities: int
    """Of the standard: the programme, its grants, and what is done."""
    left_out: list[dict[str, str]]


def set_reporter(*, by: Person, reporter: Reporter) -> None:
    """Name who publishes; holds from the next file on. Raises ActNotYours, FieldNotUsable."""
    with changing_books(by):
        if not usable(reporter.ref):
            raise unusable("iati-ref")
        if not (reporter.name.strip() and reporter.title.strip()):
            raise unusable("title", "blank")
        if reporter.documents_at and not reporter.documents_at.startswith("https://"):
            raise unusable("documents-at")
        record(REPORTER, by=by, about=reporter.ref, **asdict(reporter))


@dataclass(frozen=True, slots=True)
class MadeIati:
    """A file that was made and checked, and is not kept yet."""

    file: BinaryIO
    """Open at its beginning; gone when it is closed."""
    name: str
    at: datetime
    activities: int
    left_out: list[dict[str, str]]


@contextmanager
def made_iati(
    *,
    by: Person,
    folder: Path,
    is_practice: bool = False,
    at: datetime | None = None,
    progress: Progress = SILENT,
) -> Iterator[MadeIati]:
    """Make a file of all that can be published, and check it; nothing is written to the books.

    `folder`: where the file rests until it is kept. Raises ActNotYours, IatiReporterMissing,
    IatiNotValid.
    """
    desk = desk_of(by)
    require(desk.may_write, desk)
    reporter = reporter_of_site()
    if reporter is None:
        raise IatiReporterMissing
    at = at or clock.now()
    making = _Making(reporter, at, is_practice, register_of_people(), progress)
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryFile(dir=folder) as file:
        progress.start(Activity.objects.count() + Grant.objects.count() + 1, "activity",
                       "progress.iati")  # fmt: skip
        count = write_activities(file, making.activities(), at, progress=progress)
        progress.finish()
        file.seek(0)
        kind = "practice" if is_practice else "activities"
        name = f"iati-{kind}-{day_of(at).isoformat()}.xml"
        yield MadeIati(file, name, at, count, making.left_out)


def keep_iati(*, by: Person, made: MadeIati, sha256: str) -> Published:
    """Keep a file that was made and rests in the store; raises ActNotYours."""
    with changing_books(by):
        row = IatiFile(
            sha256=sha256, file_name=made.name, activities=made.activities,
            left_out=made.left_out, by=by, at=made.at,
        )  # fmt: skip
        keep(row)
        record(
            "iati.published", by=by, about=made.name, activities=made.activities,
            left_out=len(made.left_out), sha256=sha256,
        )  # fmt: skip
    return Published(row.id, made.name, sha256, made.activities, made.left_out)


def publish_iati(
    *,
    by: Person,
    store: Vault,
    folder: Path,
    is_practice: bool = False,
    at: datetime | None = None,
    progress: Progress = SILENT,
) -> Published:
    """Make a file of all that can be published, check it, and keep it.

    Raises what `made_iati` raises: then nothing is kept.
    """
    making = made_iati(by=by, folder=folder, is_practice=is_practice, at=at, progress=progress)
    with making as made, taken(store, made.file) as digests:
        return keep_iati(by=by, made=made, sha256=digests.sha256)


@dataclass
class _Making:
    """One file while it is made."""

    reporter: Reporter
    at: datetime
    is_practice: bool
    register: Register
    progress: Progress = SILENT
    left_out: list[dict[str, str]] = field(default_factory=list)

    def activities(self) -> Iterator[IatiActivity]:
        """What is done first, since a grant names what it pays for."""
        today = day_of(self.at)
        children: dict[str, list[str]] = defaultdict(list)
        for each in activity_facts(today):
            if self._leaves_out(each):
                continue
            yield activity_of(each, self.reporter, self.at, today, is_practice=self.is_practice)
            for payer in each.payers:
                children[payer.grant].append(identifier(self.reporter, each.code))
        grants = [each for each in grant_facts(today) if not self._leaves_out_grant(each)]
        for given in grants:
            below = children.get(given.payer.grant, ())
            yield grant_of(
                given, self.reporter, self.at, today, below, is_practice=self.is_practice
            )
        results = [
            each
            for each in result_facts()
            if not self._names("result", each.code, each.statement, *each.texts)
        ]
        yield programme_of(
            grants, self.reporter, self.at, today, results_of(results, self.reporter),
            is_practice=self.is_practice,
        )  # fmt: skip

    def _leaves_out(self, done: ActivityFacts) -> bool:
        reason = left_out(done, is_practice=self.is_practice)
        if not reason:
            papers = (each.title for each in done.papers)
            return self._names("activity", done.code, done.title, done.purpose, *papers)
        self._leave_out("activity", done.code, done.title, reason)
        return True

    def _leaves_out_grant(self, given: GrantFacts) -> bool:
        if not usable(given.payer.grant):
            self._leave_out("grant", given.payer.grant, given.title, "code")
            return True
        return self._names("grant", given.payer.grant, given.title, given.earmark)

    def _names(self, what: str, code: str, title: str, *texts: str) -> bool:
        found = self.register.is_named_in(title, *texts)
        if found:
            self._leave_out(what, code, title, NAMES_PERSON)
        return found

    def _leave_out(self, what: str, code: str, title: str, reason: str) -> None:
        told = {"what": what, "code": code, "title": title[:300], "reason": reason}
        self.left_out.append(told)
        if what != "result":
            self.progress.advance(1)
