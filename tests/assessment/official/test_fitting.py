"""A text is kept for its own instrument alone, and only if nearly all articles asked are there."""

from __future__ import annotations

from dataclasses import replace

import pytest

from kancil.assessment.errors import OfficialTextIncomplete, OfficialTextOfAnother
from kancil.assessment.official.articles import OfficialArticles, split
from kancil.assessment.official.fitting import Expected, expected, missing_in, place_of
from kancil.assessment.protocol import Article
from tests.assessment import small
from tests.assessment.official import official_samples as samples

BOATS, NIGHT = (expected(samples.protocol(), each, "en") for each in ("boats", "night"))


def articles(text: str, wanted: Expected = BOATS) -> OfficialArticles:
    return split(text.splitlines(), wanted.titles)


def test_a_whole_text_lacks_nothing() -> None:
    assert missing_in(articles(samples.european()), BOATS) == []
    assert BOATS.asked == (3, 4, 5, 6, 7, 8, 9, 10)
    assert BOATS.last == 12


def test_one_article_of_many_that_was_not_found_is_named() -> None:
    many = replace(BOATS, asked=tuple(range(1, 13)))
    assert missing_in(articles(samples.european(skip=(6,))), many) == [6]


def test_half_of_a_text_is_refused_and_what_lacks_is_named() -> None:
    with pytest.raises(OfficialTextIncomplete) as raised:
        missing_in(articles(samples.european(skip=(5, 6, 7, 8))), BOATS)
    assert raised.value.params == {
        "name": samples.TITLE, "count": 4, "of": 8, "articles": "5, 6, 7, 8",
    }  # fmt: skip


def test_a_text_of_another_instrument_is_refused_by_its_titles() -> None:
    with pytest.raises(OfficialTextOfAnother):
        missing_in(articles(samples.european(), NIGHT), NIGHT)


UNTITLED = "\n\n".join(f"Article {number}\n\nThe Parties shall row." for number in range(1, 9))


def test_without_titles_the_head_says_whose_text_it_is() -> None:
    head = f"{samples.OTHER}\n\nThe Parties to the {samples.TITLE}, who met,\n\n"
    few = replace(BOATS, asked=(3, 4))
    assert missing_in(articles(head + UNTITLED, NIGHT), NIGHT) == []
    for text in (head + UNTITLED, UNTITLED):
        with pytest.raises(OfficialTextOfAnother):
            missing_in(articles(text), few)
    assert missing_in(articles(f"{samples.TITLE}\n\n{UNTITLED}"), few) == []


def test_a_text_in_another_language_is_compared_by_its_numbers_alone() -> None:
    spanish = expected(samples.protocol(), "boats", "es")
    text = UNTITLED.replace("Article", "Artículo").replace("The Parties", "Las Partes")
    assert missing_in(articles(text), replace(spanish, asked=(3, 4))) == []
    with pytest.raises(OfficialTextIncomplete):
        missing_in(articles(text), replace(spanish, asked=(9, 10)))


def test_a_text_with_titles_of_its_own_language_fits_by_its_numbers() -> None:
    """As the Spanish and Arabic texts are published: each article with its title."""
    for tag, word in (("es", "Artículo"), ("ar", "المادة")):
        wanted = expected(samples.protocol(), "boats", tag)
        assert not wanted.compares_titles
        text = "\n\n".join(
            f"{word} {number} – Título número {number}\n\nLas Partes reman."
            for number in range(1, len(samples.TITLES) + 1)
        )
        assert missing_in(articles(text, wanted), wanted) == []
    assert expected(samples.protocol(), "boats", "en-GB").compares_titles


def test_articles_beyond_the_last_one_are_another_instruments() -> None:
    text = "\n\n".join(f"Article {number}\n\nThe Parties shall row." for number in range(1, 41))
    with pytest.raises(OfficialTextOfAnother):
        missing_in(articles(text), BOATS)


def test_a_text_that_has_no_numbers_must_name_its_instrument() -> None:
    wanted = replace(BOATS, asked=(), titles={}, last=0)
    assert wanted.is_whole
    whole = split([samples.TITLE, "", "1. We declare.", "2. And that."], {}, is_whole=True)
    assert missing_in(whole, wanted) == []
    assert [each.number for each in whole.articles] == [""]
    with pytest.raises(OfficialTextOfAnother):
        missing_in(articles("Of something else.\n\nWe declare.", wanted), wanted)


@pytest.mark.parametrize(
    ("number", "place"),
    [("7", 7), ("32(b)", 32), ("3(1)(c)", 3), ("VI", 6), ("INR.15, para. 7(a)", None),
     ("unnumbered (a)", None), ("R.15", None)],
)  # fmt: skip
def test_a_provision_stands_in_an_article_or_a_paragraph(number: str, place: int | None) -> None:
    assert place_of(Article("t", number, small.text("T"), "offence")) == place
