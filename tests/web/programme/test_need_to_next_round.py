"""From a need to the next round, in Chromium: one conference, two donors, and what leaves of it.

A need of Kasa's plan becomes a conference that two donors pay for. People are registered by the
country's focal point, marked at the door without a network, asked what they thought, counted under
a rule, reported to each donor with its share alone, published as IATI that passes schema and
ruleset; the country's next round shows what changed.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from kancil.ground import clock
from kancil.programme.iati.check import check_iati_file
from tests.web.programme.served import PASSWORD, ProgrammeSite, copied, opened
from tests.web.test_every_page import entered, served_here
from tools.sample_programme import CAPABILITY

pytestmark = [pytest.mark.browser, pytest.mark.thorough]
TEMPLATE = "child-exploitation-conference"
FIRST, SECOND = "Ministry of Outer Affairs of Ostra", "Agency for Aid of Norland"
OURS, THEIRS = 23_456_00, 77_777_33
"""What each donor's grant spent on the conference, in cents."""
NAMES = ("Sopheak Chan", "Malee Srisuk", "Bounmy Keo", "Sari Dewi", "Linh Tran", "Aung Thu")


class Desks:
    """Everybody's browser at one site."""

    def __init__(self, site: ProgrammeSite, where: str, pages: dict[str, Page]) -> None:
        """Take the site, its address, and a page for each person."""
        self.site, self.where, self.pages = site, where, pages

    def at(self, who: str, path: str) -> Page:
        """Let somebody go to an address; it must be there."""
        answer = self.pages[who].goto(self.where + path)
        assert answer is not None
        assert answer.status == 200, (who, path, answer.status)
        return self.pages[who]


@pytest.fixture
def desks(browser: Browser, sample_programme: Path, tmp_path: Path) -> Iterator[Desks]:
    """The sample programme, with an officer, finance, a focal point and a donor reader in it."""
    with (
        opened(copied(sample_programme, tmp_path)) as site,
        served_here() as where,
        ExitStack() as open_ones,
    ):
        pages: dict[str, Page] = {}
        for name in ("olga", "fin", "fay", "don"):
            session = site.client(name).cookies["sessionid"].value
            context = open_ones.enter_context(entered(browser, where, session))
            pages[name] = context.new_page()
            pages[name].set_default_timeout(20_000)
        yield Desks(site, where, pages)


def send(page: Page, text: str) -> None:
    """Press the button that says so, and wait for where it leads."""
    with page.expect_navigation():
        page.get_by_role("button", name=text, exact=True).last.click()
    assert page.locator(".errorlist, .field-error").count() == 0, page.locator("main").inner_text()


def fill(page: Page, **given: str) -> None:
    """Fill fields by their names, also those that are folded away."""
    page.locator("main details").evaluate_all("all => all.forEach((each) => { each.open = true; })")
    for name, value in given.items():
        field = page.locator(f"[name={name}]")
        if field.evaluate("field => field.tagName") == "SELECT":
            field.select_option(value)
        else:
            field.fill(value)


def confirm(desks: Desks, who: str) -> None:
    """Show again who is there, as publishing asks."""
    page = desks.at(who, "/account/confirm/?next=/")
    page.fill("[name=password]", PASSWORD)
    with page.expect_navigation():
        page.press("[name=password]", "Enter")


def _books(site: ProgrammeSite, period: tuple[date, date]) -> tuple[str, str]:
    """Two donors with a grant each, an agency, and the framework that is counted by."""
    from kancil.desk.programme.money.donors import add_donor, set_donor_seats
    from kancil.desk.programme.money.grants import add_grant
    from kancil.desk.programme.results.versions import import_framework
    from kancil.programme.framework import EXAMPLE, read_framework
    from kancil.programme.funding import DonorInput, GrantInput

    fin, olga = site.people["fin"], site.people["olga"]
    content = EXAMPLE.read_bytes()
    framework = read_framework(content, EXAMPLE.name)
    import_framework(by=olga, framework=framework, reason="First version")
    made = []
    for name, reference in ((FIRST, "OST-1"), (SECOND, "NOR-1")):
        donor = add_donor(by=fin, given=DonorInput(name=name)).id
        if name == FIRST:
            set_donor_seats(by=olga, person=site.people["don"].pk, donors=[donor])
        given = GrantInput(
            donor=donor, reference=reference, title=f"Grant {reference}", amount="500,000.00",
            currency="USD", begins_on=period[0], ends_on=period[1], audit_until=date(2034, 12, 31),
        )  # fmt: skip
        made.append(add_grant(by=fin, given=given).id)
    return made[0], made[1]


def _spending(site: ProgrammeSite, code: str, period: tuple[date, date]) -> None:
    """Import the ledger's export of a whole period, in which each grant spent on the conference."""
    from kancil.desk.programme.money.spending import LedgerExport, hand_in_spending, import_spending
    from kancil.evidence.vault import Vault
    from kancil.ground.workspace import open_workspace
    from kancil.programme.money.ledger_file import LedgerMapping

    lines = "".join(
        f"{period[1].isoformat()},{n},{reference},{code},travel,{minor / 100:.2f}\n"
        for n, (reference, minor) in enumerate((("OST-1", OURS), ("NOR-1", THEIRS)))
    )
    workspace = open_workspace(site.root)
    store = Vault(workspace.vault_dir, workspace.incoming_dir)
    data = ("Date,Reference,Grant,Activity,Class,Amount\n" + lines).encode()
    by = site.people["fin"]
    batch = hand_in_spending(by=by, store=store, data=data, file_name="ledger.csv")
    columns = {
        "posted_on": "Date", "reference": "Reference", "grant_code": "Grant",
        "activity_code": "Activity", "budget_class": "Class", "amount": "Amount",
    }  # fmt: skip
    export = LedgerExport("Ledger", *period, "USD", OURS + THEIRS)
    import_spending(by=by, store=store, batch=batch, export=export, mapping=LedgerMapping(columns))


def _item(site: ProgrammeSite) -> str:
    from kancil.desk.assessment.models import PlanItem

    found = PlanItem.objects.filter(round_id=site.second, title__startswith="One desk")
    return str(found.get().id)


def _plan(desks: Desks, today: date, grants: tuple[str, str]) -> str:
    """Plan the conference from the need, and let finance share it between two grants."""
    page = desks.at("olga", f"/activities/new/?item={_item(desks.site)}&template={TEMPLATE}")
    fill(
        page, activity_kind="conference", activity_title="Conference on one desk for reports",
        activity_begins_on=(today - timedelta(days=1)).isoformat(),
        activity_ends_on=today.isoformat(), activity_place="Port Kasa", activity_code="CONF-1",
    )  # fmt: skip
    page.select_option("[name=activity_output]", label=_output(page))
    send(page, "Add the activity")
    address = re.sub(r"^https?://[^/]+", "", page.url)
    expect(page.locator("main")).to_contain_text("One desk for police")
    money = desks.at("fin", f"{address}state/")
    for share, label in ((40, "OST-1"), (60, "NOR-1")):
        money.get_by_label(re.compile(label)).fill(str(share))
    send(money, "Save")
    assert grants[0] != grants[1]
    page = desks.at("olga", f"{address}delegations/")
    fill(page, delegation_country="XKA", delegation_places="10", delegation_head="Ministry")
    send(page, "Invite a delegation")
    page = desks.at("olga", f"{address}state/")
    send(page, "Confirm")
    return address


def _output(page: Page) -> str:
    labels = page.locator("[name=activity_output] option").all_inner_texts()
    return next(each for each in labels if each.startswith("3.1"))


def _register(desks: Desks, address: str) -> None:
    """The focal point registers the country's people, by their names in three scripts."""
    for place, name in enumerate(NAMES):
        page = desks.at("fay", f"{address}registrations/new/")
        fill(
            page, name=name, sex="female" if place % 2 else "male",
            role="policy", registration_part="delegate",
        )  # fmt: skip
        send(page, "Register somebody new")


def _at_the_door(desks: Desks, browser: Browser, address: str) -> None:
    """Prepare a telephone, mark five of six without a network, and send when there is one."""
    page = desks.at("olga", f"{address}attendance/")
    page.fill("[name=device_name]", "Telephone at the door")
    send(page, "Prepare")
    shown = page.locator("main").inner_text()
    pin = re.search(r"\b[0-9A-Z]{4,5}[- ][0-9A-Z]{4,5}\b", shown)
    there = re.search(r"/event/[0-9a-f-]{36}/", page.content())
    assert pin, shown
    assert there, shown
    telephone = browser.new_context(
        viewport={"width": 390, "height": 800}, base_url=desks.where
    ).new_page()
    telephone.goto(there[0])
    expect(telephone.locator("#told")).to_contain_text("without network")
    telephone.fill("#pin", pin[0])
    telephone.press("#pin", "Enter")
    expect(telephone.locator("#people button")).to_have_count(len(NAMES))
    telephone.context.set_offline(True)
    for place in range(len(NAMES) - 1):
        telephone.locator(f"#people button >> nth={place}").click()
    expect(telephone.locator("#waiting")).to_contain_text("5 marks")
    telephone.context.set_offline(False)
    expect(telephone.locator("#waiting")).to_contain_text("0 marks")
    telephone.context.close()


def _evaluated(desks: Desks, address: str) -> None:
    from kancil.desk.programme.taking_part.evaluating import enter_sheets
    from kancil.programme.vocabulary import Moment

    sheets: list[dict[str, Any]] = [
        {"answers": {"useful": 4 + n % 2, "pace": 3, "will-use": "certainly"}} for n in range(5)
    ]
    activity = address.rstrip("/").rsplit("/", 1)[1]
    enter_sheets(by=desks.site.people["olga"], activity=activity, moment=Moment.AT_ONCE,
                 sheets=sheets)  # fmt: skip
    page = desks.at("olga", f"{address}evaluations/")
    expect(page.locator("main")).to_contain_text("5 of 5")


def _finish(desks: Desks, address: str) -> None:
    page = desks.at("olga", f"{address}after/")
    fill(
        page, after_report="Delegations named one desk each.",
        after_outcome_statement="Each delegation names a desk by December.",
    )  # fmt: skip
    send(page, "Save")
    page = desks.at("olga", f"{address}state/")
    send(page, "Mark as done")


def _count(desks: Desks, today: date) -> None:
    """Count the delegates' indicator under its rule, and open the figure to its records."""
    from kancil.desk.programme.models import Indicator

    id = Indicator.objects.get(code="3.1.b").id
    page = desks.at("olga", f"/results/indicators/{id}/count/")
    fill(page, result_since=(today - timedelta(days=200)).isoformat(), result_to=today.isoformat())
    send(page, "Count")
    expect(page.locator("main")).to_contain_text("5")


def _report(desks: Desks, grant: str, title: str) -> bytes:
    """Publish a donor's report, and read its Word file as the donor does."""
    from kancil.desk.programme.models import DonorReport

    page = desks.at("olga", "/donor-reports/")
    page.select_option("[name=report_due]", label=_due(page, grant))
    page.fill("[name=report_title]", title)
    send(page, "Begin a report")
    address = re.sub(r"^https?://[^/]+", "", page.url)
    page = desks.at("olga", f"{address}sections/done/")
    page.fill("[name=report_text]", "One conference of delegations was held.")
    send(page, "Save")
    page = desks.at("olga", f"{address}publish/")
    fill(page, report_official="Head of programme", report_office="Programme of practice")
    page.check("[name=report_publish_sure]")
    send(page, "Publish")
    row = DonorReport.objects.get(title=title)
    assert set(row.files) == {"pdf", "docx", "html"}
    reader = desks.site.client("don" if "OST" in grant else "olga")
    answer = reader.get(f"{address}files/docx/")
    assert answer.status_code == 200
    whole = bytes(answer.getvalue())
    with zipfile.ZipFile(io.BytesIO(whole)) as packed:
        return b"".join(packed.read(name) for name in packed.namelist())


def _due(page: Page, grant: str) -> str:
    """The label of the newest period of a grant."""
    labels = page.locator("[name=report_due] option").all_inner_texts()
    return [each for each in labels if grant in each][-1]


def _publish(desks: Desks) -> bytes:
    from kancil.desk.programme.models import IatiFile

    page = desks.at("olga", "/iati/reporter/")
    fill(
        page, iati_ref="XM-DAC-99999", iati_name="Programme of practice",
        iati_title="Programme on cybercrime",
        iati_description="Capacity against cybercrime in invented countries.",
    )  # fmt: skip
    send(page, "Save")
    page = desks.at("olga", "/iati/")
    send(page, "Publish")
    made = IatiFile.objects.get()
    answer = desks.site.client("olga").get(f"/iati/files/{made.id}/download/")
    return bytes(answer.getvalue())


def _next_round(site: ProgrammeSite, today: date) -> None:
    """The country releases the round of the need, answers again, and releases that too."""
    from kancil.desk.assessment.actions.evidence import add_evidence
    from kancil.desk.assessment.actions.releases import release_figures
    from kancil.desk.assessment.actions.rounds import Member, open_round, set_team
    from kancil.desk.assessment.queries.site import Part
    from kancil.evidence.vault import Vault
    from kancil.ground.workspace import open_workspace
    from tools.sample_answers import answers

    people, workspace = site.people, open_workspace(site.root)
    made = open_round(
        by=people["olga"], country="XKA", title="The round after", period_from=today,
        period_to=today + timedelta(days=60), protocols=[CAPABILITY], older=site.second,
    )  # fmt: skip
    team = {"lea": Part.LEAD, "ann": Part.ASSESSOR, "bo": Part.ASSESSOR}
    members = [Member(people[name].pk, part) for name, part in team.items()]
    set_team(by=people["olga"], round=made, members=members)
    add_evidence(by=people["ann"], round=made, grade="a", kind="data", title="Register",
                 reference="Letter 31")  # fmt: skip
    answers(people, made, [CAPABILITY], drift=2)
    store = Vault(workspace.vault_dir, workspace.incoming_dir)
    for round in (site.second, made):
        release_figures(
            consent="Letter 12 (invented)",
            by=people["olga"], round=round, official="A. Minister", office="Ministry of Justice",
            released_on=today, protocols=[CAPABILITY], store=store,
        )  # fmt: skip


def test_a_need_becomes_a_conference_and_shows_in_the_next_round(
    desks: Desks, browser: Browser, tmp_path: Path
) -> None:
    from kancil.web.acting import today as today_here

    today = today_here()
    period = (today - timedelta(days=200), today - timedelta(days=1))
    grants = _books(desks.site, period)
    address = _plan(desks, today, grants)
    _register(desks, address)
    _at_the_door(desks, browser, address)
    _evaluated(desks, address)
    _finish(desks, address)
    _spending(desks.site, "CONF-1", period)
    _count(desks, today)
    confirm(desks, "olga")
    first = _report(desks, "OST-1", "Report to Ostra")
    second = _report(desks, "NOR-1", "Report to Norland")
    assert b"23,456" in first
    assert b"77,777" not in first, "a donor's report holds no sum of another's"
    assert b"77,777" in second
    assert b"23,456" not in second
    held = _publish(desks)
    path = tmp_path / "activities.xml"
    path.write_bytes(held)
    verdict = check_iati_file(path, clock.now())
    assert verdict.is_valid, verdict.faults[:3]
    assert verdict.follows_rules, verdict.faults[:3]
    for name in NAMES:
        assert name.encode() not in first + second + held, "nobody is named in what leaves"
    _next_round(desks.site, today)
    page = desks.at("fay", "/countries/XKA/programme/")
    text = page.locator("main").inner_text()
    assert "Conference on one desk for reports" in text
    assert "The round after" in text
