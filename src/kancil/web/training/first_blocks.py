"""The first real blocks on the page of a class: added by one button, then one link away."""

from __future__ import annotations

from django.http import HttpRequest
from django.urls import reverse

from kancil.desk.studies.queries import chain_names, open_chain
from kancil.desk.training.actions.first_blocks import add_first_blocks
from kancil.training.first_blocks import CHAIN
from kancil.web.cells import Section, note
from kancil.web.signed_in import how_authenticated, person_of
from kancil.web.unit_desk import unit_desk

from .acting import Acting

FIRST_PAYMENT = "170"
"""Height of the block with the first payment between two people."""


class FirstBlocksForm(Acting):
    """Adding the blocks asks for nothing."""

    act = "first-blocks"

    def add(self, request: HttpRequest) -> str:
        """Have the blocks read; gives the id of the task."""
        return add_first_blocks(by=person_of(request), authenticated_by=how_authenticated(request))


def first_blocks_section(asked: FirstBlocksForm, *, is_open: bool) -> list[Section]:
    """Where the blocks are, or the button that adds them to an open class."""
    workspace = unit_desk().workspace
    if CHAIN in chain_names(workspace):
        url = reverse("block", kwargs={"chain": CHAIN, "block": FIRST_PAYMENT})
        count = open_chain(workspace, CHAIN).columns.block_count
        key = "web.training.first-blocks"
        told = {"chain": CHAIN, "count": count}
        return [note("info", f"{key}-there", url=url, do=f"{key}-open", **told)]
    return [asked.section(text="web.training.first-blocks-text")] if is_open else []
