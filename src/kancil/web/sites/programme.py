"""The programme's site: its pages, gathered. Countries and rounds; no cases."""

from __future__ import annotations

from kancil.web.assessment.countries import board as _board
from kancil.web.assessment.countries import countries as _countries
from kancil.web.assessment.countries import country as _country
from kancil.web.assessment.countries import region as _region
from kancil.web.assessment.countries import releases as _releases
from kancil.web.assessment.countries import releasing as _releasing
from kancil.web.assessment.countries import study as _study
from kancil.web.assessment.figures import compare as _compare
from kancil.web.assessment.figures import figure as _figure
from kancil.web.assessment.figures import figures as _figures
from kancil.web.assessment.figures import papers as _papers
from kancil.web.assessment.figures import profile as _profile
from kancil.web.assessment.figures import threats as _threats
from kancil.web.assessment.law import instruments as _instruments
from kancil.web.assessment.law import law as _law
from kancil.web.assessment.law import matrix as _matrix
from kancil.web.assessment.law import provision as _provision
from kancil.web.assessment.law import road as _road
from kancil.web.assessment.plan import gaps as _gaps
from kancil.web.assessment.plan import items as _items
from kancil.web.assessment.plan import plan as _plan
from kancil.web.assessment.rounds import asked as _asked
from kancil.web.assessment.rounds import disputes as _disputes
from kancil.web.assessment.rounds import evidence as _evidence
from kancil.web.assessment.rounds import files as _files
from kancil.web.assessment.rounds import interviews as _interviews
from kancil.web.assessment.rounds import question as _question
from kancil.web.assessment.rounds import rounds as _rounds
from kancil.web.assessment.rounds import table as _table
from kancil.web.assessment.rounds import teams as _teams
from kancil.web.assessment.site import home as _home
from kancil.web.assessment.site import keys as _keys
from kancil.web.assessment.site import people as _people
from kancil.web.assessment.site import protocol_files as _protocol_files
from kancil.web.assessment.site import protocols as _protocols
from kancil.web.assessment.site import record as _record
from kancil.web.people.entrance import entrance
from kancil.web.programme_page import EVERYONE, PAGES, url_patterns

ROOMS = (
    _home, _countries, _country, _rounds, _teams, _table, _question, _disputes, _evidence,
    _interviews, _files, _protocols, _protocol_files, _asked, _people, _keys, _record, _figures,
    _profile, _figure, _threats, _compare, _study, _region, _law, _instruments, _matrix,
    _provision, _road, _plan, _gaps, _items, _board, _releases, _releasing, _papers,
)  # fmt: skip
"""Importing a room's pages registers them."""

PAGES.extend(entrance(EVERYONE))
urlpatterns = url_patterns()
handler400 = "kancil.web.guard.not_understood"
handler403 = "kancil.web.guard.not_allowed"
handler404 = "kancil.web.guard.not_there"
handler500 = "kancil.web.guard.no_answer"
