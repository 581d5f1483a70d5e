"""Letters with what they rest on, and words of two languages as a translator may write them."""

from __future__ import annotations

import gettext
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from typing import Any
from unittest.mock import patch
from zoneinfo import ZoneInfo

from kancil.ground import words
from kancil.legal.request import Draft
from kancil.reports.casework.request.facts import (
    Authorised,
    CitedBundle,
    CitedContent,
    CitedExhibit,
    CitedFinding,
    Letterhead,
    Rests,
)
from kancil.reports.casework.request.make import LetterFormat, MadeLetter, letter
from tests.legal.letters import AT, good

UNIT = Letterhead("Cybercrime Unit of Tests", "LA", ZoneInfo("Asia/Vientiane"))
FINDING = CitedFinding("F1", "Row 12 of exhibit E4 reports a payment of 150,000 THB.", "en", 41)
RESTS = Rests(
    label="R3",
    findings=(FINDING,),
    exhibits=(CitedExhibit("01936000-0000-7000-8000-000000000004", "E4", "Statement of an account",
                           (CitedContent("ab" * 32, 1234, 1, is_listing=False),)),),
    bundle=CitedBundle(52, "cd" * 32, "ef" * 32),
)  # fmt: skip
AUTHORISED = Authorised("Dara S.", "Head of the unit", 57, AT, "Kham")

LAO = {
    "name.language-lo": "ລາວ",
    "letter.contact": "ຕິດຕໍ່",
    "letter.what-one-account": "{amount} ໃນບັນຊີ {value} ຢູ່ {keeper}",
    "name.request-title-freeze": "ຄຳຮ້ອງຂໍໃຫ້ອາຍັດເງິນ",
    "letter.ask-freeze": "ກະລຸນາອາຍັດ {what} ເພື່ອບໍ່ໃຫ້ຖອນອອກ ຈົນຮອດວັນທີ {hold_until}.",
    "letter.counts": "{language}: ຖັນນີ້ເປັນຫຼັກ.",
    "letter.translation": "{language}: ແປໂດຍ {by}.",
    "letter.section-what": "ສິ່ງທີ່ຮ້ອງຂໍ",
    "letter.section-facts": "ຂໍ້ເທັດຈິງ",
    "letter.col-amount": "ຈຳນວນ",
    "letter.untranslated": "(ບໍ່ໄດ້ແປ)",
    "letter.answer": "ກະລຸນາຕອບຫາຜູ້ຕິດຕໍ່ຂ້າງລຸ່ມ ແລະ ອ້າງອີງ {reference}.",
}
THAI = {
    "name.language-th": "ไทย",
    "letter.contact": "ติดต่อ",
    "letter.what-one-account": "{amount} ในบัญชี {value} ที่ {keeper}",
    "name.request-title-freeze": "คำขอให้ระงับเงิน",
    "name.request-title-mutual-assistance": "คำร้องขอความช่วยเหลือซึ่งกันและกันในทางอาญา",
    "letter.ask-freeze": "โปรดระงับ {what} เพื่อมิให้จ่ายออก จนถึงวันที่ {hold_until}",
    "letter.counts": "{language}: ข้อความช่องนี้เป็นหลัก",
    "letter.translation": "{language}: แปลโดย {by}",
    "letter.section-what": "สิ่งที่ขอ",
    "letter.section-facts": "ข้อเท็จจริง",
    "letter.col-amount": "จำนวนเงิน",
    "letter.untranslated": "(ไม่ได้แปล)",
    "letter.answer": "โปรดตอบตามที่อยู่ติดต่อด้านล่าง และอ้างถึง {reference}",
}
FACTS = {
    "lo": "ວັນທີ 8 ມີນາ 2026 ເວລາ 14:05 ຜູ້ຖືກເຄາະຮ້າຍໄດ້ໂອນ 150,000 THB ເຂົ້າບັນຊີ 0123456789.",
    "th": "เมื่อวันที่ 8 มีนาคม 2026 เวลา 14:05 ผู้เสียหายโอนเงิน 150,000 THB เข้าบัญชี 0123456789",
}


class _More(gettext.NullTranslations):
    def __init__(self, more: Mapping[str, str], held: gettext.NullTranslations) -> None:
        super().__init__()
        self.more, self.held = more, held

    def gettext(self, message: str) -> str:
        return self.more.get(message) or self.held.gettext(message)


@contextmanager
def translated(**more: Mapping[str, str]) -> Iterator[None]:
    """Let languages have these words alone meanwhile: `translated(lo=LAO)`."""
    held = words._catalogue

    def catalogue(language: str) -> gettext.NullTranslations:
        if language not in more:
            return held(language)
        return _More(more[language], held("en"))

    with patch.object(words, "_catalogue", catalogue):
        yield


def draft(kind: str = "freeze", second: str = "", **changes: Any) -> Draft:
    """A letter, with a translation of its facts where it has a second language."""
    made = good(kind)
    if second:
        texts = {**made.texts, "translated_by": "A. Translator, sworn"}
        made = replace(made, second_language=second, texts=texts,
                       translations={"facts": FACTS[second]})  # fmt: skip
    return replace(made, **changes)


def made(
    found: Draft, format: str = "pdf", *, authorised: Authorised | None = AUTHORISED, **more: Any
) -> MadeLetter:
    """A letter as a file."""
    asked = {"rests": RESTS, "unit": UNIT, **more}
    return letter(found, authorised=authorised, at=AT, format=LetterFormat(format),
                  **asked)  # fmt: skip
