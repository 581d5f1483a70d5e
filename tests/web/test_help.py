"""Help: every page has its explanation, every word its source; searched offline, in any script."""

from __future__ import annotations

import pytest

from kancil.ground.words import has
from kancil.web.help.glossary import find_terms, terms, topic_of, topics
from tests.cli.running import Unit
from tests.cli.sample_unit import copied
from tests.web.site import Site, site_of


@pytest.fixture(scope="module")
def site(sample: Unit, tmp_path_factory: pytest.TempPathFactory) -> Site:
    return site_of(copied(sample, tmp_path_factory.mktemp("help")))


def test_every_term_has_its_words_a_source_and_knows_its_neighbours() -> None:
    for term in terms().values():
        assert has(term.name.key, "en"), term.id
        assert has(term.means.key, "en"), term.id
        assert term.source
        assert term.id not in term.see
        assert not set(term.see) - set(terms()), term.id


def test_every_topic_has_its_words_and_a_page_belongs_to_one() -> None:
    pages = [page for topic in topics().values() for page in topic.pages]
    assert len(pages) == len(set(pages))
    for topic in topics().values():
        assert has(topic.name.key, "en")
        assert has(topic.text.key, "en")
        assert topic.terms
        assert not set(topic.terms) - set(terms()), topic.id


def test_every_page_of_a_menu_is_explained(site: Site) -> None:
    from kancil.web.page import PAGES

    unexplained = [each.name for each in PAGES if each.menu and topic_of(each.name) is None]
    assert not unexplained


def test_from_a_page_one_comes_to_what_it_is(site: Site) -> None:
    client = site.client("officer")
    page = client.get("/cases/1/money/").content.decode()
    assert 'href="/help/?page=money"' in page
    told = client.get("/help/?page=money").content.decode()
    assert "Traces and other studies of this case" in told
    assert 'href="/help/policy/"' in told


def test_a_word_says_what_it_means_and_where_that_is_written(site: Site) -> None:
    page = site.client("reader").get("/help/fifo/").content.decode()
    assert "Devaynes v Noble" in page
    assert 'href="/help/haircut/"' in page
    assert site.client("reader").get("/help/no-such-word/").status_code == 404


def test_words_are_found_by_name_first_and_by_meaning() -> None:
    found = [term.id for term in find_terms("POISON")]
    assert found[0] in ("poison", "address-poisoning")
    assert "coinjoin" in [term.id for term in find_terms("mix their coins")]


@pytest.mark.parametrize("text", ["", " ", "x" * 200, "<script>", "%", "ប៉ូលីស", "'; --", "\\"])
def test_any_text_may_be_looked_for(site: Site, text: str) -> None:
    answer = site.client("officer").get("/help/", {"q": text})
    assert answer.status_code == 200
    assert "<script>" not in answer.content.decode().partition("<main")[2].partition("</main>")[0]


def test_whoever_is_not_signed_in_is_sent_to_sign_in(site: Site) -> None:
    for path in ("/help/", "/help/policy/"):
        assert site.client(None).get(path).status_code == 302
