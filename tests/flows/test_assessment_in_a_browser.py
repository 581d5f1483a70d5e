"""A whole assessment in Chromium: a dispute, law, threats, a plan, a report, and a second round."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from tests.web.programme.served import desk_of, founded, given_passwords
from tests.web.test_every_page import entered, served_here
from tools.sample_programme import PEOPLE

pytestmark = pytest.mark.thorough

CAPABILITY, LEGAL, THREAT = "capability-2026.2", "legal-2026.4", "threat-2026.1"
WHO = ("olga", "lea", "ann", "bo", "fay")
AREA = ("DN01", "DN02", "DN03", "DN04", "DN05")
THREAT_ASKED = "unauthorised_access"


class Desks:
    """Everybody's browser."""

    def __init__(self, where: str, pages: dict[str, Page]) -> None:
        """Take the site's address and a page for each person."""
        self.where, self.pages = where, pages
        self.round = ""

    def at(self, who: str, path: str) -> Page:
        """Let somebody go to an address; it must be there."""
        answer = self.pages[who].goto(self.where + path)
        assert answer is not None
        assert answer.status == 200, (who, path, answer.status)
        return self.pages[who]

    def in_round(self, who: str, path: str) -> Page:
        """Let somebody go to a page of the round."""
        return self.at(who, f"/rounds/{self.round}/{path}")


@pytest.fixture
def desks(browser: Browser, tmp_path: Path) -> Iterator[Desks]:
    """An empty programme with its people, each in a browser of their own."""
    root = tmp_path / "programme"
    founded(root)
    from kancil.desk.assessment.actions.packaged import add_packaged_protocol
    from kancil.desk.assessment.actions.people import admit_person
    from kancil.desk.assessment.actions.site import add_country
    from kancil.desk.people.models import Person, Role

    ada = Person.objects.get(username="ada")
    add_country(by=ada, code="XKA", name="Kasa", region="Practice", is_invented=True)
    for name in WHO:
        full, role = PEOPLE[name]
        given = ["XKA"] if role == "focal-point" else []
        admit_person(by=ada, username=name, name=full, role=Role(role), countries=given)
    for each in (CAPABILITY, LEGAL, THREAT):
        add_packaged_protocol(by=ada, name=each)
    given_passwords()
    with desk_of(root), served_here() as where, ExitStack() as open_ones:
        from django.test import Client

        pages: dict[str, Page] = {}
        for name in WHO:
            client = Client(headers={"host": "localhost"})
            client.force_login(
                Person.objects.get(username=name),
                "allauth.account.auth_backends.AuthenticationBackend",
            )
            session = client.cookies["sessionid"].value
            context = open_ones.enter_context(entered(browser, where, session))
            pages[name] = context.new_page()
            pages[name].set_default_timeout(20_000)
        yield Desks(where, pages)


def send(page: Page, text: str) -> None:
    """Press the button that says so, and wait for where it leads."""
    with page.expect_navigation():
        page.click(f"main button:text-is('{text}')")


def open_round(desks: Desks, title: str, days: tuple[str, str], older: str = "") -> None:
    page = desks.at("olga", "/rounds/new/")
    page.select_option("[name=country]", "XKA")
    page.fill("[name=round_title]", title)
    page.fill("[name=period_from]", days[0])
    page.fill("[name=period_to]", days[1])
    for each in (CAPABILITY, LEGAL, THREAT):
        page.check(f"[name=protocols][value='{each}']")
    if older:
        page.select_option("[name=older_round]", older)
    send(page, "Open the round")
    desks.round = page.url.split("/rounds/")[1].split("/")[0]
    page = desks.in_round("olga", "team/")
    for name, part in (("Lea Lim", "lead"), ("Ann Abreu", "assessor"), ("Bo Bakri", "assessor")):
        row = page.locator("main tr", has_text=name)
        row.locator("select").select_option(part)
    send(page, "Save the team")


def answer(desks: Desks, who: str, stages: dict[str, int]) -> None:
    """Answer by keys alone: a digit chooses the stage, a letter the confidence; on by a button."""
    for indicator, stage in stages.items():
        page = desks.in_round(who, f"{CAPABILITY}/{indicator}/")
        page.keyboard.press(str(stage))
        assert page.is_checked(f"[name=given_whole][value='{stage}']")
        assert not page.locator("[name=confidence]:checked").count()
        page.keyboard.press("m")
        assert page.is_checked("[name=confidence][value=medium]")
        send(page, "Save and continue")


def settle(desks: Desks) -> None:
    page = desks.in_round("bo", "disputes/")
    assert "DN03" in page.inner_text("main")
    page.fill("[name=settle_note]", "We count different units")
    send(page, "Record that we disagree")
    page = desks.in_round("lea", "disputes/")
    assert "We count different units" in page.inner_text("main")
    page.fill("[name=settle_note]", "The decree counts as Ann does")
    with page.expect_navigation():
        page.locator("main button:has-text('Agree on this answer')").first.click()
    assert "DN03" not in desks.in_round("lea", "disputes/").inner_text("main")


def law(desks: Desks) -> None:
    page = desks.at("ann", "/countries/XKA/law/new/")
    for name, text in (
        ("law_name", "Act on Computers"), ("law_citation", "No. 3 of 2019"), ("law_article", "4"),
        ("law_text", "Whoever enters a computer without right ..."), ("law_language", "en"),
        ("law_source", "Gazette"),
    ):  # fmt: skip
        page.fill(f"[name={name}]", text)
    with page.expect_navigation():
        page.click("main form button.main")
    page = desks.in_round("ann", f"{LEGAL}/uncc.7/law/")
    page.select_option("[name=matrix_extract]", index=0)
    with page.expect_navigation():
        page.click("main form button.main")
    page = desks.in_round("ann", f"{LEGAL}/uncc.7/")
    page.check("[name=given_whole][value='3']")
    for name in sorted(
        {each.get_attribute("name") or "" for each in page.query_selector_all("[name^=given_]")}
        - {"given_whole"}
    ):
        page.check(f"[name='{name}'][value='yes']")
    page.locator("[name=evidence]").first.check()
    page.check("[name=confidence][value=high]")
    send(page, "Save")
    text = desks.in_round("ann", "law/").inner_text("main")
    assert "Draft" in text
    page = desks.in_round("lea", "road/new/")
    page.fill("[name=road_subject]", "Ratification of the UN Convention")
    page.select_option("[name=road_stage]", "bill")
    page.fill("[name=road_owner]", "Ministry of Justice")
    page.fill("[name=road_due_on]", "2027-03-31")
    with page.expect_navigation():
        page.click("main form button.main")
    assert "Ministry of Justice" in desks.in_round("fay", "road/").inner_text("main")


def threats(desks: Desks) -> None:
    for who in ("ann", "bo"):
        page = desks.in_round(who, f"{THREAT}/{THREAT_ASKED}/")
        for part, value in (
            ("prevalence", "4"), ("impact", "5"), ("trend", "rising"), ("confidence", "medium"),
        ):  # fmt: skip
            page.check(f"[name='given_{part}'][value='{value}']")
        page.check("[name=confidence][value=medium]")
        send(page, "Save")
    page = desks.in_round("lea", f"{THREAT}/threats/")
    assert page.locator("main svg[role=img]").count() >= 1
    assert "4" in page.inner_text("main table")


def plan(desks: Desks) -> None:
    page = desks.in_round("fay", f"plan/gaps/{CAPABILITY}/DN03/")
    page.select_option("[name=gap_choice]", index=0)
    with page.expect_navigation():
        page.click("main form button.main")
    page = desks.in_round("lea", "plan/new/")
    page.fill("[name=plan_title]", "Course on the darknet")
    page.select_option("[name=plan_assistance]", "coordination_mechanism")
    page.fill("[name=plan_indicators_find]", "infrastructure")
    with page.expect_navigation():
        page.click("[name=again][value=plan_indicators]")
    page.check("[name=plan_indicators][value='DN03']")
    page.fill("[name=plan_owner]", "Cybercrime unit")
    page.fill("[name=plan_not_forces]", "It is for the ministries that coordinate")
    page.fill("[name=plan_success]", "Two officers do it alone in a practice case")
    with page.expect_navigation():
        page.click("main form button.main")
    page = desks.in_round("olga", "plan/")
    page.click("main >> text=Course on the darknet")
    with page.expect_navigation():
        page.locator("main button", has_text="Approve").first.click()
    assert "Approved" in desks.in_round("fay", "plan/").inner_text("main")


def report(desks: Desks) -> None:
    page = desks.in_round("lea", "reports/")
    for name, start in (("html", b"<!doctype html"), ("pdf", b"%PDF"), ("docx", b"PK")):
        page.check(f"[name=paper_format][value={name}]")
        with page.expect_download(timeout=60_000) as waited:
            page.click("main form button.main")
        path = waited.value.path()
        assert path.read_bytes()[: len(start)].lower() == start.lower(), name
    with page.expect_download() as waited:
        page.evaluate(
            "(where) => { location.href = where; }",
            f"{desks.where}/rounds/{desks.round}/files/export/",
        )
    assert waited.value.path().read_bytes().startswith(b"{")


@pytest.mark.thorough
@pytest.mark.browser
def test_a_round_with_its_dispute_law_threats_plan_and_report_and_a_second_one_compared(
    desks: Desks,
) -> None:
    open_round(desks, "First round", ("2026-03-01", "2026-05-31"))
    answer(desks, "ann", dict(zip(AREA, (1, 1, 2, 2, 1), strict=True)))
    assert "web." not in desks.in_round("bo", f"{CAPABILITY}/DN03/").inner_text("main")
    answer(desks, "bo", dict(zip(AREA, (1, 1, 3, 2, 1), strict=True)))
    settle(desks)
    text = desks.in_round("lea", f"{CAPABILITY}/profile/").inner_text("main")
    assert "Darknet" in text
    law(desks)
    threats(desks)
    plan(desks)
    report(desks)
    first = desks.round
    page = desks.in_round("fay", "sign-off/")
    page.fill("[name=signing_official]", "A. Official")
    page.fill("[name=signing_office]", "Ministry of Justice")
    page.fill("[name=signing_day]", "2026-06-01")
    with page.expect_navigation():
        page.click("main form button.main")
    page = desks.in_round("lea", "close/")
    with page.expect_navigation():
        page.click("main form button.main")
    open_round(desks, "Second round", ("2027-03-01", "2027-05-31"), first)
    for who in ("ann", "bo"):
        answer(desks, who, dict(zip(AREA, (2, 3, 3, 3, 2), strict=True)))
    text = desks.in_round("fay", f"{CAPABILITY}/compare/").inner_text("main")
    assert "First round" in text
    assert "DN02" in text
