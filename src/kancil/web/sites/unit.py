"""The unit's site: its pages, gathered. Sovereign: cases, custody, studies, classroom."""

from __future__ import annotations

from kancil.web.api import site as _api
from kancil.web.cases import checking as _checking
from kancil.web.cases import custody_acts as _custody_acts
from kancil.web.cases import findings as _findings
from kancil.web.cases import intake as _intake
from kancil.web.cases import leaving as _leaving
from kancil.web.cases import pages as _cases
from kancil.web.cases import paper_acts as _paper_acts
from kancil.web.cases import report as _report
from kancil.web.cases import seizing as _seizing
from kancil.web.home import pages as _home
from kancil.web.home import search as _search
from kancil.web.jobs import pages as _work
from kancil.web.labels import pages as _labels
from kancil.web.page import EVERYONE, PAGES, url_patterns
from kancil.web.people import audit as _audit
from kancil.web.people import pages as _people
from kancil.web.people import tokens as _tokens
from kancil.web.people.entrance import entrance
from kancil.web.people.own_factors import recorded
from kancil.web.prices import pages as _prices
from kancil.web.selectors import pages as _selectors
from kancil.web.stated import mapping as _mapping
from kancil.web.stated import pages as _stated
from kancil.web.studies import accepting as _accepting
from kancil.web.studies import choosing as _choosing
from kancil.web.studies import clusters as _clusters
from kancil.web.studies import exposures as _exposures
from kancil.web.studies import findings as _editor
from kancil.web.studies import graphs as _graphs
from kancil.web.studies import ingest as _ingest
from kancil.web.studies import pages as _studies
from kancil.web.studies import traces as _traces
from kancil.web.studies import watch as _watch

ROOMS = (
    _home, _search, _cases, _findings, _intake, _custody_acts, _paper_acts, _seizing, _mapping,
    _ingest, _studies, _editor, _choosing, _accepting, _graphs, _traces, _watch, _clusters,
    _exposures, _stated, _labels, _prices, _report, _leaving, _checking, _work, _people, _tokens,
    _audit, _selectors,
)  # fmt: skip
"""Importing a room's pages registers them."""

PAGES.extend(recorded(entrance(EVERYONE)))
urlpatterns = [*url_patterns(), *_api.url_patterns()]
handler400 = _api.not_understood
handler403 = "kancil.web.guard.not_allowed"
handler404 = "kancil.web.guard.not_there"
handler500 = _api.fault
