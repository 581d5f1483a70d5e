"""What a question of a threat is about, as a name for charts and tables.

A protocol has no names for its threats, only what it asks of each. In a language of which we know
no form of that question, the question itself is the name.
"""

from __future__ import annotations

import re

_ASKED = re.compile(r"How grave (?:is|are) (?P<what>.+?)\s*\?", re.DOTALL)


def threat_name(question: str) -> str:
    """The threat of which a question asks: of `How grave is X?` it is `X`, as a beginning."""
    found = _ASKED.fullmatch(question.strip())
    if found is None:
        return question
    what = found["what"]
    return what[0].upper() + what[1:]
