"""Pictures of courses: SVG that draws, and neither runs nor fetches anything."""

from __future__ import annotations

import re

from lxml import etree

SVG = "{http://www.w3.org/2000/svg}"
DRAWS = frozenset((
    "svg", "g", "defs", "symbol", "use", "title", "desc", "path", "rect", "circle", "ellipse",
    "line", "polyline", "polygon", "text", "tspan", "marker", "linearGradient", "radialGradient",
    "stop", "clipPath", "mask", "pattern", "style",
))  # fmt: skip
"""Elements that a picture may have: of SVG 1.1, without scripts, foreign objects, images, links
and animation."""
_FETCHES = re.compile(r"url\(\s*['\"]?(?!#)|@import|expression\(|javascript:", re.IGNORECASE)


def why_unsafe(svg: str) -> str:
    """What in a picture is not allowed: an element, an attribute; empty where nothing is."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
    if "<!DOCTYPE" in svg or "<!ENTITY" in svg:
        return "DOCTYPE"
    try:
        root = etree.fromstring(svg.encode("utf-8"), parser)
    except etree.XMLSyntaxError as error:
        return str(error.msg)[:80]
    if root.tag != f"{SVG}svg":
        return str(root.tag)[:80]
    for element in root.iter():
        if isinstance(element, etree._Comment):
            continue
        name = str(element.tag).removeprefix(SVG)
        if name not in DRAWS:
            return name[:80]
        if name == "style" and _FETCHES.search(element.text or ""):
            return "style"
        for attribute, value in element.attrib.items():
            local = etree.QName(attribute).localname
            is_elsewhere = local == "href" and not str(value).startswith("#")
            if local.lower().startswith("on") or is_elsewhere or _FETCHES.search(str(value)):
                return str(local)[:80]
    return ""
