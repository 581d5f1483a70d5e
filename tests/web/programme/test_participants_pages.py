"""Pages of organisations, participants, registrations and head counts, as each role has them."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from playwright.sync_api import Browser

from tests.web.programme.asking import sent, shown, words_of
from tests.web.programme.served import ProgrammeSite, copied, opened
from tests.web.programme.test_who_may import RAW_KEY

if TYPE_CHECKING:
    from tests.desk.programme.people_rows import Books

SECRET = "Uniquely Named"
MAIL = "unique@example.org"
PERSON = {
    "do": "participant", "name": SECRET, "country": "XKA", "role": "police", "sex": "female",
    "age_band": "30-44", "email": MAIL,
}  # fmt: skip
NAMELESS = ("fin", "don", "mia", "lea", "far")
"""Who never sees a participant of Kasa by name."""


@pytest.fixture(scope="module")
def at(
    sample_programme: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[ProgrammeSite, str]]:
    """The sample programme with one funded activity of Kasa, and somebody registered for it."""
    with opened(copied(sample_programme, tmp_path_factory.mktemp("people"))) as site:
        from kancil.desk.programme.models import DonorSeat
        from kancil.desk.programme.taking_part.registering import register

        made = _books(site)
        register(by=site.people["fay"], activity=made.activity, participant=made.add(SECRET,
                 email=MAIL, office="Uniquely Office"))  # fmt: skip
        DonorSeat.objects.create(person=site.people["don"], donor=made.grant.donor)
        yield site, made.activity


def _books(site: ProgrammeSite) -> Books:
    from tests.desk.programme.people_rows import AUDIT, Books, activity, paid

    olga = site.people["olga"]
    row = activity(olga, "2026-SEA-014", ["XKA"])
    return Books(None, site.people, row.id, paid(row, olga, "G-1", AUDIT))  # type: ignore[arg-type]


def _pages() -> list[Any]:
    from kancil.web.programme_page import PAGES
    from kancil.web.sites import programme as site_module

    assert site_module.urlpatterns
    return [each for each in PAGES if ".programme.people." in each.view.__module__]


def _address(page: Any, activity: str) -> str:
    from django.urls import reverse

    from kancil.desk.programme.models import Participant

    named = re.findall(r"<\w+:(\w+)>", page.address)
    given = {
        **page.sample,
        "activity": activity,
        "participant": Participant.objects.latest("pk").pk,
    }
    return str(reverse(page.name, kwargs={name: given[name] for name in named}))


def test_no_name_reaches_whoever_may_not_see_it_on_any_page_in_any_form(
    at: tuple[ProgrammeSite, str],
) -> None:
    site, activity = at
    seen = set()
    for name in (*NAMELESS, "olga", "fay"):
        client = site.client(name)
        for page in _pages():
            for method in page.methods:
                answer = getattr(client, method.lower())(_address(page, activity))
                assert not RAW_KEY.findall(answer.getvalue().decode()), page.name
                if SECRET in answer.getvalue().decode() or MAIL in answer.getvalue().decode():
                    seen.add((name, page.name))
                if name in set(NAMELESS) - {"far"} and page.name != "head_counts":
                    assert answer.status_code in (403, 404), (name, page.name)
    assert {name for name, _ in seen} == {"olga", "fay"}
    assert {page for name, page in seen if name == "fay"} == {
        "participants", "participant", "participant_edit", "registrations",
    }  # fmt: skip


def test_another_countrys_focal_point_gets_nothing_with_an_id_of_ours(
    at: tuple[ProgrammeSite, str],
) -> None:
    site, activity = at
    client = site.client("far")
    for page in _pages():
        if page.of == "activity" or page.name in ("participant", "participant_edit"):
            for method in page.methods:
                answer = getattr(client, method.lower())(_address(page, activity))
                assert answer.status_code == 404, (page.name, method)
    assert SECRET not in shown(site, "far", "/participants/")


def test_a_list_that_leaves_has_no_name_without_consent(at: tuple[ProgrammeSite, str]) -> None:
    from kancil.desk.programme.models import Participant

    site, activity = at
    for there in ("/participants/participants.csv",
                  f"/activities/{activity}/registrations/registrations.csv"):  # fmt: skip
        text = site.client("olga").get(there).content.decode()
        assert len(text.splitlines()) > 1
        assert not re.search("Uniquely|unique@", text), there
        Participant.objects.update(consent_on=date(2026, 8, 1))
        assert SECRET in site.client("olga").get(there).content.decode()
        Participant.objects.update(consent_on=None)


def test_an_officer_adds_finds_changes_and_forgets_somebody(
    programme: ProgrammeSite,
) -> None:
    _books(programme)
    child = {**PERSON, "age_band": "under-18"}
    told = sent(programme, "fay", "/participants/new/", child)
    assert "Nobody under 18 is registered by name." in told
    made = sent(programme, "fay", "/participants/new/", PERSON)
    assert SECRET in made and "No consent" in made  # noqa: PT018
    found = shown(programme, "olga", "/participants/?name_or_email=uniquely&organisation=")
    assert SECRET in found
    (number,) = set(re.findall(r"/participants/(\d+)/", programme.client("olga").get(
        "/participants/").content.decode()))  # fmt: skip
    edit, consent = f"/participants/{number}/edit/", {"consent_on": "2026-08-01",
                                                      "consent_to": "Lists"}  # fmt: skip
    changed = sent(programme, "olga", edit, {**PERSON, **consent, "version": "1"})
    assert "Consent of 2026-08-01" in changed
    late = {**PERSON, "office": "Head of unit", "version": "1"}
    told = sent(programme, "fay", edit, late)
    assert "Olga Osei changed this after you opened it." in told
    assert "Consent given on 2026-08-01 –" in told
    assert "kept as a draft" in told
    assert "Consent of 2026-08-01" in shown(programme, "fay", f"/participants/{number}/")
    page = programme.client("fay").get(f"{edit}?draft=participant").content.decode()
    assert 'value="Head of unit"' in page
    again = {**late, **consent, "version": re.findall(r'name="version" value="(\d+)"', page)[0]}
    assert "Head of unit" in sent(programme, "fay", edit, again)
    assert "You have a draft" not in shown(programme, "fay", edit)
    gone = sent(programme, "olga", f"/participants/{number}/",
                {"do": "forget", "forget_asked_on": "2026-08-02", "forget_sure": "on"})  # fmt: skip
    assert "Forgotten." in gone
    assert SECRET not in shown(programme, "olga", "/participants/")


def test_organisations_are_found_sorted_and_leave_as_a_file(programme: ProgrammeSite) -> None:
    from kancil.desk.programme.people.organisations import add_organisation
    from kancil.programme.people import OrganisationInput
    from kancil.programme.vocabulary import OrganisationKind

    for name, kind, country in (
        ("Court of Kasa", OrganisationKind.JUDICIARY, "XKA"),
        ("Unit of Kasa", OrganisationKind.POLICE, "XKA"),
        ("Unit of Bola", OrganisationKind.POLICE, "XBO"),
    ):
        draft = OrganisationInput(name=name, kind=kind, country=country)
        add_organisation(by=programme.people["olga"], given=draft)
    asked = "/organisations/?country=XKA&kind=police"
    listed = shown(programme, "olga", asked)
    assert "Unit of Kasa" in listed
    assert "Court of Kasa" not in listed
    assert "Unit of Bola" not in listed
    sorts = {"name": "CUU", "country": "UCU", "kind": "CUU", "newest": "UUC", "state": "CUU"}
    for sort, firsts in sorts.items():
        rows = _file(programme, f"/organisations/organisations.csv?sort={sort}")
        assert "".join(each["name"][0] for each in rows) == firsts, sort
    assert rows[1]["name"] == "Unit of Bola"
    (row,) = _file(programme, asked.replace("?", "organisations.csv?"))
    assert (row["name"], row["kind"], row["beneficiary"]) == ("Unit of Kasa", "police", "yes")
    page = programme.client("olga").get(f"{asked}&sort=country").content.decode()
    assert "organisations.csv?country=XKA&amp;kind=police" in page


def _file(site: ProgrammeSite, url: str) -> list[dict[str, str]]:
    text = site.client("olga").get(url).content.decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text)))


def test_registrations_are_sorted_by_their_columns_on_the_page_and_in_the_file(
    programme: ProgrammeSite,
) -> None:
    from kancil.desk.programme.models import Participant, Participation
    from kancil.desk.programme.taking_part.registering import register, set_state
    from kancil.programme.vocabulary import RegistrationState

    made, olga = _books(programme), programme.people["olga"]
    numbers = [made.add(name) for name in ("Chea", "Anan", "Bopha")]
    Participant.objects.filter(pk=numbers[1]).update(country=None)
    for number in numbers:
        register(by=olga, activity=made.activity, participant=number)
    Participation.objects.filter(participant_id=numbers[2]).update(state="confirmed")
    there, orders = f"/activities/{made.activity}/registrations/", {
        "": "ABC", "name": "ABC", "country": "BCA", "organisation": "ABC", "state": "ACB",
        "day": "CAB", "newest": "BAC",
    }  # fmt: skip
    for sort, order in orders.items():
        query = f"?person_text=&in_state=&person_sort={sort}"
        page = shown(programme, "olga", f"{there}{query}")
        assert sorted(("Anan", "Bopha", "Chea"), key=page.index) == [
            {"A": "Anan", "B": "Bopha", "C": "Chea"}[each] for each in order
        ], sort
        rows = _file(programme, f"{there}registrations.csv{query}")
        by = dict(zip(map(str, numbers), "CAB", strict=True))
        assert "".join(by[each["participant"]] for each in rows) == order, sort
    (row,) = _file(programme, f"{there}registrations.csv?in_state=confirmed&person_text=")
    assert row["state"] == "confirmed"
    sets = [each.pk for each in Participation.objects.exclude(state="confirmed").order_by("-pk")]
    for each in sets:
        set_state(by=olga, activity=made.activity, registrations=[each],
                  state=RegistrationState.WAITING)  # fmt: skip
    rows = _file(programme, f"{there}registrations.csv?in_state=waiting&person_text=")
    assert [each["participant"] for each in rows] == [str(each) for each in numbers[:2]]


def test_two_entries_are_joined_and_taken_apart_on_the_page(programme: ProgrammeSite) -> None:
    made = _books(programme)
    one, other = made.add("Sok Dara"), made.add("SOK DARA")
    assert "Same name and country" in shown(programme, "olga", "/participants/twice/")
    given = {"do": "join", "join_with": one, "join_reason": "name"}
    there = sent(programme, "olga", f"/participants/{other}/", given)
    assert f"“SOK DARA” (number {other}) is the same person." in there
    apart = sent(programme, "olga", f"/participants/{one}/", {"do": f"separate-{other}"})
    assert "SOK DARA" not in apart.partition("Perhaps")[0]


def test_registrations_are_made_by_tick_and_by_form_and_their_state_is_set(
    programme: ProgrammeSite,
) -> None:
    made = _books(programme)
    made.delegation(1)
    there = f"/activities/{made.activity}/registrations/"
    new = {**PERSON, "do": "register-new", "registration_part": "participant"}
    assert "Registered." in sent(programme, "fay", f"{there}new/", new)
    second = sent(programme, "fay", f"{there}new/", {**new, "name": "Second"})
    assert "they are on the waiting list" in second
    assert "Coming: 1. On the waiting list: 1." in second
    id = made.add("Known Person")
    assert "Known Person" in shown(programme, "olga", f"{there}?known=known")
    known = {"do": "register-known", "participant": id, "known_part": "speaker",
             "known_state": "registered"}  # fmt: skip
    listed = sent(programme, "olga", there, known)
    assert "Known Person" in listed
    assert " Kasa " in listed
    assert "XKA" not in listed
    text = programme.client("olga").get(there).content.decode()
    waiting = re.search(r'name="registration" value="(\d+)"[^>]*>(?:(?!</tr>).)*Second', text, re.S)
    assert waiting is not None
    full = sent(programme, "olga", there,
                {"do": "state", "registration": waiting[1], "new_state": "confirmed"})  # fmt: skip
    assert "All 1 places of this delegation are taken." in full


def test_a_form_file_leaves_and_what_it_collects_is_imported_and_undone(
    programme: ProgrammeSite,
) -> None:
    made = _books(programme)
    there = f"/activities/{made.activity}/registrations/"
    form = programme.client("olga").get(f"{there}form.html")
    assert "attachment" in form["Content-Disposition"]
    assert b'data-activity="2026-SEA-014"' in form.content
    file = io.BytesIO(b'{"name": "Form Filler", "country": "XKA"}\n{"name": "", "country": "XKA"}')
    file.name = "forms.jsonl"
    given = {"do": "file", "registrations_file": file}
    look = programme.client("olga").post(f"{there}import/", given)
    page = look.content.decode()
    assert "Name: nothing is entered" in page
    carried = re.search(r'name="carried_bytes" value="([^"]+)"', page)
    assert carried is not None
    given = {"do": "import", "carried_bytes": carried[1], "carried_name": "f.jsonl"}
    assert "1 registered, 0 on the waiting list." in sent(
        programme, "olga", f"{there}import/", given
    )
    assert "Form Filler" in shown(programme, "olga", there)
    page = programme.client("olga").get(f"{there}import/").content.decode()
    assert not RAW_KEY.findall(page)
    undo = re.search(r'value="(undo-[0-9a-f-]+)"', page)
    assert undo is not None
    assert "1 registrations taken back." in sent(programme, "olga", f"{there}import/",
                                                 {"do": undo[1]})  # fmt: skip
    bad = io.BytesIO(b"PK broken")
    bad.name = "f.xlsx"
    told = sent(programme, "olga", f"{there}import/", {"do": "file", "registrations_file": bad})
    assert "cannot be read as registrations" in told


def test_head_counts_are_entered_and_corrected_and_small_groups_hidden(
    programme: ProgrammeSite,
) -> None:
    made = _books(programme)
    there = f"/activities/{made.activity}/head-counts/"
    given = {"do": "count", "count_series": "School 7", "count_country": "XKA",
             "count_who": "children", "count_sex": "female", "count_age": "10-17",
             "count_number": "240", "counted_on": "2026-09-02",
             "counted_how": "By hand"}  # fmt: skip
    assert "240 people counted." in sent(programme, "fay", there, given)
    assert "was counted already" in sent(programme, "fay", there, given)
    small = {**given, "count_sex": "male", "count_number": "3"}
    page = sent(programme, "fay", there, small)
    assert "243 people counted." in page
    ids = re.findall(r'<option value="([0-9a-f-]{36})"',
                     programme.client("fay").get(there).content.decode())  # fmt: skip
    correct = {"do": "correct", "correct_which": ids[0], "correct_number": "238",
               "correct_on": "2026-09-03", "correct_how": "Two absent"}  # fmt: skip
    assert "Counts that were corrected (1)" in sent(programme, "fay", there, correct)
    for name in ("fin", "lea"):
        page = shown(programme, name, there)
        assert "241 people counted. Groups not shown, because they are under five or would" in page
        assert "show one that is: 2." in page
        assert "Enter a head count" not in shown(programme, name, there)


@pytest.mark.thorough
@pytest.mark.browser
def test_the_form_saves_what_is_read_again_and_asks_the_network_for_nothing(
    browser: Browser, tmp_path: Path
) -> None:
    from kancil.programme.registration.form import FormOf, form_page
    from kancil.programme.registration.reading import read_registrations

    file = tmp_path / "form.html"
    file.write_bytes(form_page(FormOf("A-1", "Training", "", "", [("XKA", "Kasa")], [])))
    page = browser.new_context(accept_downloads=True).new_page()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.on("console", lambda message: asked.append(message.text))
    page.goto(file.as_uri())
    page.fill("[name=name]", "សុខ ដារា")
    page.select_option("[name=country]", "XKA")
    page.click("button")
    assert not page.is_visible("output"), "an adult says so first"
    page.check("[name=adult]")
    page.check("[name=consent]")
    with page.expect_download() as saved:
        page.click("button")
    found = read_registrations(saved.value.path().read_bytes(), "form", "A-1")
    (one,) = found.registrants
    assert (one.name, one.country, bool(one.consent_on)) == ("សុខ ដារា", "XKA", True)
    assert page.is_visible("output")
    assert [url for url in asked if not url.startswith(("file:", "blob:"))] == []


@pytest.mark.parametrize(
    ("place", "who", "plural"),
    [("/organisations/", "olga", "organisations"), ("/grants/donors/", "fin", "donors")],
)
def test_a_list_is_looked_at_and_then_imported_as_it_was_looked_at(
    programme: ProgrammeSite, place: str, who: str, plural: str
) -> None:
    """The template of the page is its own import; a row that is refused says why."""
    client, there = programme.client(who), f"{place}import/"
    assert f'href="{there}"' in client.get(place).content.decode()
    template = client.get(f"{there}?template")
    assert template["Content-Disposition"] == f'attachment; filename="{plural}-template.csv"'
    headings, explained, example = template.content.decode("utf-8-sig").splitlines()
    row = example.removeprefix("# ").replace("KHM", "XKA")
    text = "\n".join([headings, explained, row.replace(",", " of Kasa,", 1), row, row])
    file = SimpleUploadedFile("list.csv", text.encode())
    looked = client.post(there, {"do": "list", "list_file": file})
    said = words_of(looked)
    assert "Would be taken 2" in said
    assert "Remarks passed over 1" in said
    assert re.search(r"\b5\b", said)
    assert "of Kasa" not in shown(programme, who, place)
    fields = dict(re.findall(r'name="(carried_\w+)" value="([^"]*)"', looked.content.decode()))
    done = sent(programme, who, there, {"do": "import", **fields})
    assert "Taken: 2. Not taken: 1." in done
    assert "of Kasa" in done
    again = sent(programme, who, there, {"do": "import", **fields})
    assert "Taken: 0. Not taken: 3." in again


def test_a_list_that_is_none_or_too_long_is_refused_at_its_field(programme: ProgrammeSite) -> None:
    there = "/organisations/import/"
    for text in ("", "called;kind\nX;police\n", "name,kind\n" + "Unit,police\n" * 501):
        file = SimpleUploadedFile("list.csv", text.encode())
        answer = programme.client("olga").post(there, {"do": "list", "list_file": file})
        assert answer.status_code == 200
        assert "carried_bytes" not in answer.content.decode()
    assert "500" in words_of(answer)
    for who in ("fay", "fin", "don"):
        shown(programme, who, there, 403)
        sent(programme, who, there, {"do": "import", "carried_bytes": ""}, 403)
