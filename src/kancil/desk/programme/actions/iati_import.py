"""Importing activities from somebody's IATI file: looked at first, imported, undone.

Activities alone are made: money comes from the ledger, people from nowhere in a file that all may
read. What stands in the desk already is never changed.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

import pycountry

from kancil.desk.assessment.keeping import check, keep, keep_changed, record
from kancil.desk.assessment.models import Country
from kancil.desk.assessment.queries.evidence import no_such
from kancil.desk.people.models import Person
from kancil.desk.programme.errors import ImportInUse
from kancil.desk.programme.models import Activity, Funding, Grant, ImportBatch
from kancil.desk.programme.queries.entering import desk_of, require
from kancil.ground import clock
from kancil.programme.iati.foreign import Draft, drafted, own_code
from kancil.programme.iati.read import IatiDocument
from kancil.programme.vocabulary import ActivityKind

from .changing import changing_books

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
    """None: it is not imported."""
    reason: str = ""
    """Why not, as the end of a key."""
    countries: tuple[str, ...] = ()
    """Three letters each."""
    grant: str = ""
    """Reference of the one grant that pays for it, where that is known."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What comes of a file."""

    rows: list[Row]
    transactions: int
    """Of those that are imported; not imported themselves."""

    @property
    def taken(self) -> list[Row]:
        """Those that are imported."""
        return [each for each in self.rows if each.draft is not None]

    @property
    def refused(self) -> list[Row]:
        """Those that are not."""
        return [each for each in self.rows if each.draft is None]


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
    transactions = sum(each.draft.transactions for each in rows if each.draft)
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
            {"row": each.n, "code": each.code[:200], "reason": each.reason}
            for each in plan.refused[:MOST_REFUSED]
        ]
        batch = ImportBatch(
            kind=KIND, file_name=file_name[:200], sha256=sha256, rows=len(plan.rows),
            taken=len(plan.taken), refused=refused, by=by, at=at,
        )  # fmt: skip
        keep(batch, "file_name")
        grants = dict(Grant.objects.values_list("reference", "id"))
        _make(plan.taken, batch, grants)
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
        count = made.count()
        made.delete()
        row.undone_at, row.undone_by = at or clock.now(), by
        keep_changed(row, ("undone_at", "undone_by"))
        record("iati.import-undone", by=by, about=row.file_name, batch=row.id, taken=count)
    return count


def _used(batch: ImportBatch) -> set[str]:
    """Codes of those that something else hangs on by now, other than their funding."""
    found: set[str] = set()
    for each in Activity._meta.related_objects:
        if each.related_model is Funding or each.many_to_many:
            continue
        rows = each.related_model._default_manager.filter(**{f"{each.field.name}__batch": batch})
        found.update(rows.values_list(f"{each.field.name}__code", flat=True))
    return found


# --- what comes of each ---------------------------------------------------------------------------


def _rows(document: IatiDocument, otherwise: ActivityKind, language: str) -> Iterator[Row]:
    here = set(Country.objects.values_list("code", flat=True))
    known = set(Activity.objects.values_list("code", flat=True))
    grants = list(Grant.objects.select_related("donor").order_by("reference"))
    for n, each in enumerate(document.activities, 1):
        code = own_code(each)
        draft = "known" if code in known else drafted(each, otherwise, language)
        if isinstance(draft, str):
            yield Row(n, code, None, draft)
            continue
        countries = tuple(_three_letters(code) for code in draft.countries)
        if not here.issuperset(countries):
            yield Row(n, code, None, "country-not-here")
        elif not countries and not draft.region:
            yield Row(n, code, None, "no-country")
        else:
            known.add(code)
            yield Row(n, code, draft, countries=countries, grant=_grant(draft, grants))


def _three_letters(code: str) -> str:
    found = pycountry.countries.get(alpha_2=code) if len(code) == 2 else None
    return str(found.alpha_3) if found is not None else code


def _grant(draft: Draft, grants: list[Grant]) -> str:
    """The one grant that the file names, else the only one of its donors in those days."""
    named = [each.reference for each in grants if each.reference in draft.grants]
    named = named or [
        each.reference
        for each in grants
        if each.donor.iati_ref in draft.donors and _in_days(each, draft.begins)
    ]
    return named[0] if len(named) == 1 else ""


def _in_days(grant: Grant, day: date) -> bool:
    return grant.begins_on <= day <= grant.ends_on


def _make(rows: list[Row], batch: ImportBatch, grants: Mapping[str, str]) -> None:
    """Write the activities in bulk, each checked as a single one would be."""
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


def _activity(draft: Draft, batch: ImportBatch) -> Activity:
    return Activity(
        code=draft.code, kind=draft.kind.value, title=draft.title, purpose=draft.purpose,
        region=draft.region, begins_on=draft.begins, ends_on=draft.ends,
        state=draft.state.value, sdg_targets=list(draft.sdg_targets), officer=batch.by,
        batch=batch, by=batch.by, at=batch.at,
    )  # fmt: skip
