"""Chats as Telegram Desktop exports them to JSON, in the shape of its `result.json`.

Fields as its public sources write them (telegramdesktop/tdesktop,
Telegram/SourceFiles/export/output/export_output_json.cpp): `chats.list[].messages[]` with `id`,
`type`, `date` on the exporter's clock without a zone, `date_unixtime`, `from`, `from_id`, `text`,
`text_entities`. The names of fields and of kinds of chat were compared with a copy of that file in
November 2026, not with an export of a release.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from kancil.bitcoin.generator.counter import Draw

from .voice import Voice

_DAY = 86_400


@dataclass(frozen=True, slots=True)
class Message:
    """One message."""

    at: int
    """Unix time."""
    sender: str
    text: str


@dataclass(frozen=True, slots=True)
class Chat:
    """One conversation."""

    name: str
    messages: Sequence[Message]
    kind: str = "personal_chat"


def chat_export(voice: Voice, chats: Sequence[Chat]) -> bytes:
    """The whole export; a person has the same `from_id` in all chats."""
    ids: dict[str, str] = {}
    listed = [_chat(voice, number, chat, ids) for number, chat in enumerate(chats, start=1)]
    whole = {"about": "", "chats": {"about": "", "list": listed}}
    return json.dumps(whole, ensure_ascii=False, indent=1).encode("utf-8") + b"\n"


def _chat(voice: Voice, number: int, chat: Chat, ids: dict[str, str]) -> dict[str, Any]:
    messages = sorted(chat.messages, key=lambda each: each.at)
    return {
        "name": chat.name,
        "type": chat.kind,
        "id": 7_000_000 + number,
        "messages": [
            {
                "id": place,
                "type": "message",
                "date": voice.local(each.at).strftime("%Y-%m-%dT%H:%M:%S"),
                "date_unixtime": str(each.at),
                "from": each.sender,
                "from_id": ids.setdefault(each.sender, f"user{5_000_001 + len(ids)}"),
                "text": each.text,
                "text_entities": [{"type": "plain", "text": each.text}],
            }
            for place, each in enumerate(messages, start=1)
        ],
    }


def everyday_chat(
    voice: Voice, draw: Draw, name: str, people: Sequence[str], begin: int, days: int
) -> Chat:
    """A group that talks about food, rain and keys, three to six messages a day."""
    messages = []
    for day in range(days):
        for _ in range(draw.between(3, 6)):
            at = begin + day * _DAY + draw.below(_DAY)
            messages.append(Message(at, draw.pick(people), draw.pick(voice.said["everyday"])))
    return Chat(name, messages, "private_group")


def spoken(
    lines: Sequence[str], at: Sequence[int], speakers: Sequence[str], order: str
) -> list[Message]:
    """A told story: line by line at its time, `order` naming the speaker of each: `abba`."""
    return [
        Message(when, speakers["ab".index(who)], line)
        for line, when, who in zip(lines, at, order, strict=True)
    ]
