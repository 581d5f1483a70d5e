"""The unit's site: its pages, gathered. Sovereign: cases, custody, studies."""

from __future__ import annotations

from kancil.ground.workspace import Site
from kancil.web.page import url_patterns

from .casework import API_PATTERNS, ROOMS, handler400, handler403, handler404, handler500

__all__ = ["ROOMS", "handler400", "handler403", "handler404", "handler500", "urlpatterns"]

urlpatterns = [*url_patterns(Site.UNIT), *API_PATTERNS]
