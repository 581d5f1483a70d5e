"""The unit's site: its pages, gathered. Sovereign: cases, custody, studies, classroom."""

from __future__ import annotations

from kancil.desk.people.queries import UNIT_ROLES
from kancil.web.api import site as _api
from kancil.web.page import PAGES, url_patterns
from kancil.web.people.entrance import entrance
from kancil.web.people.own_factors import recorded

from .gathering import import_rooms

ROOMS = import_rooms("unit")
PAGES.extend(recorded(entrance(UNIT_ROLES)))
urlpatterns = [*url_patterns(), *_api.url_patterns()]
handler400 = _api.not_understood
handler403 = "kancil.web.guard.not_allowed"
handler404 = "kancil.web.guard.not_there"
handler500 = _api.fault
