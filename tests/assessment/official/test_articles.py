"""Official texts become articles, in the layouts and the forms in which they are published."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as some

from kancil.assessment.official.articles import OfficialArticles, alike, ordinal, split
from kancil.assessment.official.fitting import expected
from kancil.assessment.official.lines import lines_of
from tests.assessment.official import official_samples as samples

KNOWN = expected(samples.protocol(), "boats", "en").titles
LAYOUTS = {
    "text": samples.european().encode(),
    "text-un": samples.united_nations().encode(),
    "utf-16": samples.european().encode("utf-16"),
    "html": samples.html(samples.european()),
    "html-un": samples.html(samples.united_nations()),
    "pdf": samples.pdf(samples.european()),
    "pdf-un": samples.pdf(samples.united_nations()),
}


def articles(data: bytes) -> OfficialArticles:
    return split(lines_of(data, "a file"), KNOWN)


@pytest.mark.parametrize("layout", [each for each in LAYOUTS if each != "html-un"])
def test_each_article_has_its_number_title_and_whole_text(layout: str) -> None:
    found = articles(LAYOUTS[layout])
    assert [each.number for each in found.articles] == [str(number) for number in range(1, 13)]
    assert tuple(each.title for each in found.articles) == samples.TITLES
    for number, each in enumerate(found.articles, 1):
        said = " ".join(each.body.split())
        assert f"boat number {number} in the harbour" in said
        assert said.endswith("where the other Party hears it.")
        assert "Chapter" not in said
        assert "Treaty series" not in said
    assert samples.TITLE in found.head


def test_points_of_a_list_stay_apart_and_broken_lines_are_joined() -> None:
    first = articles(LAYOUTS["text"]).articles[0].body.split("\n")
    assert [each[:8] for each in first] == ["1 Each P", "a. in wr", "b. by vo"]
    assert "Article 6 of this Convention" in first[0]


def test_what_stands_around_the_text_of_a_page_is_left_out() -> None:
    found = articles(LAYOUTS["html"])
    assert not {"98", "99"} & {each.number for each in found.articles}


@pytest.mark.parametrize(
    ("word", "numbers"),
    [
        ("Artículo", ["1", "2", "3"]), ("Artigo", ["1", "2", "3"]), ("Pasal", ["1", "2", "3"]),
        ("Điều", ["1", "2", "3"]), ("Статья", ["1", "2", "3"]), ("المادة", ["١", "٢", "٣"]),  # noqa: RUF001
        ("មាត្រា", ["១", "២", "៣"]), ("ມາດຕາ", ["1", "2", "3"]), ("ข้อ", ["๑", "๒", "๓"]),
        ("Article", ["premier", "2", "3"]), ("Article", ["I", "II", "III"]),
        ("Art.", ["1", "2", "3"]),
    ],
)  # fmt: skip
def test_headings_of_other_languages_and_digits_are_known(word: str, numbers: list[str]) -> None:
    lines = [line for each in numbers for line in (f"{word} {each}", "", "– " + "abc " * 40, "")]
    found = split(lines, {})
    assert [each.number for each in found.articles] == numbers
    assert [ordinal(each) for each in numbers] == [1, 2, 3]


def test_a_resolution_is_split_by_its_paragraphs_and_a_declaration_may_stay_whole() -> None:
    lines = [
        "The Council,",
        "",
        "1. Decides that all do this:",
        "(a) one;",
        "(b) two.",
        "",
        "2. Asks it.",
    ]
    found = split(lines, {})
    assert [(each.number, each.title) for each in found.articles] == [("1", ""), ("2", "")]
    assert found.articles[0].body == "Decides that all do this:\n(a) one;\n(b) two."
    whole = split(["We declare this.", "", "And that."], {})
    assert [(each.number, each.body) for each in whole.articles] == [
        ("", "We declare this.\nAnd that.")
    ]


def test_an_article_without_a_title_keeps_its_first_words() -> None:
    lines = [
        "Article 1",
        "This Convention shall not apply where the boat is the",
        "borrower's own.",
    ]
    lines += ["Article 2. The Parties shall meet, and shall say so."]
    found = split(lines, {})
    assert [each.title for each in found.articles] == ["", ""]
    assert found.articles[0].body.startswith("This Convention shall not apply")
    assert found.articles[1].body == "The Parties shall meet, and shall say so."


@given(some.lists(some.text(max_size=60), max_size=40))
def test_any_lines_are_split_without_a_failure_and_numbers_rise(lines: list[str]) -> None:
    numbers = [ordinal(each.number) or 0 for each in split(lines, {}).articles]
    assert numbers == sorted(set(numbers))


@given(some.integers(1, 89))
def test_roman_numbers_are_read_back(number: int) -> None:
    tens, ones = ("", "X", "XX", "XXX", "XL", "L", "LX", "LXX", "LXXX"), (
        "", "I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX",
    )  # fmt: skip
    assert ordinal(tens[number // 10] + ones[number % 10]) == number


def test_titles_are_alike_by_most_of_their_words() -> None:
    assert alike("Misuse of devices", "Misuse of Devices.")
    assert not alike("Misuse of devices", "Illegal access")
