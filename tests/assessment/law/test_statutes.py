"""A pasted statute is split where its articles begin, in each language that is known."""

from __future__ import annotations

import pytest

from kancil.assessment.law.statutes import Piece, split_statute


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("Article 1", "Article 2"), ("Section 3", "Section 3A"), ("Sec. 1", "Sec. 2"),
        ("Art. 5", "Art. 5 bis"), ("Artículo 1", "Artículo 2"), ("Pasal 27", "Pasal 28"),
        ("Điều 6", "Điều 7"), ("มาตรา 5", "มาตรา ๖"), ("មាត្រា ១", "មាត្រា ២"),
        ("§ 202a", "§ 202c"), ("SEC. 4", "SEC. 5"), ("Seksyen 3", "Seksyen 4"),
        ("มาตรา ๙", "มาตรา ๙/๑"), ("มาตรา ๑๔ ทวิ", "มาตรา ๑๕"), ("Artículo 9 bis", "Artículo 10º"),
        ("Article 1er", "Art. L. 323-1"), ("Article L323-5", "Art. 323-3-1"),
        ("Article premier", "Article 2"), ("Điều 289", "Điều 289a"),
        ("Artigo 6.º-A", "Artigo 154-A"),
        ("Статья 272", "Статья 272.1"), ("المادة الأولى", "المادة الحادية والعشرون"),
        ("المادة 9", "المادة (9) مكررا"), ("Section 9", "Section 9A"),
        ("ມາດຕາ 1", "ມາດຕາ 2"), ("المادة 1", "المادة ٢"), ("ပုဒ်မ ၁", "ပုဒ်မ ၂"),
    ],
)  # fmt: skip
def test_an_article_begins_at_its_heading(first: str, second: str) -> None:
    text = f"Act on Computers\n\n{first}. Of access\nWhoever enters …\n\n{second}\nWhoever hears …"
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
    assert len(split_statute(many)) == 999


def test_a_statute_that_numbers_its_sections_without_a_word_is_split_by_their_order() -> None:
    text = (
        "Computer Crimes Act\n3. Unauthorised access\n(1) A person shall be guilty.\n"
        "1. a list\n2. in it\n3A. With intent\nText.\n4. Abetment\nText.\n6. Savings\nText."
    )
    assert [each.article for each in split_statute(text)] == ["", "3", "3A", "4", "6"]
    assert "1. a list\n2. in it" in split_statute(text)[1].text
    assert split_statute("1. One.\n2. Two.") == [Piece("", "1. One.\n2. Two.")]
