"""What stands beside a provision: its official text, and who compared the two."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import HttpRequest
from django.urls import reverse

from kancil.assessment.protocol import Indicator, Protocol
from kancil.desk.assessment.access import Sight, may_import_texts
from kancil.desk.assessment.queries.texts import (
    ArticleBeside,
    ComparedCounts,
    ComparedRow,
    articles_beside,
)
from kancil.desk.base.opening import day_of
from kancil.ground.phrase import Phrase
from kancil.web.acting import ActForm
from kancil.web.cells import identifier, tag
from kancil.web.forms import choose, day, text
from kancil.web.parts import Cell, Done
from kancil.web.signed_in import person_of


class CompareForm(ActForm):
    """Which lawyer compared a provision with which text, when, and what differs."""

    act = "compare"
    past = ("compared_on",)
    compared_text = forms.ChoiceField(choices=())
    compared_lawyer = text(200)
    compared_on = day(required=True)
    compared_differs = text(100_000, required=False, lines=3)

    def __init__(self, *args: Any, beside: list[ArticleBeside], **kwargs: Any) -> None:
        """Offer the texts that have the article; one alone is not asked for."""
        super().__init__(*args, **kwargs)
        texts = [each.text for each in beside if each.article is not None]
        choose(
            self, "compared_text", [(each.id, f"{each.language}, {each.source}") for each in texts]
        )
        if len(texts) == 1:
            self.fields["compared_text"].widget = forms.HiddenInput()
            self.fields["compared_text"].initial = texts[0].id


def compared_tag(rows: list[ComparedRow]) -> Cell:
    """Whether a lawyer compared a provision with the official text as it is now."""
    if not rows:
        return tag("warn", "web.texts.not-compared")
    if any(each.is_current for each in rows):
        return tag("intact", "web.texts.compared")
    return tag("warn", "web.texts.compared-older")


def compared_cell(counts: ComparedCounts) -> Cell:
    """How many provisions lawyers compared with the official texts."""
    return Done(counts.compared, counts.of)


def official(
    request: HttpRequest, asked: Protocol, each: Indicator, beside: list[ArticleBeside]
) -> dict[str, Any]:
    """The official text of a provision for its page, or how to bring it."""
    about = asked.instruments.get(each.article.instrument) if each.article else None
    imports = may_import_texts(person_of(request)) and about is not None
    there = reverse("official_text_new")
    return {
        "texts": [_text(one) for one in beside],
        "number": each.article.number if each.article else "",
        "depositary": about.url if about else None,
        "import_url": f"{there}?instrument={about.id}" if imports and about else "",
    }


def _text(one: ArticleBeside) -> dict[str, Any]:
    row = one.text
    return {
        "article": one.article,
        "language": row.language,
        "url": reverse("official_text", args=[row.id]),
        "is_whole": one.article is not None and not one.article.number,
        "from": Phrase("web.texts.from", {"source": row.source, "day": day_of(row.at).isoformat()}),
        "sha256": identifier(row.sha256, short=True),
    }


def marks_of(rows: list[ComparedRow]) -> list[dict[str, Any]]:
    """Who compared a provision, in words, the newest first."""
    return [
        {
            "text": Phrase(
                "web.texts.compared-by",
                {
                    "lawyer": each.lawyer,
                    "day": each.compared_on.isoformat(),
                    "language": each.language,
                },
            ),
            "differs": each.differs,
            "is_older": not each.is_current,
        }
        for each in rows
    ]


def beside_of(each: Indicator) -> list[ArticleBeside]:
    """The newest texts of a provision's instrument: those that have its article first."""
    return sorted(articles_beside(each), key=lambda one: one.article is None)


def may_compare(sight: Sight, beside: list[ArticleBeside]) -> bool:
    """Whether there is a text to compare with, and this person may record that it was done."""
    return sight.may_compare_texts and any(each.article is not None for each in beside)
