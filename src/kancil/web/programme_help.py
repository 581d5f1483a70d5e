"""Which part of the help page explains a page of the programme's site.

It follows from the module of the page, so that a new page has one at once.
"""

from __future__ import annotations

TOPICS = (
    "home", "countries", "rounds", "questions", "evidence", "comments", "law", "figures", "plan",
    "reports", "releases", "region", "participants", "activities", "leaving", "event", "money",
    "results", "imports", "files", "protocols", "site", "account",
)  # fmt: skip
"""In the order of the page; the words of each: `help.programme-<topic>.name` and `.text-<n>`."""
_OF_MODULE = {
    "question": "questions", "table": "questions", "disputes": "questions", "settling": "questions",
    "asked": "protocols", "evidence": "evidence", "interviews": "evidence",
    "comments": "comments", "ending": "comments", "files": "files", "board": "countries",
    "papers": "reports", "narratives": "reports", "releases": "releases", "releasing": "releases",
    "region": "region", "study": "region", "study_texts": "region",
    "study_publishing": "region", "home": "home", "due": "home",
    "protocols": "protocols", "protocol_files": "protocols",
}  # fmt: skip
"""By module; the others of a folder belong to the topic that bears the folder's name."""
_OF_FOLDER = {"people": "participants", "jobs": "imports"}
"""By folder of the programme's desk."""

_ROOMS = ("kancil.web.assessment.", "kancil.web.programme.")


def topic_of(module: str) -> str:
    """The topic of a page by the module that has it."""
    *_, folder, name = ("", *module.split("."))
    found = _OF_FOLDER.get(folder, folder) if module.startswith("kancil.web.programme.") else ""
    if module.startswith("kancil.web.assessment."):
        found = _OF_MODULE.get(name, folder)
    return found if found in TOPICS else "account" if "allauth" in module else "site"
