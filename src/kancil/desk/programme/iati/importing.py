"""Importing activities from somebody's IATI file: looked at first, imported, undone.

An activity that the programme's own organisation reports, or any while nobody said which that is,
becomes one of the desk where it can. All others, and the money and results of all, are kept as
stated by the file and enter no count, no sum and no figure: money comes from the ledger, people
from nowhere in a file that all may read. What stands in the desk already is never changed.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

import pycountry

from kancil.desk.assessment.keeping import record
from kancil.desk.assessment.models import Country
from kancil.desk.assessment.queries.evidence import no_such
from kancil.desk.base.keeping import check, keep, keep_changed
from kancil.desk.people.models import Person
from kancil.desk.programme.changing import changing_books
from kancil.desk.programme.entering import desk_of, require
from kancil.desk.programme.errors import ImportInUse
from kancil.desk.programme.iati.file import reporter_of_site
from kancil.desk.programme.models import Activity, Funding, Grant, ImportBatch
from kancil.desk.programme.models import StatedActivity as StatedRow
from kancil.ground import clock
from kancil.ground.plain import plain
from kancil.programme.iati.activity import IatiActivity
from kancil.programme.iati.foreign import Draft, drafted, own_code
from kancil.programme.iati.read import IatiDocument
from kancil.programme.iati.stated import StatedActivity, stated
from kancil.programme.vocabulary import ActivityKind

KIND = "iati"
MOST_REFUSED = 1_000
_AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class Row:
    """What comes of one activity of a file."""

    n: int
    """From 1, as they stand in the file."""
    code: str
    draft: Draft | None
    """None: it becomes no activity of the desk."""
    reason: str = ""
    """Why not, as the end of a key."""
    line: int = 0
    """Of the file, on which it begins; 0: not known."""
    stated: StatedActivity | None = None
    """What is kept of it as stated by the file; None: nothing."""
    countries: tuple[str, ...] = ()
    """Three letters each."""
    grant: str = ""
    """Reference of the one grant that pays for it, where that is known."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What comes of a file."""

    rows: list[Row]
    transactions: int
    """Kept as stated by the file."""

    @property
    def taken(self) -> list[Row]:
        """Those that become activities of the desk."""
        return [each for each in self.rows if each.draft is not None]

    @property
    def stated(self) -> list[Row]:
        """Those that are kept as stated by the file alone."""
        return [each for each in self.rows if each.draft is None and each.stated is not None]

    @property
    def refused(self) -> list[Row]:
        """Those of which nothing is kept."""
        return [each for each in self.rows if each.stated is None]


@dataclass(frozen=True, slots=True)
class Imported:
    """What was imported."""

    batch: str
    plan: Plan = field(repr=False)


def plan_import(
    *, by: Person, document: IatiDocument, otherwise: ActivityKind, language: str = "en"
) -> Plan:
    """What an import would do; nothing is changed. Raises ActNotYours.

    `otherwise`: the kind of those whose file does not say it. `language`: of texts, where there
    are several.
    """
    desk = desk_of(by)
    require(desk.may_write, desk)
    rows = list(_rows(document, otherwise, language))
    kept = [each.stated for each in rows if each.stated]
    transactions = sum(one.kind == "transaction" for each in kept for one in each.money)
    return Plan(rows, transactions)


def import_iati(
    *,
    by: Person,
    document: IatiDocument,
    file_name: str,
    sha256: str,
    otherwise: ActivityKind,
    language: str = "en",
    at: datetime | None = None,
) -> Imported:
    """Make an activity of each that can be one, as one batch; raises ActNotYours."""
    at = at or clock.now()
    with changing_books(by):
        plan = plan_import(by=by, document=document, otherwise=otherwise, language=language)
        refused = [
            {"row": each.n, "line": each.line, "code": each.code[:200], "reason": each.reason}
            for each in plan.refused[:MOST_REFUSED]
        ]
        batch = ImportBatch(
            kind=KIND, file_name=file_name[:200], sha256=sha256, rows=len(plan.rows),
            taken=len(plan.taken) + len(plan.stated), refused=refused, by=by, at=at,
        )  # fmt: skip
        keep(batch, "file_name")
        grants = dict(Grant.objects.values_list("reference", "id"))
        made = _make(plan.taken, batch, grants)
        _keep_stated(plan.rows, batch, made)
        record(
            "iati.imported", by=by, about=batch.file_name, batch=batch.id, rows=batch.rows,
            taken=batch.taken,
        )  # fmt: skip
    return Imported(batch.id, plan)


def undo_iati_import(*, by: Person, batch: str, at: datetime | None = None) -> int:
    """Remove the activities of an import again, and how many they were.

    Raises ActNotYours, RecordNotFound, and ImportInUse where one was changed or used since.
    """
    with changing_books(by):
        held = ImportBatch.objects.select_for_update(no_key=True)
        row = held.filter(id=batch[:36], kind=KIND, undone_at=None).first()
        if row is None:
            raise no_such("import-batch")
        made = Activity.objects.filter(batch=row)
        used = sorted({each.code for each in made if each.version > 1} | _used(row))
        if used:
            raise ImportInUse(count=len(used), code_given=used[0])
        stated = StatedRow.objects.filter(batch=row)
        count = made.count() + stated.filter(activity=None).count()
        stated.delete()
        made.delete()
        row.undone_at, row.undone_by = at or clock.now(), by
        keep_changed(row, ("undone_at", "undone_by"))
        record("iati.import-undone", by=by, about=row.file_name, batch=row.id, taken=count)
    return count


def _used(batch: ImportBatch) -> set[str]:
    """Codes of those that something else hangs on by now, other than their funding."""
    found: set[str] = set()
    for each in Activity._meta.related_objects:
        if each.related_model in (Funding, StatedRow) or each.many_to_many:
            continue
        rows = each.related_model._default_manager.filter(**{f"{each.field.name}__batch": batch})
        found.update(rows.values_list(f"{each.field.name}__code", flat=True))
    return found


# --- what comes of each ---------------------------------------------------------------------------


def _rows(document: IatiDocument, otherwise: ActivityKind, language: str) -> Iterator[Row]:
    here = set(Country.objects.values_list("code", flat=True))
    known = set(Activity.objects.values_list("code", flat=True))
    seen = set(StatedRow.objects.values_list("identifier", flat=True))
    grants = list(Grant.objects.select_related("donor").order_by("reference"))
    site = reporter_of_site()
    for n, each in enumerate(document.activities, 1):
        code, line = own_code(each), document.line(n)
        reporter = each.reporter.ref if each.reporter else ""
        is_own = site is not None and reporter == site.ref
        if not each.identifier:
            yield Row(n, "", None, "no-identifier", line)
            continue
        if each.identifier[:200] in seen or (is_own and code in known):
            yield Row(n, code, None, "known", line)
            continue
        seen.add(each.identifier[:200])
        found = stated(each, language)
        row = _own_row(n, each, found, here, known, grants, otherwise, language)
        if site is not None and not is_own:
            yield Row(n, code, None, "of-others", line, found)
        elif row.draft is None and is_own:
            yield replace(row, line=line, stated=None)
        else:
            known |= {code} if row.draft else set()
            yield replace(row, line=line)


def _own_row(
    n: int,
    activity: IatiActivity,
    found: StatedActivity,
    here: Collection[str],
    known: Collection[str],
    grants: list[Grant],
    otherwise: ActivityKind,
    language: str,
) -> Row:
    """One activity as one of the desk, or why it cannot be one."""
    code = own_code(activity)
    draft = "known" if code in known else drafted(activity, otherwise, language)
    if isinstance(draft, str):
        return Row(n, code, None, draft, stated=found)
    countries = tuple(_three_letters(code) for code in draft.countries)
    if not set(here).issuperset(countries):
        return Row(n, code, None, "country-not-here", stated=found)
    if not countries and not draft.region:
        return Row(n, code, None, "no-country", stated=found)
    return Row(n, code, draft, stated=found, countries=countries, grant=_grant(draft, grants))


def _three_letters(code: str) -> str:
    found = pycountry.countries.get(alpha_2=code) if len(code) == 2 else None
    return str(found.alpha_3) if found is not None else code


def _grant(draft: Draft, grants: list[Grant]) -> str:
    """The one grant that the file names, else the only one of its donors in those days."""
    named = [each.reference for each in grants if each.reference in draft.grants]
    named = named or [
        each.reference
        for each in grants
        if each.donor.iati_ref in draft.donors and each.begins_on <= draft.begins <= each.ends_on
    ]
    return named[0] if len(named) == 1 else ""


def _make(rows: list[Row], batch: ImportBatch, grants: Mapping[str, str]) -> dict[int, Activity]:
    """Write the activities in bulk, each checked as a single one would be; by number."""
    made = [_activity(each.draft, batch) for each in rows if each.draft]
    for one in made:
        check(one, ("code", "title"))
    Activity.objects.bulk_create(made, batch_size=_AT_ONCE)
    link = Activity.countries.through
    link.objects.bulk_create(
        (
            link(activity_id=one.id, country_id=code)
            for one, row in zip(made, rows, strict=True)
            for code in row.countries
        ),
        batch_size=_AT_ONCE,
    )
    Funding.objects.bulk_create(
        (
            Funding(activity=one, grant_id=grants[row.grant], share_bp=10_000)
            for one, row in zip(made, rows, strict=True)
            if row.grant
        ),
        batch_size=_AT_ONCE,
    )
    return {row.n: one for row, one in zip(rows, made, strict=True)}


def _keep_stated(rows: list[Row], batch: ImportBatch, made: Mapping[int, Activity]) -> None:
    """Keep what the file states of each activity, beside the one that was made of it, if any."""
    kept = [
        StatedRow(
            batch=batch, line=row.line, identifier=found.identifier,
            reporter_ref=found.reporter_ref, reporter=found.reporter, title=found.title,
            begins_on=found.begins, ends_on=found.ends, said=plain(found),
            activity=made.get(row.n),
        )
        for row in rows
        if (found := row.stated) is not None
    ]  # fmt: skip
    for one in kept:
        check(one, ("title",))
    StatedRow.objects.bulk_create(kept, batch_size=_AT_ONCE)


def _activity(draft: Draft, batch: ImportBatch) -> Activity:
    return Activity(
        code=draft.code, kind=draft.kind.value, title=draft.title, purpose=draft.purpose,
        region=draft.region, begins_on=draft.begins, ends_on=draft.ends,
        state=draft.state.value, sdg_targets=list(draft.sdg_targets), officer=batch.by,
        batch=batch, by=batch.by, at=batch.at,
    )  # fmt: skip
