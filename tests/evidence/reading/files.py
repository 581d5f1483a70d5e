"""Small files made for the tests of reading, and one that is opened in the child."""

from __future__ import annotations

import io
from email.message import EmailMessage
from hashlib import sha256
from pathlib import Path

from PIL import Image, ImageDraw

from kancil.evidence.reading.child import open_file
from kancil.evidence.reading.page import Asked, Opened

THAI = "สวัสดีครับ ผมโอนเงินแล้ว กรุณาตรวจสอบ"
ARABIC = "مرحبا، تم تحويل المال اليوم"
CYRILLIC = "Здравствуйте, деньги отправлены сегодня"
WESTERN = "déjà vu, l'été à Besançon, façade"
KHMER = "សូមផ្ញើប្រាក់ទៅគណនីនេះ"


def mail() -> bytes:
    """A mail in Thai with its HTML twin, a table, and a mail within."""
    inner = EmailMessage()
    inner["From"], inner["Subject"] = "inner@example.org", "Within"
    inner.set_content("The mail within.")
    made = EmailMessage()
    made["From"], made["To"] = "A <a@example.org>", "b@example.org"
    made["Subject"], made["Date"] = THAI, "Mon, 09 Mar 2026 10:00:00 +0700"
    made.set_content("Hello,\nthe address is below.")
    made.add_alternative("<p>Hello <script>alert(1)</script></p>", subtype="html")
    made.add_attachment("name,amount\nA,1\n", filename="table.csv")
    made.add_attachment(inner)
    return made.as_bytes()


def picture(width: int = 300, height: int = 200, form: str = "PNG") -> bytes:
    """A picture of one colour with a line."""
    image, out = Image.new("RGB", (width, height), "white"), io.BytesIO()
    ImageDraw.Draw(image).line((0, 0, width, height), fill="black", width=3)
    image.save(out, form)
    return out.getvalue()


def pdf(pages: int = 1) -> bytes:
    """A PDF whose pages are pictures."""
    out = io.BytesIO()
    first, *others = [Image.new("RGB", (595, 842), "white") for _ in range(pages)]
    first.save(out, "PDF", save_all=True, append_images=others)
    return out.getvalue()


def opened(folder: Path, name: str, data: bytes, asked: Asked = Asked()) -> Opened:  # noqa: B008
    """Open bytes under a name, in the limited child."""
    path = folder / "kept"
    path.write_bytes(data)
    return open_file(path, name, sha256(data).hexdigest(), asked)
