"""Every register of these books, loaded with them: a field names a register by its name alone."""

from __future__ import annotations

from kancil.desk.programme.books import COUNTRIES, OUTPUTS
from kancil.desk.programme.money.donors import DONORS
from kancil.desk.programme.money.grants import GRANTS
from kancil.desk.programme.money.rates import RATE_TABLES
from kancil.desk.programme.people.organisations import ORGANISATIONS
from kancil.desk.programme.people.participants import PARTICIPANTS

ALL = (COUNTRIES, OUTPUTS, DONORS, GRANTS, RATE_TABLES, ORGANISATIONS, PARTICIPANTS)
