"""QR codes (ISO/IEC 18004) for printed documents."""

from __future__ import annotations

import io

import segno


def qr_svg(text: str, *, error: str = "m") -> str:
    """A QR code as SVG, with the quiet zone that the standard asks for; `error`: l, m, q or h."""
    held = io.BytesIO()
    segno.make_qr(text, error=error).save(
        held, kind="svg", border=4, dark="#000", light="#fff", xmldecl=False, omitsize=True
    )
    return held.getvalue().decode()
