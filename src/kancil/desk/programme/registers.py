"""Every register of these books, loaded with them: a field names a register by its name alone."""

from __future__ import annotations

from .books import COUNTRIES, OUTPUTS
from .money.donors import DONORS
from .money.grants import GRANTS
from .money.rates import RATE_TABLES
from .people.organisations import ORGANISATIONS
from .people.participants import PARTICIPANTS

ALL = (COUNTRIES, OUTPUTS, DONORS, GRANTS, RATE_TABLES, ORGANISATIONS, PARTICIPANTS)
