"""The unit's site: its pages, gathered. Sovereign: cases, custody, studies, classroom."""

from __future__ import annotations

from kancil.web.page import url_patterns

urlpatterns = url_patterns()
