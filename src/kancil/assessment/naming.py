"""What a question is about, as a name; and a question with its answer, as one statement.

A protocol has no names for what it asks, only questions and stages. English is known by the forms
of its questions, Spanish and Arabic by those of threats and stages; in other languages, and where
no form fits, the answer stands first and its question behind it: what is cut is the question.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

_ASKED = re.compile(
    r"(?:How grave (?:is|are)|¿Qué gravedad tienen?|ما مدى خطورة) (?P<what>.+?)\s*[?؟]", re.DOTALL
)
_THERE = re.compile(r"(?P<is>Is|Are) there (?:an? |any )?(?P<what>.+?)\s*\?", re.DOTALL)
_PLAIN = re.compile(r"(?:Is|Are|Do|Can) (?P<what>.+?)\s*\?", re.DOTALL)
_CRIME = re.compile(r"\b(a crime|crimes|predicate offences)(?=$|,| even| for| online)")
_TWOFOLD = re.compile(r"\band (?:are|does|do|is) ")
"""Of these a beginning is no name: two things are asked."""
_NONE = re.compile(r"There (?:is|are) none\.?")
_ASIDE = re.compile(r"\s*\([^()]*\)")
_AS_STAGE = re.compile(
    r"(?:As stage|Como en el nivel|كالمرحلة) (?P<stage>\d+)(?P<comma>[,،]) (?P<rest>.+)", re.DOTALL
)
_AND = ("and ", "y ", "و", "مع ")


def threat_name(question: str) -> str:
    """The threat of which a question asks: of `How grave is X?` it is `X`, as a beginning."""
    found = _ASKED.fullmatch(question.strip())
    return _begun(found["what"]) if found else question


def stated(question: str, answer: str) -> str:
    """A question with what a stage says of it, as a statement.

    `Are there trained judges?` with `There are none.` is *There are no trained judges.*
    """
    asked = _ASIDE.sub("", question.strip())
    if (found := _THERE.fullmatch(asked)) and _NONE.fullmatch(answer.strip()):
        return f"There {found['is'].lower()} no {found['what']}."
    asked = f"{asked.partition(':')[0].rstrip('? ')}?"
    found = _THERE.fullmatch(asked)
    if (found := found or _PLAIN.fullmatch(asked)) and not _TWOFOLD.search(found["what"]):
        what = found["what"]
        if asked.startswith("Can "):
            what = what.replace(" be ", " ")
        what = _CRIME.sub("as \\1", what, count=1)
        return f"{_begun(what)}: {_within(answer)}"
    return f"{answer.rstrip('. ')} ({asked_in_brackets(question)})"


def asked_in_brackets(question: str) -> str:
    """A question behind its answer, without brackets of its own."""
    return _ASIDE.sub("", question.strip())


def whole_stage(stages: Mapping[int, str], value: int) -> str:
    """A stage in words that stand alone: *As stage 3, …* has those of stage 3 before it."""
    words = stages.get(value, "")
    found = _AS_STAGE.fullmatch(words)
    if found is None or (stage := int(found["stage"])) >= value:
        return words
    if not (below := whole_stage(stages, stage)):
        return words
    rest, comma = found["rest"], found["comma"]
    mark = comma if rest.startswith(_AND) else "؛" if comma == "،" else ";"
    return f"{below.rstrip('. ')}{mark} {rest}"


def _begun(words: str) -> str:
    return words[:1].upper() + words[1:]


def _within(words: str) -> str:
    """Words as they stand after a colon; a name or an abbreviation keeps its letters."""
    is_name = words[1:2].isupper() or words[:1].isdigit()
    return words if is_name else words[:1].lower() + words[1:]
