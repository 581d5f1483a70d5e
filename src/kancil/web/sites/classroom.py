"""A classroom's site: every room of the unit, and those that say `classroom` in their `SITES`."""

from __future__ import annotations

from kancil.ground.workspace import Site
from kancil.web.page import url_patterns

from . import casework
from .casework import API_PATTERNS, handler400, handler403, handler404, handler500
from .gathering import import_rooms

__all__ = ["ROOMS", "handler400", "handler403", "handler404", "handler500", "urlpatterns"]

ROOMS = [*casework.ROOMS, *import_rooms("classroom")]
urlpatterns = [*url_patterns(Site.CLASSROOM), *API_PATTERNS]
