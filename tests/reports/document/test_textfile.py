"""A document as an editable file: what a short one has that others have not."""

from __future__ import annotations

import io
import re
import zipfile
from datetime import UTC, datetime

from kancil.reports.document.blocks import Document, Halves, Heading, Paragraph
from kancil.reports.document.textfile import write_text_document

AT = datetime(2026, 11, 29, tzinfo=UTC)


def test_a_short_text_document_has_two_columns_and_smaller_letters() -> None:
    halves = Halves((Heading("One"), Paragraph("first")), (Paragraph("second"),))

    def parts(*, is_short: bool) -> tuple[str, str]:
        document = Document(
            "Brief", "Title", "", "en", "Team", "", "", (halves,), is_short=is_short
        )
        with zipfile.ZipFile(io.BytesIO(write_text_document(document, at=AT))) as archive:
            body, styles = (archive.read(f"word/{n}.xml").decode() for n in ("document", "styles"))
        return body, styles

    (body, small), (_, large) = parts(is_short=True), parts(is_short=False)
    first, second = re.findall(r"<w:tc>(.*?)</w:tc>", body)
    assert "first" in first
    assert "second" in second
    sizes = [[int(each) for each in re.findall(r'<w:sz w:val="(\d+)"', styles)]
             for styles in (small, large)]  # fmt: skip
    pairs = list(zip(*sizes, strict=True))
    assert all(less < more for less, more in pairs if more > 14)
    assert "Brief" in body
