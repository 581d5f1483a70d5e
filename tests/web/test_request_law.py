"""A letter takes its legal basis and its offences from the law that the unit knows."""

from __future__ import annotations

import re
from dataclasses import replace

from kancil.legal.request import Draft
from tests.legal.lawfiles import LAW
from tests.legal.letters import BANK, good
from tests.web.site import Site
from tests.web.test_law import send
from tests.web.test_request_form import newest, posted, saved, sent_of

NEW = "/cases/1/requests/new/?kind=freeze"
BARE = replace(good("freeze"), offences=(), bases=(), addressee=replace(BANK, office=""))


def offered(page: str) -> list[str]:
    return re.findall(r'name="law" value="([^"]+)"', page)


def test_what_may_carry_a_letter_is_offered_and_taken_by_a_tick(site: Site) -> None:
    client = site.client("officer")
    page = posted(client, NEW, sent_of(BARE, do="add:bases"))
    assert offered(page) == [
        "bases:asean_mlat", "bases:untoc", "bases:uncac", "bases:sft", "bases:uncc",
        "bases:budapest",
    ]  # fmt: skip
    send(site, LAW.replace("country: XA", "country: LA").encode())
    ticked = ["bases:la-th-mla", "bases:asean_mlat", "offences:xa-cyber-12", "nonsense"]
    page = posted(client, NEW, sent_of(BARE, do="law", law=ticked))
    assert offered(page)[:2] == ["bases:la-th-mla", "bases:asean_mlat"]
    assert "bases:uncc" not in offered(page), "not in force by the unit's own file"
    assert "3 rows were taken" in page
    assert page.count('name="bases-article"') == 2
    assert "alters data" not in page
    assert "Whoever by altering data causes a loss" in page


def test_a_pair_of_laws_is_taken_into_an_open_letter_with_its_elements(site: Site) -> None:
    send(site, LAW.replace("country: XA", "country: LA").replace("country: XB", "country: TH")
         .encode())  # fmt: skip
    texts = {**good("mutual-assistance").texts, "dual_criminality": ""}
    number = saved(site, replace(good("mutual-assistance"), offences=(), texts=texts))
    client, there = site.client("officer"), "/law/texts/xb-penal-341/beside/xa-cyber-12/"
    page = client.get(f"{there}?pair-deceit=input").content.decode()
    (link,) = set(re.findall(r'href="(/cases/1/requests/\d+/edit/\?beside=[^"#]+)"', page))
    assert "/edit/?beside" not in site.client("reader").get(there).content.decode()
    taken = client.get(link.replace("&amp;", "&")).content.decode()
    assert "Side by side: Computer-related fraud and Fraud" in taken, "our own law stands first"
    assert "Penal Code (invented), 341 was law until 2026-01-01." in taken
    assert '<option value="TH Penal Code (invented), 341" selected>' in taken
    assert "Conduct: alters data / deceives another" in taken
    assert newest(site, number).offences == (), "nothing is kept before it is saved"
    wrong = link.replace("&amp;", "&").replace("beside=xb", "beside=no")
    assert client.get(wrong).status_code == 404


def test_a_basis_that_was_taken_is_kept_with_both_countries_status(site: Site) -> None:
    client = site.client("officer")
    page = posted(client, NEW, sent_of(BARE, do="law", law=["bases:asean_mlat"]))
    assert "Assistance in forfeiture proceedings; Scope of assistance" in page
    (status,) = re.findall(r'name="bases-status"[^>]*>([^<]+)<', page)
    assert "Thailand: a party, as of 2013 (asean.org, page on criminal matters." in status
    row = {
        "bases-instrument": ["asean_mlat"], "bases-article": ["22, 1"],
        "bases-title": ["ASEAN MLAT"], "bases-status": [status],
    }  # fmt: skip
    sent = sent_of(BARE) | row
    there = posted(client, NEW, sent, 302)
    number = re.findall(r"/requests/(\d+)/", there)[0]
    kept: Draft = newest(site, number)
    assert (kept.bases[0].instrument, kept.bases[0].article) == ("asean_mlat", "22, 1")
    letter = client.get(f"/cases/1/requests/{number}/?tab=letter").content.decode()
    assert "ASEAN MLAT" in letter
    assert "asean_mlat" not in letter
