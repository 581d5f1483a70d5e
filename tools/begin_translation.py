"""Writes the file in which a packaged protocol is translated, with every text that it needs.

`python -m tools.begin_translation capability-2026.2 es` writes `capability-2026.2.es.yaml` beside
the protocol. Each text stands in the protocol's own language until somebody translates it. Kept are
what the file has already, and what the translation of another version says of the same words. A
text left as it was does not count. `kancil assess check` tells what is covered.
"""

from __future__ import annotations

import sys
from typing import Any

import yaml

from kancil.assessment.protocol import Protocol
from kancil.assessment.protocol_files.library import (
    FOLDER,
    named_protocol,
    protocol_names,
    translations,
)
from kancil.assessment.protocol_files.translation import SCHEMA, Way, is_counted, texts_of

NOTE = "Translated for this version; no named speaker has compared it with the protocol."


def begun(name: str, language: str) -> str:
    """The file's text, with what it holds already."""
    protocol = named_protocol(name)
    made = {each.language: each for each, _ in translations(protocol.name)}.get(language)
    have = _of_other_versions(protocol, language) | (dict(made.texts) if made else {})
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


def _of_other_versions(protocol: Protocol, language: str) -> dict[Way, str]:
    """What translations of other versions say where the protocol's own words are the same."""
    own, found = texts_of(protocol), dict[Way, str]()
    for name in protocol_names():
        if name == protocol.name or name.rpartition("-")[0] != protocol.id:
            continue
        older = texts_of(named_protocol(name))
        for made, _ in translations(name):
            if made.language == language:
                found |= {
                    way: words
                    for way, words in made.texts.items()
                    if way in own and str(own[way]) == str(older[way])
                }
    return found


if __name__ == "__main__":
    _, asked, wanted = sys.argv
    target = FOLDER / f"{named_protocol(asked).name}.{wanted}.yaml"
    target.write_text(begun(asked, wanted), "utf-8")
    print(target)
