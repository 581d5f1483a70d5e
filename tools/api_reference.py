"""The page of the HTTP API, `docs/reference/api.md`, from its operations and its OpenAPI.

Called by `tools.build_reference`; needs no workspace.
"""

from __future__ import annotations

from typing import Any

import django
from django.conf import settings

from kancil.desk.base.settings import settings_for
from tools.both_sites import NOWHERE

_HEAD = """# The HTTP API

The unit's books for programs: the same actions and queries as the pages, under `/api/v1/` of the
site. How to begin, with examples: [howto/api.md](../howto/api.md). The same as OpenAPI 3.1, for
tools: `/api/v1/openapi.json` of any running site, which needs no token.

- **Who.** Each request has the header `Authorization: Bearer TOKEN`. Cookies are not looked at.
  What a person may not do, their token may not do. *reads*: any token; *writes*: a token that reads
  and writes, of anybody but a reader.
- **Cases.** A case that they do not belong to answers as one that does not exist: 404. The first
  look into a case on a day is one ledger entry for each token.
- **Numbers.** Satoshi, and sizes in bytes of exhibits, are strings; no other number passes
  2^53-1. Times are RFC 3339 in UTC. What is null is not known or not there, never zero.
- **Names.** `{case}`, `{exhibit}`, `{trace}` are an id or a short number (`C3`, `E12`, `T4`).
- **Lists** come in parts: `limit` (at most 200), and `cursor` = `next` of the part before, until
  `next` is null. Work is listed from the newest on, with `before`.
- **Bodies** are strict JSON of at most 1 MB: UTF-8, no doubled names, no fractions, no unknown
  fields. A file is sent as a form of at most 16 MB.

## What goes wrong

One shape, in the language of the token's owner: `{"error", "sentence", "next", "params"}`. The
codes stand in [errors](errors.md).

| status | means |
|---|---|
| 401 | no token that is good |
| 403 | the role, the token, the legal basis or the key does not allow it |
| 404 | not here, or not for them |
| 405 | the address is right, the method is not |
| 409 | understood and refused |
| 413 | too many bytes |
| 422 | the request is not what it should be; `params.field` names the field |
| 500 | bytes are not what was recorded, or a fault of Kancil |
| 503 | busy: ask again |

## Operations
"""


_LIMITS = (
    ("maxLength", "at most {} characters"),
    ("maximum", "at most {}"),
    ("minimum", "at least {}"),
    ("maxItems", "at most {} items"),
)
_PARTS = ("cursor", "limit")
"""Fields of every list, told once at the top of the page."""


def api_page(made: str) -> str:
    """The page; `made`: the remark that it is generated."""
    if not settings.configured:
        settings.configure(**settings_for(NOWHERE, None))
    django.setup()
    from kancil.web.api.operation import OPERATIONS
    from kancil.web.api.site import API, PREFIX

    schema: dict[str, Any] = API.get_openapi_schema(path_prefix=PREFIX)
    lines = [made, _HEAD]
    for each in sorted(OPERATIONS, key=lambda one: (one.address, one.method)):
        said = schema["paths"][f"/{PREFIX}{each.address.lstrip('/')}"][each.method.lower()]
        lines += _operation(each.writes, said, f"{each.method} /{PREFIX}{each.address.lstrip('/')}")
    lines += ["## Shapes", ""]
    for name, shape in sorted(schema["components"]["schemas"].items()):
        if not name.startswith("Part_"):
            lines += _shape(name, shape)
    return "\n".join(lines)


def _operation(writes: bool, said: dict[str, Any], title: str) -> list[str]:
    status, answer = next(
        (status, answer) for status, answer in said["responses"].items() if int(status) < 300
    )
    (kind, content), *_ = answer["content"].items()
    shown = _type(content["schema"]) if kind == "application/json" else f"`{kind}`"
    lines = [f"### {title}", "", said["summary"], ""]
    lines.append(f"{'Writes' if writes else 'Reads'}. Gives {status}: {shown}.")
    fields = [
        (each["name"], each["schema"], each["in"], each["required"])
        for each in said["parameters"]
        if each["in"] == "query" and each["name"] not in _PARTS
    ]
    for body_kind, body in said.get("requestBody", {}).get("content", {}).items():
        if "$ref" in body["schema"]:
            lines.append(f"Takes {_type(body['schema'])}.")
            continue
        needed = body["schema"].get("required", [])
        fields += [
            (name, one, "form" if "form" in body_kind else "body", name in needed)
            for name, one in body["schema"]["properties"].items()
        ]
    lines.append("")
    if fields:
        lines += ["| field | in | type | |", "|---|---|---|---|"]
        lines += [
            f"| `{name}` | {place} | {_type(one)} | {_note(one, required)} |"
            for name, one, place, required in fields
        ]
        lines.append("")
    return lines


def _shape(name: str, shape: dict[str, Any]) -> list[str]:
    needed = shape.get("required", [])
    is_asked = name.startswith("Asked")
    rows = [
        f"| `{field}` | {_type(one)} | {_note(one, field in needed or not is_asked)} |"
        for field, one in shape["properties"].items()
    ]
    said = (shape.get("description") or "").strip()
    return [f"### {name}", "", said, "", "| field | type | |", "|---|---|---|", *rows, ""]


def _note(one: dict[str, Any], required: bool) -> str:
    """What is said of a field, and its limits."""
    said = [str(one.get("description", "")).rstrip(".")]
    for part in (one, *one.get("anyOf", [])):
        for key, words in _LIMITS:
            if key in part and part[key] < 2**53 - 1:
                said.append(words.format(part[key]))
        if "enum" in part:
            said.append("one of " + ", ".join(f"`{value}`" for value in part["enum"]))
    if not required:
        said.append("may be left out")
    return "; ".join(each for each in said if each).replace("|", r"\|").replace("\n", " ")


def _type(one: dict[str, Any]) -> str:
    if "$ref" in one:
        name = str(one["$ref"]).rpartition("/")[2]
        if name.startswith("Part_"):
            row = name.removeprefix("Part_").removesuffix("_")
            return f"a part of a list of [{row}](#{row.lower()})"
        return f"[{name}](#{name.lower()})"
    if "anyOf" in one:
        return " or ".join(_type(each) for each in one["anyOf"])
    if one.get("type") == "array":
        return f"list of {_type(one['items'])}"
    plain = str(one.get("format", one.get("type", "anything")))
    names = {"integer": "number", "boolean": "true or false", "binary": "file"}
    return names.get(plain, plain)
