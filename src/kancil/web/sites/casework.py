"""What a unit's site and a classroom have in common: the unit's rooms, sign-in, and the API."""

from __future__ import annotations

from kancil.desk.people.queries import TRAINING_ROLES, UNIT_ROLES
from kancil.web.api import site as api
from kancil.web.page import PAGES
from kancil.web.people.entrance import entrance
from kancil.web.people.own_factors import recorded

from .gathering import import_rooms

ROOMS = import_rooms("unit")
PAGES.extend(recorded(entrance(UNIT_ROLES | TRAINING_ROLES)))
handler400 = api.not_understood
handler403 = "kancil.web.guard.not_allowed"
handler404 = "kancil.web.guard.not_there"
handler500 = api.fault
API_PATTERNS = api.url_patterns()
