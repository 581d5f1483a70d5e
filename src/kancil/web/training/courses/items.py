"""Items of tests as forms: one for each, by its kind, its options mixed by the sitting."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.html import format_html
from django.utils.safestring import SafeString

from kancil.ground.words import render as words
from kancil.training.courses.html import Places, as_html
from kancil.training.courses.markdown import parts_of
from kancil.training.item_bank.bank import GAP, Item, ItemKind, Markup, Text
from kancil.training.item_bank.marking import MOST_TEXT, asked_pairs, offered, order_of, share

_TRUTHS = (("true", True), ("false", False))
_NOWHERE = Places(
    lesson=lambda _: "", lab=lambda _: "", picture=lambda _: "", source=lambda _: ("", "")
)


def plain_words(text: Text) -> str:
    """A text in one line: of Markdown its words alone."""
    if text.markup is Markup.MARKDOWN:
        return " ".join(part.words for part in parts_of(text.text))
    return text.text


def stem_html(item: Item) -> SafeString:
    """What an item asks, with a gap where the answer stands inside the sentence."""
    if item.stem.markup is Markup.MARKDOWN and not item.after:
        # What an author wrote is escaped there.
        return SafeString(as_html(item.stem.text, _NOWHERE))
    words = f"{plain_words(item.stem)} {GAP} {item.after}" if item.after else plain_words(item.stem)
    return format_html('<p class="as-typed">{}</p>', words)


class ItemForm(forms.Form):
    """The fields of one item."""

    def __init__(self, item: Item, seed: str, value: Any) -> None:
        """Show a value; None: nothing is answered yet."""
        super().__init__(auto_id="id-%s")
        if item.kind is ItemKind.MATCHING:
            self._pairs(item, value)
        elif item.kind in (ItemKind.CHOICE, ItemKind.TRUE_FALSE):
            self.fields["value"] = _chosen(item, seed, value)
        else:
            self.fields["value"] = _typed(item, value)

    def _pairs(self, item: Item, value: Any) -> None:
        choices = [("", "–"), *((each, each) for each in offered(item))]
        given = value or [""] * len(asked_pairs(item))
        for place, (pair, chosen) in enumerate(zip(asked_pairs(item), given, strict=True)):
            self.fields[f"pair-{place}"] = forms.ChoiceField(
                required=False, choices=choices, initial=chosen, label=plain_words(pair.left)
            )


def _chosen(item: Item, seed: str, value: Any) -> forms.Field:
    label = words("web.courses.your-answer")
    if item.kind is ItemKind.TRUE_FALSE:
        choices = [(name, words(f"web.courses.{name}")) for name, _ in _TRUTHS]
        initial: Any = next((name for name, truth in _TRUTHS if truth is value), "")
    else:
        order = order_of(item, seed)
        choices = [
            (str(shown), plain_words(item.options[place].text)) for shown, place in enumerate(order)
        ]
        if item.takes_many:
            ticked = [str(order.index(each)) for each in value or ()]
            return forms.MultipleChoiceField(
                required=False, widget=forms.CheckboxSelectMultiple, choices=choices,
                initial=ticked, label=words("web.courses.all-that-fit"),
            )  # fmt: skip
        initial = "" if value is None else str(order.index(value))
    return forms.ChoiceField(
        required=False, widget=forms.RadioSelect, choices=choices, initial=initial, label=label
    )


def _typed(item: Item, value: Any) -> forms.CharField:
    is_number = item.kind is ItemKind.NUMBER
    widget = forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"})
    if is_number:
        widget.attrs["inputmode"] = "decimal"
    return forms.CharField(
        required=False, widget=widget, initial=value or "", max_length=MOST_TEXT,
        label=words("web.courses.your-number" if is_number else "web.courses.your-answer"),
        help_text=words("web.courses.number-hint") if is_number else "",
    )  # fmt: skip


def sent_value(item: Item, seed: str, sent: QueryDict) -> Any:
    """The answer that a form carried; None: nothing, or what the form did not offer."""
    if item.kind is ItemKind.MATCHING:
        given = [sent.get(f"pair-{place}", "") for place in range(len(asked_pairs(item)))]
        return given if any(given) else None
    if item.kind is ItemKind.TRUE_FALSE:
        return next((truth for name, truth in _TRUTHS if sent.get("value") == name), None)
    if item.kind is ItemKind.CHOICE:
        shown = {str(shown): place for shown, place in enumerate(order_of(item, seed))}
        places = [shown[each] for each in sent.getlist("value") if each in shown]
        if item.takes_many:
            return sorted(places) or None
        return places[0] if places else None
    return sent.get("value", "").strip() or None


def value_words(item: Item, value: Any) -> str:
    """An answer in words."""
    if value is None:
        return words("web.courses.no-answer")
    if item.kind is ItemKind.TRUE_FALSE:
        return words(f"web.courses.{'true' if value else 'false'}")
    if item.kind is ItemKind.MATCHING:
        pairs = zip(asked_pairs(item), value, strict=True)
        return "\n".join(f"{plain_words(pair.left)}: {said or '–'}" for pair, said in pairs)
    if item.kind is ItemKind.CHOICE:
        places = value if isinstance(value, list) else [value]
        return "\n".join(plain_words(item.options[place].text) for place in places)
    return str(value)


def right_words(item: Item) -> str:
    """What earns all of an item, in words."""
    if item.kind is ItemKind.TRUE_FALSE:
        return value_words(item, item.is_true)
    if item.kind is ItemKind.MATCHING:
        return value_words(item, [each.right for each in asked_pairs(item)])
    right = []
    for option in item.options:
        if share(option) == 1 or (item.takes_many and share(option) > 0):
            right.append(_option_words(option))
    return "\n".join(right)


def _option_words(option: Any) -> str:
    span = option.span
    if span is None:
        return plain_words(option.text)
    if span.high:
        return words("web.courses.from-to", low=span.low, high=span.high)
    if span.tolerance and span.tolerance.strip("0.") != "":
        return words("web.courses.number-about", number=span.low, tolerance=span.tolerance)
    return str(span.low)


def feedback_words(item: Item, value: Any, *, is_right: bool) -> list[str]:
    """What the author says of an answer, and of the item whatever was answered."""
    found: list[Text | None] = []
    if item.kind is ItemKind.TRUE_FALSE and value is not None:
        found.append(item.if_right if is_right else item.if_wrong)
    elif item.kind is ItemKind.CHOICE and value is not None:
        places = value if isinstance(value, list) else [value]
        found += [item.options[place].feedback for place in places]
    found.append(item.feedback)
    return [plain_words(each) for each in found if each is not None]
