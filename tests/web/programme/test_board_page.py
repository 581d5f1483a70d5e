"""The cross-government board, as people use it."""

from __future__ import annotations

from tests.web.programme.asking import sent, shown
from tests.web.programme.served import ProgrammeSite

BOARD = "/countries/XKA/board/"
BODY = {
    "do": "body", "name": "Night desk <script>", "sector": "law_enforcement",
    "responsible": "Police headquarters", "meets_every_months": "2",
}  # fmt: skip


def body_id(name: str) -> str:
    from kancil.desk.assessment.models import Body

    return Body.objects.get(name=name).id


def test_the_board_names_every_sector_and_who_is_in_it(programme: ProgrammeSite) -> None:
    text = shown(programme, "fay", BOARD)
    assert "Law enforcement: police, with intelligence and national security" in text
    assert "Prevention: education, NGOs, faith groups and the private sector" in text
    assert "Overdue since 2026-04-15" in text
    assert "No meeting recorded" in text
    assert "Which ministry leads on ratification" in text
    text = shown(programme, "olga", "/countries/XBO/board/")
    assert "No body on the board yet" in text
    assert "Nobody named yet" in text


def test_a_body_meets_and_closes_what_is_before_it(programme: ProgrammeSite) -> None:
    text = sent(programme, "ann", f"{BOARD}new/", BODY)
    assert "Night desk <script>" in text
    page = programme.client("ann").get(BOARD).content.decode()
    assert "Night desk &lt;script&gt;" in page
    there = f"{BOARD}{body_id('Night desk <script>')}/"
    assert "Overdue since 2026-03-28" in sent(
        programme, "lea", there, {"do": "met", "board_met": "2026-01-28"}
    )
    future = {"do": "met", "board_met": "2999-01-01"}
    assert "in the future" in sent(programme, "lea", there, future)
    matter = {"do": "matter", "board_matter": "A rota", "board_owner": "Unit", "board_due": ""}
    assert "A rota" in sent(programme, "lea", there, matter)
    from kancil.desk.assessment.models import Matter

    close = {
        "do": "close", "board_which": Matter.objects.get(title="A rota").id,
        "board_closed": "2026-02-01", "board_outcome": "Adopted",
    }  # fmt: skip
    text = sent(programme, "lea", there, close)
    assert "Closed 2026-02-01" in text
    assert "Adopted" in text
    future = {"do": "end", "board_ended": "2999-01-01"}
    assert "in the future" in sent(programme, "olga", there, future)
    text = sent(programme, "olga", there, {"do": "end", "board_ended": "2026-05-01"})
    assert "Ended 2026-05-01" in text
    assert "Record a meeting" not in text


def test_bad_input_on_the_board_is_said(programme: ProgrammeSite) -> None:
    for field, value, why in (
        ("meets_every_months", "0", "greater than or equal to 1"),
        ("meets_every_months", "often", "Write a whole number"),
        ("sector", "weather", "Choose one of the options"),
        ("name", "x" * 201, "at most 200"),
        ("responsible", "", "This must be filled in"),
    ):
        text = sent(programme, "ann", f"{BOARD}new/", {**BODY, field: value})
        assert why in text, field
    other = f"{BOARD}{body_id('National Committee on Cybercrime')}/"
    close = {"do": "close", "board_which": "of another body", "board_closed": "2026-02-01"}
    assert "Choose one of the options" in sent(programme, "ann", other, close)


def test_the_focal_point_keeps_the_board_of_their_own_country(programme: ProgrammeSite) -> None:
    sent(programme, "fay", f"{BOARD}new/", BODY)
    there = f"{BOARD}{body_id('Night desk <script>')}/"
    sent(programme, "fay", there, {"do": "met", "board_met": "2026-01-28"})
    assert "Add a body" in shown(programme, "fay", BOARD)
    from kancil.desk.assessment.models import Act

    acts = Act.objects.filter(about=BODY["name"]).order_by("id")
    assert list(acts.values_list("kind", "person__username")) == [
        ("body.added", "fay"), ("body.met", "fay"),
    ]  # fmt: skip
    # Statutes and the status of treaties stay the team's.
    sent(programme, "fay", "/countries/XKA/law/new/", {"do": "extract"}, 403)


def test_only_who_keeps_the_books_changes_the_board(programme: ProgrammeSite) -> None:
    there = f"{BOARD}{body_id('National Committee on Cybercrime')}/"
    met = {"do": "met", "board_met": "2026-05-28"}
    for who, status in (("rex", 403), ("far", 404), ("out", 404)):
        sent(programme, who, there, met, status)
        sent(programme, who, f"{BOARD}new/", BODY, status)
    for who in ("don", "ada"):
        shown(programme, who, BOARD, 403)
    shown(programme, "olga", there.replace("XKA", "XBO"), 404)
