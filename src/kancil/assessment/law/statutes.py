"""A country's statute split into its articles, from text that somebody pasted.

A heading is the word for an article or a section at the beginning of a line, in the languages of
`WORDS`, and its number: `Article 12`, `Section 3A.`, `Art. 5 bis`, `Điều 6.`, `មាត្រា ៧`. Numbers in
Khmer, Lao, Thai, Burmese and Arabic digits are read too. What stands before the first heading is
its own piece. Nothing is decided here: a person reads every piece before it is kept.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

WORDS = (
    "Article", "ARTICLE", "Section", "SECTION", "Sec.", "Art.", "Artículo", "ARTÍCULO", "Artigo",
    "Pasal", "PASAL", "Điều", "ĐIỀU", "Статья", "المادة", "مادة", "មាត្រា", "ມາດຕາ", "มาตรา",
    "ပုဒ်မ", "§",
)  # fmt: skip
"""English and French, Spanish, Portuguese, Indonesian and Malay, Vietnamese, Russian, Arabic,
Khmer, Lao, Thai, Burmese, German. Laws that write the number before the word are not read."""
MOST_PIECES = 200
_HEADING = re.compile(
    rf"\s*(?P<heading>(?:{'|'.join(re.escape(each) for each in WORDS)})\s*\(?"
    r"(?P<number>\d{1,4}(?:[A-Z](?![a-z])|\s?(?:bis|ter|quater))?|[IVXLC]{1,8}(?!\w))\)?)"
    r"(?P<rest>[\s.:–—-].*|)$"
)
_IN_TEXT = re.compile(r"\s*[,;)]|\s+(?:of|and|to|or|du|de|del|y|dan|và|shall|applies)\b")
"""How a line goes on that speaks of an article, and does not begin one."""


@dataclass(frozen=True, slots=True)
class Piece:
    """One article of a statute, word for word."""

    article: str
    """Its heading, such as `Article 12`; empty: what stands before the first one."""
    text: str
    """With its title, if it has one, and without its heading."""


def split_statute(text: str) -> list[Piece]:
    """Split a pasted statute into its articles, in their order; at most `MOST_PIECES`.

    A text without a heading is one piece. A list of articles before the text itself gives pieces
    with no text of their own, which are left out.
    """
    pieces: list[tuple[str, list[str]]] = [("", [])]
    for line in text.splitlines():
        found = _HEADING.match(line)
        if found and not _IN_TEXT.match(found["rest"]):
            pieces.append((" ".join(found["heading"].split()), [found["rest"].lstrip(" .:–—-")]))
        else:
            pieces[-1][1].append(line.rstrip())
    made = [Piece(article, "\n".join(lines).strip()) for article, lines in pieces]
    return [each for each in made if each.text][:MOST_PIECES]
