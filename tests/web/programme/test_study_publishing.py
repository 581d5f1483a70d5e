"""A study is written by many hands, published by a named official, and leaves with its releases."""

from __future__ import annotations

from typing import Any

import pytest

from tests.web.programme.asking import confirmed, plain, sent, shown
from tests.web.programme.opening import study_round
from tests.web.programme.reading import refused
from tests.web.programme.served import ProgrammeSite
from tools.sample_programme import STUDY

PAGE = f"/study/{STUDY}/"
CODES = ("XKA", "XBO", "XCE", "XDU", "XEL", "XFI")
SUMMARY = f"{PAGE}text/summary/"


@pytest.fixture
def study(programme: ProgrammeSite) -> ProgrammeSite:
    """Six countries answer and release: five say yes to one question, one says no."""
    from kancil.desk.assessment.actions.releases import release_figures
    from kancil.desk.assessment.actions.site import add_country
    from kancil.desk.assessment.stored import store_of
    from kancil.desk.base.opening import current_workspace, day_of
    from kancil.ground import clock

    for number, code in enumerate(CODES):
        if number > 2:
            add_country(
                by=programme.people["ada"], code=code, name=f"Land {code}",
                region="Islands" if code == "XFI" else "Practice",
                is_invented=True,
            )  # fmt: skip
        answer = "no" if number == 5 else "yes"
        round = study_round(programme, code, {"L03": answer, "L08": "yes"}, by=["ann"])
        programme.ids[code] = round
        release_figures(
            consent="Letter 12 (invented)",
            by=programme.people["olga"], round=round, official="A. Minister", office="Ministry",
            released_on=day_of(clock.now()), protocols=[STUDY],
            store=store_of(current_workspace()),
        )  # fmt: skip
    return programme


def _form(site: ProgrammeSite, who: str = "olga", **more: str) -> dict[str, Any]:
    page = confirmed(site, who).get(f"{PAGE}publish/").content.decode()
    seen = page.partition('name="study_seen" value="')[2].partition('"')[0]
    return {
        "do": "publish", "study_official": "B. Official", "study_office": "Ministry of Justice",
        "paper_language": "en", "study_sure": "on", "in_region": "", "study_until": "",
        "study_seen": seen, **more,
    }  # fmt: skip


def _published(site: ProgrammeSite, given: dict[str, Any] | None = None) -> str:
    answer = confirmed(site, "olga").post(f"{PAGE}publish/", given or _form(site), follow=True)
    return plain(answer.content.decode())


def _file(site: ProgrammeSite, who: str, format: str = "html") -> tuple[int, bytes]:
    from kancil.desk.assessment.models import Act

    act = Act.objects.filter(kind="study.published").latest("id")
    answer = site.client(who).get(f"{PAGE}published/{act.pk}/{format}/")
    data = answer.getvalue()
    return answer.status_code, data


def test_what_is_published_is_released_and_leaves_when_that_is_withdrawn(
    study: ProgrammeSite,
) -> None:
    from kancil.desk.assessment.actions.studies import publish_study
    from kancil.desk.assessment.errors import StudyTooSmall
    from kancil.desk.assessment.models import Act
    from kancil.desk.assessment.queries.released_study import released_study
    from kancil.desk.assessment.queries.study import Choice
    from kancil.desk.assessment.stored import named_files, store_of
    from kancil.desk.base.opening import current_workspace

    before = _form(study)
    text = shown(study, "olga", f"{PAGE}?as=published")
    assert "6 countries released" in text
    area = shown(study, "olga", f"{PAGE}area/leg/?as=published")
    assert "6 of 6" in area
    assert "5 of 6" not in area
    assert "1 of 6" not in area
    assert "5 of 6" in shown(study, "olga", f"{PAGE}area/leg/")
    assert "The study is published" in _published(study)
    for format, first in (("pdf", b"%PDF"), ("docx", b"PK"), ("html", b"<!")):
        status, data = _file(study, "don", format)
        assert status == 200
        assert data.lower().startswith(first.lower())
    files = Act.objects.get(kind="study.published").details["files"].values()
    page = _file(study, "don")[1].decode()
    assert "B. Official" in page
    assert "DRAFT" not in page
    assert "HTML" in shown(study, "don", f"{PAGE}published/")
    assert "nearly the same countries" in shown(study, "olga", f"{PAGE}publish/?in_region=Practice")
    assert "nearly the same countries" not in shown(study, "olga", f"{PAGE}publish/")
    _withdraw(study, "XFI")
    assert "5 countries released" in shown(study, "olga", f"{PAGE}?as=published")
    assert _file(study, "don")[0] == 404
    assert "a country withdrew" in shown(study, "don", f"{PAGE}published/")
    assert "has changed since you looked" in _published(study, before)
    assert set(files) <= named_files()
    _withdraw(study, "XEL")
    assert "Only 4 countries" in shown(study, "olga", f"{PAGE}publish/")
    found = released_study(study.people["olga"], STUDY)
    with pytest.raises(StudyTooSmall):
        publish_study(
            by=study.people["olga"], protocol=STUDY, choice=Choice(),
            releases=tuple(each.release for each in found.countries), official="X", office="Y",
            language="en", files={}, store=store_of(current_workspace()),
        )  # fmt: skip


def _withdraw(site: ProgrammeSite, code: str) -> None:
    from kancil.desk.assessment.actions.releases import withdraw_release
    from kancil.desk.assessment.models import Release

    row = Release.objects.get(round_id=site.ids[code])
    withdraw_release(by=site.people["olga"], round=site.ids[code], release=row.id, reason="Wrong")


def test_only_an_officer_publishes_and_who_leads_writes(study: ProgrammeSite) -> None:
    from kancil.desk.assessment.actions.studies import publish_study, write_study_text
    from kancil.desk.assessment.errors import ActNotYours
    from kancil.desk.assessment.queries.study import Choice
    from kancil.desk.assessment.stored import store_of
    from kancil.desk.base.opening import current_workspace

    for name in ("lea", "fay", "far", "ann", "rex", "mia"):
        assert study.client(name).get(f"{PAGE}publish/").status_code == 403, name
        with pytest.raises(ActNotYours):
            publish_study(
                by=study.people[name], protocol=STUDY, choice=Choice(), releases=(),
                official="X", office="Y", language="en", files={},
                store=store_of(current_workspace()),
            )  # fmt: skip
    for name in ("fay", "far", "ann", "don"):
        with pytest.raises(ActNotYours):
            write_study_text(
                by=study.people[name], protocol=STUDY, section="summary", kind="finding",
                text="Mine", follows=None,
            )  # fmt: skip
    refused(study, "don", PAGE)
    refused(study, "don", SUMMARY)
    assert "1 countries released" in shown(study, "far", f"{PAGE}?as=published")
    assert "5 of 6" not in shown(study, "far", f"{PAGE}area/leg/")
    assert "is saved" in sent(study, "lea", SUMMARY, _text("Lea's finding"))


def _text(text: str, follows: str = "") -> dict[str, str]:
    return {"do": "finding", "study_text": text, "study_follows": follows}


def test_two_who_write_one_text_lose_nothing(study: ProgrammeSite) -> None:
    from kancil.desk.assessment.models import Act, Narrative

    sent(study, "lea", SUMMARY, _text("First <b>text</b>"))
    text = sent(study, "olga", SUMMARY, _text("Second text"))
    assert "has saved this text since you opened it" in text
    assert "First <b>text</b>" in text
    assert "Second text" in text
    newest = Narrative.objects.get(study=STUDY, is_latest=True)
    assert newest.author.username == "lea"
    assert "is saved" in sent(study, "olga", SUMMARY, _text("Second text", newest.id))
    assert [each.text for each in Narrative.objects.filter(study=STUDY)] == [
        "First <b>text</b>", "Second text",
    ]  # fmt: skip
    assert Act.objects.filter(kind="study.written").count() == 2
    assert "Second text" in shown(study, "fay", PAGE)
    for section in ("area/other/leg", "question/NONE", "headline"):
        assert study.client("olga").get(f"{PAGE}text/{section}/").status_code == 404, section
    assert "longer than" in sent(study, "olga", SUMMARY, _text("x" * 401, newest.id))


def test_rounds_and_regions_are_chosen(study: ProgrammeSite) -> None:
    assert "No country has released" in shown(
        study, "olga", f"{PAGE}?as=published&study_until=2020-01-01"
    )
    assert "6 countries are in it" in shown(study, "olga", f"{PAGE}?study_until=2026-12-31")
    assert "6 countries" in shown(study, "olga", f"{PAGE}?study_until=no-day")
