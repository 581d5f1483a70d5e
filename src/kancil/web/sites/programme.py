"""The programme's site: its pages, gathered. Countries and rounds; no cases."""

from __future__ import annotations

from kancil.web.people.entrance import entrance
from kancil.web.programme.api.door import url_patterns as api_patterns
from kancil.web.programme_page import EVERYONE, PAGES, url_patterns

from .gathering import import_rooms

ROOMS = import_rooms("programme")
PAGES.extend(entrance(EVERYONE))
urlpatterns = [*url_patterns(), *api_patterns()]
handler400 = "kancil.web.guard.not_understood"
handler403 = "kancil.web.guard.not_allowed"
handler404 = "kancil.web.guard.not_there"
handler500 = "kancil.web.guard.no_answer"
