"""A picture as PNG, for documents that cannot hold SVG: with the house's fonts, always the same."""

from __future__ import annotations

from kancil.reports.errors import ReportNotPrinted
from kancil.reports.pdf.glyphs import FONTS, Printable

_SOURCE = """#set page(width: auto, height: auto, margin: 0pt, fill: white)
#image(bytes(sys.inputs.svg), format: "svg")
"""
_DOTS_AN_INCH = 160.0


def png_of(svg: str) -> bytes:
    """A picture as PNG; raises ReportNotPrinted."""
    import typst  # heavy: loaded when a document is made, not with the house

    fonts = typst.Fonts(
        include_system_fonts=False, include_embedded_fonts=False, font_paths=[str(FONTS)]
    )
    try:
        compiler = typst.Compiler(
            input=_SOURCE.encode(), font_paths=fonts, sys_inputs={"svg": Printable().text(svg)}
        )
        png = compiler.compile(format="png", ppi=_DOTS_AN_INCH)
    except typst.TypstError as error:
        raise ReportNotPrinted(why=str(error.message)[:200]) from error
    if not isinstance(png, bytes):
        raise ReportNotPrinted(why="Typst")
    return png
