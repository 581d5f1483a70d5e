"""A site's rooms: each folder of pages says in its `SITES` to which sites it belongs.

Importing a module of pages registers them. A new page, or a new folder with its one line, is on the
site without a list here.
"""

from __future__ import annotations

import pkgutil
from importlib import import_module

from kancil import web


def import_rooms(site: str) -> list[str]:
    """Import every module of the folders that belong to a site; gives the folders' names."""
    rooms = []
    for found in pkgutil.walk_packages(web.__path__, f"{web.__name__}."):
        if found.ispkg and site in getattr(import_module(found.name), "SITES", ()):
            rooms.append(found.name)
            package = import_module(found.name)
            for module in pkgutil.iter_modules(package.__path__, f"{found.name}."):
                import_module(module.name)
    return rooms
