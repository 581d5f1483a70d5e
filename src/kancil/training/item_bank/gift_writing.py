"""A question bank written as GIFT, so that reading it gives the same bank."""

from __future__ import annotations

from kancil.training.errors import GiftCannotHold

from .bank import Bank, Item, ItemKind, Markup, Option, Span, Text
from .blocks import SPECIAL

_MARKS = ("//", "$CATEGORY:", "%", *(f"[{each}]" for each in Markup))
"""What has a meaning at the begin of a text, and no backslash to take it."""
_ARROW = "->"
_ESCAPED = str.maketrans({each: f"\\{each}" for each in SPECIAL} | {"\n": "\\n"})


def write_bank(bank: Bank) -> str:
    """The whole file: items parted by blank lines, ids, tags and notes as comments.

    Raises GiftCannotHold for an arrow `->` where GIFT reads it as the mark of a pair.
    """
    return "\n\n".join(_item(each) for each in bank.items) + "\n"


def _item(item: Item) -> str:
    if item.kind is ItemKind.CATEGORY:
        return f"$CATEGORY: {item.stem.text}"
    comments = [f"// [id:{item.id}]"] if item.id else []
    if item.tags:
        comments.append("// " + " ".join(f"[tag:{each}]" for each in item.tags))
    comments += [f"// {each}" for each in item.notes]
    title = "" if item.title is None else f"::{_escaped(item.title)}:: "
    written = title + _text(item.stem)
    if item.kind is not ItemKind.DESCRIPTION:
        written = f"{written} {{{_answer(item)}}}"
    if item.after:
        written += f" {_escaped(item.after)}"
    return "\n".join((*comments, written))


def _answer(item: Item) -> str:
    markup = item.stem.markup
    end = "" if item.feedback is None else f"####{_text(item.feedback, markup)}"
    if item.kind is ItemKind.ESSAY:
        return end
    if item.kind is ItemKind.TRUE_FALSE:
        said = "TRUE" if item.is_true else "FALSE"
        shown = [item.if_wrong, item.if_right]
        while shown and shown[-1] is None:
            shown.pop()
        return said + "".join("#" + ("" if t is None else _text(t, markup)) for t in shown) + end
    if _is_misread(item):
        raise GiftCannotHold(item=item.title or item.words[:60])
    if item.kind is ItemKind.MATCHING:
        pairs = (f"\n\t={_text(p.left, markup)} -> {_escaped(p.right)}" for p in item.pairs)
        return "".join(pairs) + f"\n{end}"
    if item.kind is ItemKind.NUMBER:
        if not item.is_list:
            return "#" + _option(item.options[0], markup) + end
        return "#" + "".join(f"\n\t{_marked(each, markup)}" for each in item.options) + f"\n{end}"
    return "".join(f"\n\t{_marked(each, markup)}" for each in item.options) + f"\n{end}"


def _is_misread(item: Item) -> bool:
    if item.kind is ItemKind.MATCHING:
        return any(_ARROW in pair.left.text or pair.left.text.endswith("-") for pair in item.pairs)
    texts = (
        each.text.text + (each.feedback.text if each.feedback else "") for each in item.options
    )
    return item.kind is ItemKind.SHORT and all(_ARROW in each for each in texts)


def _marked(option: Option, markup: Markup) -> str:
    return ("=" if option.is_right else "~") + _option(option, markup)


def _option(option: Option, markup: Markup) -> str:
    weight = f"%{option.weight}%" if option.weight else ""
    words = _text(option.text, markup) if option.span is None else _span(option.span)
    feedback = "" if option.feedback is None else f"#{_text(option.feedback, markup)}"
    return weight + words + feedback


def _span(span: Span) -> str:
    if span.high:
        return f"{span.low}..{span.high}"
    return f"{span.low}:{span.tolerance}" if span.tolerance else span.low


def _text(text: Text, around: Markup = Markup.MOODLE) -> str:
    """A text, with its markup where it has another than `around`, or would be read as a mark."""
    is_plain = text.markup is around and not text.text.startswith(_MARKS)
    return ("" if is_plain else f"[{text.markup}]") + _escaped(text.text)


def _escaped(text: str) -> str:
    return text.translate(_ESCAPED)
