"""Official texts on the desk: kept whole or not at all, newer ones after, and who compared what."""

from __future__ import annotations

import io
from datetime import date, timedelta

import pytest

from kancil.assessment import foreign
from kancil.assessment.errors import (
    OfficialTextIncomplete,
    OfficialTextOfAnother,
    OfficialTextTooLarge,
)
from kancil.assessment.foreign import MOST_TEXT_BYTES
from kancil.assessment.protocol import Duty
from kancil.assessment.protocol_files.library import protocol_names
from kancil.desk.assessment.actions.evidence import File
from kancil.desk.assessment.actions.rounds import Member, set_team
from kancil.desk.assessment.actions.site import add_protocol_file
from kancil.desk.assessment.actions.texts import Imported, import_text, mark_compared
from kancil.desk.assessment.errors import (
    ActNotYours,
    OfficialTextKnown,
    RecordNotFound,
    RoundNotFound,
)
from kancil.desk.assessment.kept_protocols import protocol_in
from kancil.desk.assessment.models import Act, OfficialArticle, OfficialText
from kancil.desk.assessment.queries.legal import legal_matrix
from kancil.desk.assessment.queries.texts import (
    ComparedCounts,
    articles_beside,
    compared_counts,
    compared_rows,
    official_text,
    official_texts,
    open_text,
)
from kancil.desk.assessment.stored import named_files, store_of
from kancil.ground.errors import KancilError
from kancil.records.errors import FieldNotUsable
from tests.assessment.official import official_samples as samples
from tests.desk.assessment.programme import HERE, TEAM, TODAY, Programme, a_round, programme
from tests.desk.desks import Desk

WHOLE = samples.european()
OLDER = "legal-2026.1"
AS_IT_WAS = "bd7060dd592559466443cc1034aa917280fdb99b0db91240b69b83a1e305b601"
"""The digest of this matrix, unanswered, as it was computed before parts had a duty."""


@pytest.fixture(autouse=True)
def _read_here(monkeypatch: pytest.MonkeyPatch) -> None:
    """Read files in this process: that a child reads them is tried in tests of the craft."""
    monkeypatch.setattr(foreign, "_read_official", foreign._read_official.here)


def with_harbours() -> Programme:
    """A programme whose round asks the invented conventions."""
    made = programme()
    add_protocol_file(by=made["olga"], name=samples.NAME, text=samples.protocol_text())
    made.round = a_round(made["olga"], HERE, [samples.NAME])
    members = [Member(made[name].pk, part) for name, part in TEAM.items()]
    set_team(by=made["olga"], round=made.round, members=members)
    return made


def brought(
    desk: Desk, made: Programme, text: str | bytes, *, by: str = "olga", of: str = "boats",
    language: str = "en",
) -> Imported:  # fmt: skip
    data = text.encode() if isinstance(text, str) else text
    return import_text(
        by=made[by], instrument=of, language=language, source="Kasa, its gazette",
        file=File(store_of(desk.workspace), io.BytesIO(data), "boats.txt"),
    )  # fmt: skip


def compared(made: Programme, text: str, indicator: str = "boats.4", **more: object) -> str:
    given: dict[str, object] = {
        "by": made["ann"], "round": made.round, "protocol": samples.NAME, "indicator": indicator,
        "text": text, "lawyer": "A. Lawyer", "compared_on": TODAY, **more,
    }  # fmt: skip
    return mark_compared(**given)  # type: ignore[arg-type]  # what a door hands in


def test_a_text_is_kept_with_its_file_and_stands_beside_a_provision(sqlite_desk: Desk) -> None:
    made = with_harbours()
    kept = brought(sqlite_desk, made, WHOLE, by="lea")
    assert (kept.articles, kept.missing) == (12, ())
    row, stream = open_text(store_of(sqlite_desk.workspace), kept.id)
    assert (stream.read().decode(), row.sha256 in named_files()) == (WHOLE, True)
    asked = protocol_in(made.sight("fay"), samples.NAME)
    (beside,) = articles_beside(asked.indicators["boats.3.1.a"])
    assert beside.article is not None
    assert (beside.article.number, beside.article.title) == ("3", samples.TITLES[2])
    assert "boat number 3 in the harbour" in beside.article.body
    assert articles_beside(asked.indicators["night.1"]) == []
    act = Act.objects.get(kind="text.imported")
    assert (act.about, act.details["sha256"], act.details["articles"]) == (
        "boats, en", kept.sha256, 12,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("text", "error"),
    [
        (samples.european(skip=(5, 6, 7, 8)), OfficialTextIncomplete),
        (samples.another(), OfficialTextOfAnother),
        (b"a" * (MOST_TEXT_BYTES + 1), OfficialTextTooLarge),
    ],
)
def test_a_text_that_is_refused_leaves_nothing(
    sqlite_desk: Desk, text: str | bytes, error: type[KancilError]
) -> None:
    made = with_harbours()
    with pytest.raises(error):
        brought(sqlite_desk, made, text)
    assert not OfficialText.objects.exists()
    assert not OfficialArticle.objects.exists()
    assert not named_files()
    assert not Act.objects.filter(kind="text.imported").exists()


def test_who_may_import_and_what_it_must_say(sqlite_desk: Desk) -> None:
    made = with_harbours()
    for name in ("ann", "rex", "fay", "don"):
        with pytest.raises(ActNotYours):
            brought(sqlite_desk, made, WHOLE, by=name)
    with pytest.raises(RecordNotFound):
        brought(sqlite_desk, made, WHOLE, of="rafts")
    with pytest.raises(FieldNotUsable):
        brought(sqlite_desk, made, WHOLE, language="English!")
    assert brought(sqlite_desk, made, WHOLE, by="ada").articles == 12
    with pytest.raises(OfficialTextKnown):
        brought(sqlite_desk, made, WHOLE)


def test_a_newer_text_stands_after_and_older_comparisons_say_so(desk: Desk) -> None:
    made = with_harbours()
    asked = protocol_in(made.sight("ann"), samples.NAME)
    count = len(asked.indicators)
    first = brought(desk, made, WHOLE)
    spanish = brought(desk, made, samples.united_nations(), language="es")
    compared(made, first.id, differs="The lamp is not in it")
    compared(made, first.id, "boats.5")
    assert compared_counts(asked) == ComparedCounts(2, 0, count)
    newer = brought(desk, made, f"{WHOLE}\nDone at Kasa.\n")
    assert [(each.id, each.is_latest) for each in official_texts(with_older=True)] == [
        (newer.id, True), (first.id, False), (spanish.id, True),
    ]  # fmt: skip
    assert {each.text.id for each in articles_beside(asked.indicators["boats.4"])} == {
        newer.id, spanish.id,
    }  # fmt: skip
    assert compared_counts(asked) == ComparedCounts(0, 2, count)
    assert official_text(first.id)[0].is_latest is False
    with pytest.raises(RecordNotFound):
        compared(made, first.id)
    compared(made, newer.id)
    assert compared_counts(asked) == ComparedCounts(1, 1, count)
    assert compared_counts(asked, ["boats.4", "boats.6"]) == ComparedCounts(1, 0, 2)
    rows = compared_rows(samples.NAME, "boats.4")["boats.4"]
    assert [(each.is_current, each.differs) for each in rows] == [
        (True, ""), (False, "The lamp is not in it"),
    ]  # fmt: skip


def test_only_the_team_and_a_programme_officer_record_a_comparison(sqlite_desk: Desk) -> None:
    made = with_harbours()
    kept = brought(sqlite_desk, made, WHOLE)
    for name in ("rex", "fay"):
        with pytest.raises(ActNotYours):
            compared(made, kept.id, by=made[name])
    for name in ("far", "don", "out", "ada"):
        with pytest.raises(RoundNotFound):
            compared(made, kept.id, by=made[name])
    with pytest.raises(RecordNotFound):
        compared(made, kept.id, "night.1")
    for wrong in ({"lawyer": " "}, {"compared_on": date.today() + timedelta(days=30_000)}):  # noqa: DTZ011  far away
        with pytest.raises(FieldNotUsable):
            compared(made, kept.id, **wrong)
    assert compared(made, kept.id, by=made["olga"])


def test_a_round_on_an_older_protocol_opens_and_its_result_is_as_it_was(sqlite_desk: Desk) -> None:
    made = programme()
    add_protocol_file(by=made["olga"], name=OLDER, text=samples.older_text())
    assert OLDER not in protocol_names()
    made.round = a_round(made["olga"], HERE, [OLDER])
    sight = made.sight("olga")
    asked = protocol_in(sight, OLDER)
    assert {part.duty for each in asked.indicators.values() for part in each.parts} == {Duty.TREATY}
    assert asked.instruments["boats"].not_asked == ()
    assert legal_matrix(sight, OLDER).sha256 == AS_IT_WAS
