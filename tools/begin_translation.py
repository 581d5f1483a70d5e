"""Writes the file in which a packaged protocol is translated, with every text that it needs.

`python -m tools.begin_translation capability-2026.2 es` writes `capability-2026.2.es.yaml` beside
the protocol. Each text stands in the protocol's own language until somebody translates it; what a
file has already is kept, so a second run adds only what the protocol has won since. A text left as
it was does not count. `kancil assess check` tells what is covered.
"""

from __future__ import annotations

import sys
from typing import Any

import yaml

from kancil.assessment.library import FOLDER, named_protocol, translations
from kancil.assessment.translation import SCHEMA, is_counted, texts_of

NOTE = "Translated for this version; no named speaker has compared it with the protocol."


def begun(name: str, language: str) -> str:
    """The file's text, with what it holds already."""
    protocol = named_protocol(name)
    made = {each.language: each for each, _ in translations(protocol.name)}.get(language)
    have = dict(made.texts) if made else {}
    texts: dict[str, Any] = {}
    for way, text in texts_of(protocol).items():
        if way in have or is_counted(way):
            at = texts
            for part in way[:-1]:
                at = at.setdefault(part, {})
            at[way[-1]] = have.get(way, text.said.get(language, str(text)))
    head = {
        "schema": SCHEMA,
        "protocol": protocol.name,
        "language": language,
        "standing": "proposal",
        "standing_note": made.standing_note if made else NOTE,
    }
    return str(
        yaml.safe_dump(head | {"texts": texts}, allow_unicode=True, sort_keys=False, width=96)
    )


if __name__ == "__main__":
    _, asked, wanted = sys.argv
    target = FOLDER / f"{named_protocol(asked).name}.{wanted}.yaml"
    target.write_text(begun(asked, wanted), "utf-8")
    print(target)
