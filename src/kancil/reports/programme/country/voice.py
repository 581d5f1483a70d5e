"""The country's own voice beside the team's: its comments, and what the team replied."""

from __future__ import annotations

from kancil.desk.assessment.queries.narratives import CommentRow
from kancil.desk.assessment.queries.papers import RoundPapers
from kancil.ground.words import render


def who_said(papers: RoundPapers, comment: CommentRow) -> str:
    """For whom a comment speaks, on which day, and what became of it."""
    who = comment.office or render(f"name.paper-role-{comment.role}")
    said = render("note.paper-said-by", who=who, on=papers.day_of(comment.at).isoformat())
    if not comment.replies:
        return f"{said} {render('note.paper-no-reply')}"
    return f"{said} {render(f'note.paper-reply-{comment.replies[-1].outcome}')}"
