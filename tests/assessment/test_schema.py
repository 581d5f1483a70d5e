"""The schema for editors knows the keys that the reader knows, and takes what the reader takes."""

from __future__ import annotations

import json
import re
from typing import Any

import jsonschema_rs
import pytest

from kancil.assessment.protocol import SCHEMA, ScaleKind, Shape
from kancil.assessment.protocol_files.keys import FORMS
from kancil.assessment.protocol_files.library import FOLDER, protocol_names
from kancil.assessment.protocol_files.reading import PART_KINDS
from kancil.ground.yaml_tree import Listed, Node, Scalar, compose
from tests.assessment.protocol_files.test_reading import BROKEN
from tests.assessment.samples import NAME, changed, full_text, guide_text
from tests.house.survey import DOCS

PATH = FOLDER.parent / "protocol.schema.json"
TEXT: dict[str, Any] = json.loads(PATH.read_text(encoding="utf-8"))
VALID = jsonschema_rs.Draft202012Validator(TEXT)
PAGE = (DOCS / "formats" / "protocol.md").read_text(encoding="utf-8")
# What a schema cannot say: what several places of the file say together, or bytes that are no tree.
BEYOND = {
    "protocol-own-language-missing", "protocol-duplicate-id", "protocol-unknown-reference",
    "protocol-circle", "protocol-stages-differ", "protocol-stages-unused", "protocol-value-twice",
    "protocol-values-not-ascending", "protocol-unknown-value", "protocol-unknown-part",
    "protocol-part-needed", "protocol-asked-if-open", "protocol-related-to-itself",
    "protocol-related-twice", "protocol-unknown-method", "protocol-bands-not-from-0",
    "protocol-bands-not-ascending", "protocol-file-name", "protocol-maps-from-itself",
    "protocol-maps-from-twice", "protocol-not-a-day", "protocol-not-quoted",
}  # fmt: skip


def plain(node: Node) -> Any:
    """A tree as an editor sees it, by YAML 1.2: days are strings, and so are yes and no."""
    if isinstance(node, Listed):
        return [plain(item) for item in node.items]
    if not isinstance(node, Scalar):
        return {key: plain(value) for key, (_, value) in node.pairs.items()}
    if not node.is_plain:
        return node.text
    if node.is_null:
        return None
    if node.text in {"true", "false"}:
        return node.text == "true"
    if re.fullmatch(r"-?[0-9]+", node.text):
        return int(node.text)
    if re.fullmatch(r"-?[0-9]+\.[0-9]+", node.text):
        return float(node.text)
    return node.text


def seen(text: str | bytes) -> Any:
    content = text if isinstance(text, bytes) else text.encode("utf-8")
    tree, faults = compose(content, NAME)
    assert tree is not None, faults
    return plain(tree)


def test_the_schema_is_one() -> None:
    jsonschema_rs.meta.validate(TEXT)


@pytest.mark.parametrize("name", FORMS)
def test_the_schema_has_the_keys_that_the_reader_knows(name: str) -> None:
    form, kept = FORMS[name], TEXT if name == "protocol" else TEXT["$defs"][name]
    assert set(kept["properties"]) == set(form.known)
    assert set(kept["required"]) == set(form.needed)
    assert kept["additionalProperties"] is False


def test_every_mapping_of_the_schema_has_a_form() -> None:
    assert {name for name, kept in TEXT["$defs"].items() if "required" in kept} < set(FORMS)


@pytest.mark.parametrize("name", FORMS)
def test_every_key_stands_on_the_page_of_the_format(name: str) -> None:
    assert not [key for key in FORMS[name].known if not re.search(rf"\b{key}\b", PAGE)]


def test_every_key_is_described_for_the_editor() -> None:
    for name in FORMS:
        kept = TEXT if name == "protocol" else TEXT["$defs"][name]
        for key, value in kept["properties"].items():
            told = value.get("description") or TEXT["$defs"][value["$ref"][8:]].get("description")
            assert told, f"{name}.{key}"


def test_the_schema_has_the_words_that_the_reader_knows() -> None:
    assert TEXT["properties"]["schema"]["const"] == SCHEMA
    assert TEXT["properties"]["shape"]["enum"] == list(Shape)
    assert TEXT["$defs"]["scale"]["properties"]["kind"]["enum"] == list(ScaleKind)
    assert TEXT["$defs"]["part"]["properties"]["kind"]["enum"] == list(PART_KINDS)


def test_the_worked_protocols_are_valid() -> None:
    for text in (guide_text(), full_text()):
        VALID.validate(seen(text))


@pytest.mark.parametrize("name", protocol_names())
def test_every_packaged_protocol_is_valid(name: str) -> None:
    VALID.validate(seen((FOLDER / f"{name}.yaml").read_bytes()))


EXPRESSIBLE = [
    pytest.param(old, new, id=f"{code}-{order}")
    for order, (code, old, new, _) in enumerate(BROKEN)
    if code not in BEYOND and code.startswith("protocol-")
]


@pytest.mark.parametrize(("old", "new"), EXPRESSIBLE)
def test_what_a_schema_can_say_it_refuses_too(old: str, new: str) -> None:
    assert not VALID.is_valid(seen(changed(old, new)[0]))
