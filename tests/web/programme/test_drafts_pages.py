"""Drafts of the desk's forms: kept on every page by the form itself, gone on with, forgotten."""

from __future__ import annotations

import re
from typing import Any

import pytest
from playwright.sync_api import Browser, expect

from tests.web.programme.asking import plain, shown
from tests.web.programme.served import ProgrammeSite
from tests.web.test_every_page import entered, looked_at, served_here
from tests.web.watching import follow

SHORT: dict[str, tuple[str, str]] = {
    "session": ("agenda", "session_title"),
    "invite": ("delegations", "delegation_head"),
    "handover": ("equipment", "handover_what"),
    "follow": ("after", "follow_what"),
    "report": ("after", "after_report"),
    "document": ("documents", "document_title"),
    "postpone": ("state", "state_reason"),
    "weigh": ("state", "hrdd_risk"),
    "count": ("head-counts", "count_series"),
    "prepare": ("attendance", "device_name"),
}
"""Forms of an activity: the page of each, and a field that is typed."""
UNDRAFTED = {
    "CodesForm", "ConfirmForm", "CorrectForm", "DoneForm", "RemoveForm", "GiveUpForm", "BeginForm",
    "_Due", "_Separate", "_Undo", "UndoForm", "EndForm", "WithdrawForm", "ForgetForm", "JoinForm",
    "SendForm", "MappingForm", "TwinsForm", "TakeForm", "LookForm", "FileForm", "SheetsForm",
    "MarksForm", "_CarriedForm", "ListForm", "MatchForm", "PublishForm", "ReadersForm",
    "HeadingForm",
}  # fmt: skip
"""Forms that keep none: buttons, files and the steps of an import, what is signed, what is ticked,
and which of two rows stands."""


def test_every_other_form_of_the_desk_keeps_drafts(programme: ProgrammeSite) -> None:
    from kancil.web.acting import ActForm
    from kancil.web.drafts import DraftedForm
    from kancil.web.sites import programme as site_module

    assert site_module.urlpatterns
    found, rest = set[type[ActForm]](), [ActForm]
    while rest:
        rest = [each for form in rest for each in form.__subclasses__()]
        found |= {each for each in rest if each.__module__.startswith("kancil.web.programme.")}
    assert len(found) > 60
    bare = {each.__name__ for each in found if not issubclass(each, DraftedForm)}
    assert bare == UNDRAFTED


def test_a_short_form_is_kept_gone_on_with_and_discarded(programme: ProgrammeSite) -> None:
    from kancil.desk.programme.models import FormDraft

    olga, lea = programme.client("olga"), programme.client("lea")
    for act, (page, field) in SHORT.items():
        url = f"/activities/{programme.ids['activity']}/{page}/"
        kept = olga.post(url, {"do": [act, "keep-draft"], field: "Half of it"}).content.decode()
        assert "The draft is kept." in kept, act
        assert "Half of it" in kept, act
        assert FormDraft.objects.get().given == {field: ["Half of it"]}
        offered = olga.get(url).content.decode()
        assert "Half of it" not in offered, act
        (there,) = re.findall(rf'href="({re.escape(url)}\?draft=[^"]+)"', offered)
        assert "Half of it" in olga.get(there).content.decode(), act
        assert "Half of it" not in lea.get(there).content.decode(), act
        gone = olga.post(url, {"do": [act, "discard-draft"], field: "Half of it"})
        assert "The draft is discarded." in gone.content.decode(), act
        assert not FormDraft.objects.exists()


def test_a_short_form_that_is_refused_is_kept_and_forgotten_once_it_is_saved(
    programme: ProgrammeSite,
) -> None:
    from kancil.desk.programme.models import FormDraft

    url = f"/activities/{programme.ids['activity']}/agenda/"
    session: dict[str, Any] = {"do": "session", "session_title": "Opening", "session_day": "soon"}
    refused = plain(programme.client("olga").post(url, session).content.decode())
    assert "Not saved yet. What you typed is kept as a draft" in refused
    assert "You have a draft of this form" in shown(programme, "olga", url)
    from kancil.desk.programme.models import Activity

    day = Activity.objects.get(pk=programme.ids["activity"]).begins_on.isoformat()
    assert programme.client("olga").post(url, {**session, "session_day": day}).status_code == 302
    assert not FormDraft.objects.exists()
    assert "Opening" in shown(programme, "olga", url)


def test_drafts_of_two_forms_of_a_page_are_two(programme: ProgrammeSite) -> None:
    olga, url = programme.client("olga"), f"/activities/{programme.ids['activity']}/state/"
    olga.post(url, {"do": ["postpone", "keep-draft"], "state_reason": "A flood"})
    olga.post(url, {"do": ["cancel", "keep-draft"], "state_reason": "No grant"})
    page = olga.get(f"{url}?draft=cancel").content.decode()
    assert "No grant" in page
    assert "A flood" not in page
    assert "A flood" in olga.get(f"{url}?draft=postpone").content.decode()


@pytest.mark.thorough
@pytest.mark.browser
def test_a_browser_keeps_a_draft_by_its_button_and_goes_on_with_it(
    browser: Browser, programme: ProgrammeSite
) -> None:
    session = programme.client("olga").cookies["sessionid"].value
    with served_here() as where, entered(browser, where, session) as context:
        page = context.new_page()
        url = f"{where}/activities/{programme.ids['activity']}/agenda/"
        page.goto(url)
        title = page.locator("[name=session_title]")
        title.fill("Half of it")
        page.get_by_role("button", name="Keep as draft").click()
        expect(page.get_by_text("The draft is kept.")).to_be_visible()
        expect(title).to_have_value("Half of it")
        page.goto(url)
        expect(title).to_have_value("")
        page.get_by_role("link", name="Continue with the draft").click()
        expect(title).to_have_value("Half of it")
        assert looked_at(follow(page), page.url)[0] == []
        page.get_by_role("button", name="Discard draft").click()
        expect(page.get_by_text("The draft is discarded.")).to_be_visible()
        expect(title).to_have_value("")
