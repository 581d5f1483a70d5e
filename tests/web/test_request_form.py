"""The form of a letter: nothing typed is lost, rows come and go, two officers lose nothing."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from kancil.ground.plain import plain
from kancil.legal.fields import Form
from kancil.legal.request import Draft, Item, Sought
from kancil.legal.requests import REQUESTS, kinds
from tests.cli.running import Unit
from tests.cli.sample_unit import PAID_ADDRESS, copied
from tests.data.scam.make import FILES
from tests.legal.letters import BANK, good
from tests.web.scam_site import read_scam
from tests.web.site import Site, site_of

if TYPE_CHECKING:
    from django.test import Client

Sent = dict[str, str | list[str]]


@pytest.fixture(scope="module")
def site(sample: Unit, tmp_path_factory: pytest.TempPathFactory) -> Site:
    return site_of(copied(sample, tmp_path_factory.mktemp("request-form")))


def sent_of(draft: Draft, first: int = 0, **changes: str | list[str]) -> Sent:
    """What a browser sends of the form of a draft."""
    from kancil.web.requests.typed import blanks, of_draft, row_forms

    kind = kinds().named(draft.kind)
    typed = of_draft(kind, draft, first)
    sent: Sent = {**typed.values, "first": str(typed.first), "shown": str(typed.shown)}
    for form in row_forms(kind):
        for blank in blanks(kind, form):
            rows = typed.rows[form]
            sent[f"{form.value}-{blank.name}"] = [each.get(blank.name, "") for each in rows]
    for form, ticked in typed.ticked.items():
        sent[form.value] = ticked
    return {**sent, "base": draft.sha256, "do": "save", **changes}


@pytest.mark.parametrize("name", [each.KIND.name for each in REQUESTS])
def test_a_letter_of_each_kind_comes_out_of_its_form_as_it_went_in(site: Site, name: str) -> None:
    from django.http import QueryDict

    from kancil.web.requests.typed import RIGHTS, draft_of, of_draft, of_post

    kind, base = kinds().named(name), good(name)
    rights = {each: base.rights[each] for each in RIGHTS}
    draft = replace(base, rights=rights, assurances={"torture": "Ministry, 2026-03-01"})
    assert draft_of(kind, of_draft(kind, draft), base) == draft
    query = QueryDict(mutable=True)
    for key, value in sent_of(draft).items():
        query.setlist(key, value if isinstance(value, list) else [value])
    assert plain(draft_of(kind, of_post(kind, query), base)) == plain(draft)


def saved(site: Site, draft: Draft) -> str:
    """Keep a letter of case 1; gives its number."""
    from kancil.desk.requests.actions import draft_request

    made = draft_request(site.ledger, site.workspace, case=site.case("C1"), draft=draft, by=site.by)
    return str(made.history.number)


def newest(site: Site, number: str) -> Draft:
    from kancil.desk.requests.queries import read_version, request_named

    return read_version(site.workspace, request_named(site.ledger, site.case("C1"), f"R{number}"))


def posted(client: Client, url: str, sent: Sent, status: int = 200) -> str:
    answer = client.post(url, sent)
    assert answer.status_code == status, answer.content.decode()[-2000:]
    return answer.content.decode() if status == 200 else answer.headers["Location"]


NEW = "/cases/1/requests/new/?kind=freeze"


def test_the_kinds_are_offered_by_what_one_wants_to_reach(site: Site) -> None:
    page = site.client("officer").get("/cases/1/requests/new/").content.decode()
    groups = re.findall(r"<h2>([^<]+)</h2>", page.partition("<main")[2])
    assert groups[:5] == ["Stop the money", "Keep the data", "Get the data", "Notify", "Close"]
    assert len(set(re.findall(r"\?kind=([a-z0-9-]+)", page))) == len(REQUESTS)
    assert site.client("officer").get("/cases/1/requests/new/?kind=wish").status_code == 404


def test_rows_are_added_and_removed_and_what_was_typed_stays(site: Site) -> None:
    client = site.client("officer")
    sent = sent_of(good("freeze"), t_facts="half a sentence", do="add:items")
    page = posted(client, NEW, sent)
    assert page.count('name="items-value"') == 2
    assert "half a sentence" in page
    page = posted(client, NEW, {**sent, "do": "remove:items:0"})
    assert page.count('name="items-value"') == 1
    assert "0123456789" not in page
    assert not site.entries("request.drafted")


def test_pasted_identifiers_become_items_of_their_kind(site: Site) -> None:
    text = f"{PAID_ADDRESS}, someone@mail.example\nT9zz no-such-thing"
    page = posted(site.client("officer"), NEW, sent_of(good("freeze"), do="paste", pasted=text))
    assert page.count('name="items-value"') == 5
    for kind in ("bitcoin-address", "email-address"):
        assert f'<option value="{kind}" selected>' in page
    assert "Added: 4. Of unknown kind: 2." in page


def test_many_pasted_identifiers_are_saved_and_shown_in_parts(site: Site) -> None:
    client = site.client("officer")
    text = "\n".join(f"{n:010d}" for n in range(1, 91))
    sent = sent_of(good("freeze"), do="paste", pasted=text)
    there = posted(client, NEW, sent, 302)
    found = re.fullmatch(r"/cases/1/requests/(\d+)/edit/\?first=90", there)
    assert found is not None
    draft = newest(site, found[1])
    assert len(draft.items) == 91
    edit = f"/cases/1/requests/{found[1]}/edit/"
    page = client.get(f"{edit}?first=40").content.decode()
    assert page.count('name="items-value"') == 40
    assert 'data-keep="letter-freeze-40"' in page, "what is kept of one part is put in no other"
    changed = sent_of(draft, first=40)
    changed["items-value"] = ["77777777", *changed["items-value"][1:]]
    posted(client, edit, changed, 302)
    again = newest(site, found[1])
    assert again.items[40].value == "77777777"
    assert [*again.items[:40], *again.items[41:]] == [*draft.items[:40], *draft.items[41:]]


def test_identifiers_of_the_case_come_with_their_place_as_proof(site: Site, tmp_path: Path) -> None:
    client = site.client("officer")
    read_scam(site, tmp_path, tuple(FILES)[:1])
    page = client.get(NEW).content.decode()
    values = re.findall(r'name="picked" value="([^"]+)"', page)
    assert values
    page = posted(client, NEW, sent_of(good("freeze"), do="pick", picked=values[:2]))
    assert page.count('name="items-value"') == 3
    assert values[0].split()[1] in page
    assert len(re.findall(r'name="items-proof"[^>]+value="E\d+, line \d+"', page)) == 3
    assert page.count('<option value="reported" selected>') == 3
    found = posted(client, NEW, sent_of(good("freeze"), do="find", find="no such text"))
    assert "Nothing recorded in this case" in found


def test_an_office_is_taken_from_the_directory(site: Site) -> None:
    client = site.client("officer")
    sent = sent_of(replace(good("subscriber"), items=()), to_name="a", do="offices")
    new = "/cases/1/requests/new/?kind=subscriber"
    page = posted(client, new, sent)
    office = re.search(r'name="do" value="take:([^"]+)"', page)
    assert office is not None
    page = posted(client, new, {**sent, "do": f"take:{office[1]}"})
    assert f'name="to_office" value="{office[1]}"' in page


def test_who_saves_after_somebody_else_is_told_and_loses_nothing(site: Site) -> None:
    draft = good("preservation")
    number = saved(site, draft)
    edit = f"/cases/1/requests/{number}/edit/"
    one, other = site.client("officer"), site.client("examiner")
    posted(one, edit, sent_of(draft, t_purpose="of the officer"), 302)
    page = posted(other, edit, sent_of(draft, t_contact="of the examiner"))
    assert "officer saved a newer version" in page
    assert "of the examiner" in page
    assert "Theirs differs: Contact." in page
    assert newest(site, number).text("contact") == draft.text("contact")
    over = re.search(r'name="over" value="([0-9a-f]{64})"', page)
    assert over is not None
    mine = sent_of(draft, t_contact="of the examiner", do="over", over=over[1])
    posted(other, edit, mine, 302)
    assert newest(site, number).text("contact") == "of the examiner"
    page = other.get(f"/cases/1/requests/{number}/?tab=versions").content.decode()
    assert page.count("Purpose and use") == 2
    old = other.get(f"/cases/1/requests/{number}/?tab=letter&version=2").content.decode()
    assert "of the officer" in old
    assert "of the examiner" not in old


def test_a_choice_that_is_none_and_a_row_without_text_make_no_item() -> None:
    from kancil.web.requests.typed import Typed, draft_of

    kind, base = kinds().named("freeze"), replace(good("freeze"), items=())
    rows = {Form.ITEMS: [{"sought": "content", "selector": "x", "value": "0123456789"},
                         {"sought": "hold", "selector": "", "value": ""}]}  # fmt: skip
    people = [{"name": "Person B", "role": ""}]
    other = draft_of(kinds().named("preservation"), Typed({}, {Form.PERSONS: people}), base)
    assert other.persons[0].role == "account-holder", "nobody is a suspect by default"
    made = draft_of(kind, Typed({"to_kind": "nobody", "to_name": "Bank"}, rows), base)
    assert made.addressee.kind == "bank"
    assert made.items == (Item(Sought.HOLD, "bank-account", "0123456789", "Bank"),)


AT_HOME = replace(BANK, office="", country="LA")
UNCHECKED = replace(good("freeze"), rights={}, addressee=AT_HOME)


def answers(page: str) -> list[str]:
    """Of the six questions, as the form has them."""
    lists = re.findall(r'<select name="r_[^>]+>(.*?)</select>', page, re.DOTALL)
    return [next(iter(re.findall(r'value="([^"]*)" selected', each)), "") for each in lists]


def test_one_click_of_a_person_answers_the_check_of_a_letter_at_home(site: Site) -> None:
    client = site.client("officer")
    sent = sent_of(UNCHECKED, t_rights_checked_by="")
    page = posted(client, NEW, {**sent, "do": "add:items"})
    assert answers(page) == [""] * 6, "nothing is answered by default"
    page = posted(client, NEW, {**sent, "do": "none-applies"})
    assert answers(page) == ["no-risk"] * 6
    assert 'name="t_rights_checked_by" id="t-rights_checked_by" value="Officer"' in page
    abroad = posted(client, NEW, {**sent, "do": "none-applies", "to_country": "TH"})
    assert answers(abroad) == [""] * 6
    assert "cannot be answered at once for this letter" in abroad


def test_a_letter_that_goes_to_another_country_loses_its_check(site: Site) -> None:
    client = site.client("officer")
    number = saved(site, replace(good("freeze"), addressee=AT_HOME))
    edit = f"/cases/1/requests/{number}/edit/"
    page = client.get(edit).content.decode()
    assert '<input type="hidden" name="rights_for" value="LA" data-kept>' in page
    sent = sent_of(newest(site, number), rights_for="LA")
    posted(client, edit, {**sent, "to_country": "TH"}, 302)
    assert newest(site, number).rights == {}
    assert not newest(site, number).text("rights_checked_by")
    told = client.get(f"/cases/1/requests/{number}/").content.decode()
    assert "The human-rights check was made for LA." in told


def test_a_letter_that_follows_takes_over_what_the_earlier_one_says(site: Site) -> None:
    number = saved(site, good("freeze"))
    url = f"/cases/1/requests/new/?kind=hold-change&after=R{number}"
    page = site.client("officer").get(url).content.decode()
    assert 'value="0123456789"' in page
    assert '<option value="release" selected>' in page
    assert 'value="LA-2026-7"' in page
