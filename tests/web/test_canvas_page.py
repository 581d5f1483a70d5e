"""The canvas in a browser: drawn, worked by hand and by key, under the strict policy."""

from __future__ import annotations

from contextlib import AbstractContextManager

import pytest
from playwright.sync_api import Browser, Dialog, Route

from kancil.studies.canvas.picture import draw_view
from kancil.studies.canvas.view import read_view
from kancil.studies.moneygraph.model import MoneyGraph
from tests.studies.moneygraph.sample_chain import (
    sample_chain,
    sample_labels,
)
from tests.web.canvas_page import (
    LOOKS,
    SAMPLES,
    CanvasPage,
    Scheme,
    of_chain,
    open_canvas,
)
from tests.web.watching import BARRIERS, axe

pytestmark = [pytest.mark.browser, pytest.mark.thorough]


def opened_sample(
    browser: Browser, name: str, *, width: int = 1280, scheme: Scheme = "light",
    language: str = "en",
) -> AbstractContextManager[CanvasPage]:  # fmt: skip
    material = of_chain(sample_chain(), sample_labels())
    return open_canvas(
        browser, material, SAMPLES[name], width=width, scheme=scheme, language=language
    )


def drawn(page: CanvasPage) -> dict[str, list[float]]:
    """What the picture holds: middle and size of each box."""
    found: dict[str, list[float]] = page.ask(
        "Object.fromEntries(stage.cy.nodes().map((node) => [node.id(),"
        " [node.position('x'), node.position('y'), node.width(), node.height()]]))"
    )
    return found


def expected(graph: MoneyGraph) -> dict[str, list[float]]:
    return {
        node.id: [node.x + node.width / 2, node.y + node.height / 2, node.width, node.height]
        for node in graph.nodes
    }


def in_rows(page: CanvasPage) -> bool:
    """Whether the picture is too wide to be read, and so stands in rows."""
    return bool(page.ask("Boolean(stage.placed.isWrapped)"))


def sample_graph(name: str) -> MoneyGraph:
    return draw_view(of_chain(sample_chain(), sample_labels()), SAMPLES[name])


OTHER_LOOKS = [pytest.param(*look, marks=pytest.mark.thorough) for look in LOOKS[1:]]


@pytest.mark.parametrize(("width", "scheme", "language"), [LOOKS[0], *OTHER_LOOKS], ids=str)
@pytest.mark.parametrize("name", SAMPLES)
def test_a_view_is_drawn_as_laid_out_and_nothing_is_stopped_or_asked_elsewhere(
    browser: Browser, name: str, width: int, scheme: Scheme, language: str
) -> None:
    with opened_sample(
        browser, name, width=width, scheme=scheme, language=language
    ) as opened:  # fmt: skip
        graph = sample_graph(name)
        found, wanted = drawn(opened), expected(graph)
        assert set(found) == set(wanted)
        assert found == wanted or width < 600 or in_rows(opened), "turned where it is narrow"
        assert [found[id][2:] for id in wanted] == [wanted[id][2:] for id in wanted]
        assert opened.ask("stage.cy.edges().length") == len(graph.edges)
        assert opened.page.evaluate(
            "document.documentElement.scrollWidth <= document.documentElement.clientWidth"
        )
        opened.page.evaluate(axe())
        assert opened.page.evaluate(BARRIERS) == []
        assert opened.faults == []
        assert opened.foreign == []


def test_the_page_has_the_window_to_itself_and_fit_shows_every_box(browser: Browser) -> None:
    with opened_sample(browser, "first-coins") as opened:
        assert opened.page.evaluate("document.documentElement.scrollHeight <= innerHeight")
        opened.act("fit")
        boxes = opened.ask(
            "stage.cy.nodes().map((node) => { const box = node.renderedBoundingBox();"
            " return [box.x1, box.y1, box.x2, box.y2]; })"
        )
        wide, high = opened.ask("[stage.host.clientWidth, stage.host.clientHeight]")
        assert all(x1 >= 0 and y1 >= 0 and x2 <= wide and y2 <= high for x1, y1, x2, y2 in boxes)
        assert min(y1 for _, y1, _, _ in boxes) >= opened.ask("stage.covered.top")


LEAST_WIDTH = 110
"""Pixels of a box of 170 that can be read."""


@pytest.mark.parametrize("name", SAMPLES)
def test_fit_leaves_every_box_as_large_as_is_read_and_none_on_another(
    browser: Browser, name: str
) -> None:
    with opened_sample(browser, name) as opened:
        opened.act("fit")
        zoom = opened.ask("stage.cy.zoom()")
        assert zoom * 170 >= LEAST_WIDTH
        boxes = sorted(drawn(opened).values())
        for place, (x, y, wide, high) in enumerate(boxes):
            for other_x, other_y, other_wide, other_high in boxes[place + 1 :]:
                apart_x = abs(x - other_x) >= (wide + other_wide) / 2
                assert apart_x or abs(y - other_y) >= (high + other_high) / 2
        row = opened.ask("stage.placed.width") * zoom
        assert row <= opened.ask("stage.host.clientWidth") or not in_rows(opened)


def test_moving_a_box_of_a_picture_in_rows_leaves_the_others_where_they_are(
    browser: Browser,
) -> None:
    with opened_sample(browser, "first-coins") as opened:
        assert in_rows(opened)
        before = drawn(opened)
        node = opened.ask("stage.current")
        opened.ask(
            f"(() => {{ const one = stage.cy.getElementById({node!r});"
            " one.position({ x: one.position('x') + 40, y: one.position('y') + 30 });"
            " stage.drag(one); stage.drop(); })()"
        )
        after = drawn(opened)
        assert not in_rows(opened)
        assert {id for id in before if before[id] != after[id]} == {node}


def test_opening_puts_only_what_is_new_into_the_living_picture(browser: Browser) -> None:
    with opened_sample(browser, "long-chain") as opened:
        before = set(drawn(opened))
        opened.ask("stage.cy.nodes().forEach((node) => node.scratch('old', true))")
        fold = opened.opening()[0]
        opened.act("toggle", fold)
        (sent,) = opened.asked
        assert sent["act"] == {"do": "expand", "node": fold}
        assert opened.headers[0]["x-csrftoken"] == "made-up"
        assert read_view(sent["view"]) == SAMPLES["long-chain"]
        after = draw_view(
            of_chain(sample_chain(), sample_labels()), read_view(opened.view)
        )  # fmt: skip
        found = drawn(opened)
        assert found == expected(after) or (in_rows(opened) and set(found) == set(expected(after)))
        kept = opened.ask("stage.cy.nodes().filter((node) => node.scratch('old')).length")
        assert kept == len(before & set(expected(after)))
        assert opened.status.endswith("in the graph.")


def test_a_click_selects_a_box_and_the_panel_tells_of_it(browser: Browser) -> None:
    with opened_sample(browser, "long-chain") as opened:
        node = opened.ask("place.now.graph.order.find((id) => id.startsWith('tx-'))")
        x, y = opened.ask(
            f"(({{x, y}}, box) => [box.x + x, box.y + y])("
            f"stage.cy.getElementById('{node}').renderedPosition(),"
            " stage.host.getBoundingClientRect())"
        )
        opened.page.mouse.click(x, y)
        opened.page.wait_for_selector("[data-canvas-subject]")
        panel = opened.page.inner_text("[data-panel]")
        assert "Told by the server" in panel
        assert node.removeprefix("tx-") in panel
        assert opened.asked == []


def test_keys_follow_the_money_open_select_and_clear(browser: Browser) -> None:
    with opened_sample(browser, "long-chain") as opened:
        page = opened.page
        page.focus("[data-stage]")
        page.keyboard.press("Home")
        page.keyboard.press("ArrowRight")
        assert "Transaction, 20553f19" in opened.status
        page.keyboard.press("ArrowRight")
        page.keyboard.press(" ")
        assert opened.ask("[...stage.selected]")[0].startswith("tx-619f6cc7")
        page.keyboard.press("ArrowRight")
        assert opened.status.endswith("Enter opens it")
        page.keyboard.press("Enter")
        page.wait_for_selector("[data-drawn-ms]")
        assert len(opened.asked) == 1
        for _ in range(4):
            page.keyboard.press("ArrowLeft")
        assert opened.status == "There is nothing on that side."
        page.keyboard.press("Escape")
        assert opened.ask("stage.selected.size") == 0


def test_what_was_done_to_the_picture_is_undone_and_done_again(browser: Browser) -> None:
    with opened_sample(browser, "long-chain") as opened:
        first = drawn(opened)
        opened.act("toggle", opened.opening()[0])
        second = drawn(opened)
        opened.act("colour", "mark-2")
        opened.page.focus("[data-stage]")
        opened.page.keyboard.press("Shift+ArrowDown")
        assert len(opened.view["positions"]) == 1
        for _ in range(3):
            opened.page.keyboard.press("Control+z")
        assert drawn(opened) == first
        assert opened.view["colours"] == {}
        assert opened.page.is_disabled("[data-do=undo]")
        opened.page.keyboard.press("Control+Shift+Z")
        assert drawn(opened) == second
        assert len(opened.asked) == 1


def test_a_picture_left_unsaved_is_offered_when_the_canvas_opens_again(browser: Browser) -> None:
    ready = "document.querySelector('[data-canvas]').workplace !== undefined"
    with opened_sample(browser, "first-coins") as opened:
        page = opened.page
        node = opened.ask("place.now.graph.order.at(-1)")
        opened.act("hide", node)
        for go_on in (False, True):
            page.reload()
            page.wait_for_function(f"() => {ready}")
            opened.settle()
            assert opened.view["hidden"] == []
            assert "you left another picture here unsaved" in page.inner_text("[data-bars]")
            if go_on:
                page.get_by_role("button", name="Go on with it").click()
                page.wait_for_selector("[data-canvas]:not([aria-busy])", state="attached")
        assert opened.view["hidden"] == [node]
        page.reload()
        page.wait_for_function(f"() => {ready}")
        page.get_by_role("button", name="Discard it").click()
        page.reload()
        page.wait_for_function(f"() => {ready}")
        assert "unsaved" not in page.inner_text("[data-bars]")
        assert not opened.faults


def test_a_window_with_an_unsaved_picture_asks_before_it_closes(browser: Browser) -> None:
    with opened_sample(browser, "first-coins") as opened:
        page, asked = opened.page, list[str]()

        def stay(dialog: Dialog) -> None:
            asked.append(dialog.type)
            dialog.dismiss()

        page.on("dialog", stay)
        page.click("[data-do=fit]")
        opened.act("hide", opened.ask("place.now.graph.order.at(-1)"))
        with page.expect_event("dialog"):
            page.close(run_before_unload=True)
        assert not page.is_closed()
        page.click("a.mark")
        page.wait_for_selector("[data-bars] button:has-text('Discard it')")
        assert asked == ["beforeunload"], "a link leads on without a question"
        page.get_by_role("button", name="Discard it").click()
        with page.expect_event("close"):
            page.close(run_before_unload=True)


def test_skip_links_lead_to_the_picture_and_the_panel(browser: Browser) -> None:
    with opened_sample(browser, "long-chain") as opened:
        for place, name in ((2, "cv-stage"), (3, "cv-panel")):
            opened.page.reload()
            for _ in range(place):
                opened.page.keyboard.press("Tab")
            opened.page.keyboard.press("Enter")
            assert opened.page.evaluate("document.activeElement.id") == name


def test_a_picture_that_takes_long_says_that_it_is_drawn(browser: Browser) -> None:
    with opened_sample(browser, "long-chain") as opened:
        said = opened.page.get_by_text("A large picture can take half a minute.")
        assert not said.is_visible()
        held: list[Route] = []
        opened.page.route("**/draw", lambda route: held.append(route))  # noqa: PLW0108
        opened.ask(f"void place.do('toggle', {opened.opening()[0]!r})")
        said.wait_for(state="visible")
        held[0].fallback()
        said.wait_for(state="hidden")
        assert opened.faults == []


def test_a_branch_is_hidden_counted_and_shown_again_by_one_press(browser: Browser) -> None:
    with opened_sample(browser, "first-coins") as opened:
        whole = drawn(opened)
        node = opened.ask(
            "place.now.graph.order.find((id) => id.startsWith('tx-')"
            " && place.now.graph.nodes.get(id).layer > 1)"
        )
        opened.act("branch", node)
        hidden = opened.view["hidden"]
        assert node in hidden
        assert set(drawn(opened)) == set(whole) - set(hidden)
        assert f"Hidden boxes: {len(hidden)}" in opened.page.inner_text("[data-bars]")
        opened.page.click("[data-bars] button:text-is('Show')")
        assert drawn(opened) == whole
        assert opened.page.inner_text("[data-bars]") == ""


def test_boxes_are_grouped_under_a_name_and_coloured_with_a_shape(browser: Browser) -> None:
    with opened_sample(browser, "first-coins") as opened:
        ids = opened.ask("place.now.graph.order.slice(0, 3)")
        opened.ask(f"stage.selectAll({ids})")
        assert "Selected boxes: 3" in opened.page.inner_text("[data-panel]")
        opened.page.click("[data-panel] button:text-is('Group')")
        opened.page.fill("#cv-group-name", "Mule accounts")
        opened.page.click("dialog[open] label:has-text('square')")
        opened.page.click("dialog[open] button.main")
        opened.page.wait_for_selector("[data-own] :text('Mule accounts')")
        (group,) = opened.view["groups"]
        assert group == {
            "id": "group-1", "name": "Mule accounts", "colour": "mark-2", "nodes": ids
        }  # fmt: skip
        opened.act("colour", "mark-4")
        assert opened.view["colours"] == dict.fromkeys(ids, "mark-4")
        read_view(opened.view)
        opened.page.click("[data-own] button:text-is('Ungroup')")
        assert opened.view["groups"] == []


def test_a_box_is_moved_by_mouse_with_its_ribbons_and_put_back(browser: Browser) -> None:
    with opened_sample(browser, "long-chain") as opened:
        node = opened.ask("place.now.graph.order.find((id) => id.startsWith('tx-'))")
        x, y = opened.ask(
            f"(({{x, y}}, box) => [box.x + x, box.y + y])("
            f"stage.cy.getElementById('{node}').renderedPosition(),"
            " stage.host.getBoundingClientRect())"
        )
        before = drawn(opened)[node]
        opened.page.mouse.move(x, y)
        opened.page.mouse.down()
        opened.page.mouse.move(x + 30, y + 60, steps=5)
        opened.page.mouse.up()
        moved = opened.view["positions"]
        assert list(moved) == [node]
        assert all(isinstance(part, int) for part in moved[node])
        zoom = opened.ask("stage.cy.zoom()")
        assert drawn(opened)[node][1] - before[1] == pytest.approx(60 / zoom, abs=2)
        ends = opened.ask(
            f"[...stage.placed.edges.values()].filter((edge) => edge.source === '{node}')"
            f".every((edge) => edge.points[0][0] === stage.placed.nodes.get('{node}').x"
            f" + stage.placed.nodes.get('{node}').w)"
        )
        assert ends
        opened.act("unmove")
        assert drawn(opened)[node] == before


def test_a_frame_drawn_with_shift_selects_the_boxes_in_it(browser: Browser) -> None:
    with opened_sample(browser, "first-coins") as opened:
        opened.act("fit")
        left, top, width, height = opened.ask(
            "(({x, y, width, height}) => [x, y, width, height])(stage.host.getBoundingClientRect())"
        )
        over, under = opened.ask("[stage.covered.top, stage.covered.bottom]")
        mouse = opened.page.mouse
        opened.page.keyboard.down("Shift")
        mouse.move(left + 4, top + over + 30)
        mouse.down()
        mouse.move(left + width / 2, top + height - under - 6, steps=6)
        mouse.up()
        opened.page.keyboard.up("Shift")
        opened.settle()
        chosen = opened.ask("[...stage.selected]")
        assert 1 < len(chosen) < len(drawn(opened))
        assert f"Selected boxes: {len(chosen)}" in opened.page.inner_text("[data-panel]")


def test_sliders_filter_by_value_and_say_what_they_leave_out(browser: Browser) -> None:
    with opened_sample(browser, "first-coins") as opened:
        whole = drawn(opened)
        opened.page.focus("[data-least]")
        opened.page.keyboard.press("End")
        assert set(drawn(opened)) < set(whole)
        assert "Boxes outside the filter:" in opened.page.inner_text("[data-bars]")
        said = opened.page.get_attribute("[data-least]", "aria-valuetext") or ""
        assert said.startswith("Transfers of at least")
        assert int(opened.view["filter"]["min_sat"]) > 0
        read_view(opened.view)
        opened.page.keyboard.press("Home")
        assert drawn(opened) == whole
        opened.page.focus("[data-until]")
        opened.page.keyboard.press("Home")
        until = opened.view["filter"]["until"]
        assert until is not None
        assert set(drawn(opened)) < set(whole)


def test_find_steps_through_the_boxes_that_say_it(browser: Browser) -> None:
    with opened_sample(browser, "first-coins") as opened:
        opened.page.focus("[data-stage]")
        opened.page.keyboard.press("f")
        opened.page.keyboard.type("transaction")
        opened.page.keyboard.press("Enter")
        said = opened.page.inner_text("[data-find] [data-count]")
        count = opened.ask(
            "[...place.now.graph.nodes.values()]"
            ".filter((node) => node.lines[0][1] === 'Transaction').length"
        )
        assert said == f"2 of {count}"
        assert opened.ask("place.now.graph.nodes.get(stage.current).lines[0][1]") == "Transaction"
        opened.page.fill("[data-find] input", "no such thing")
        assert opened.page.inner_text("[data-find] [data-count]") == "Nothing found"


def test_patterns_are_stepped_through_and_shown_in_the_picture(browser: Browser) -> None:
    with opened_sample(browser, "long-chain") as opened:
        opened.act("patterns")
        assert opened.view["patterns"] is True
        assert "proves nothing" in opened.page.inner_text("[data-told=findings]")
        assert opened.page.inner_text("[data-bars]").startswith("Pattern 1 of")
        opened.act("pattern-step", 1)
        marked = opened.ask("[...stage.selected].every((id) =>"
                            " place.now.graph.nodes.get(id).findings.length)")  # fmt: skip
        assert marked
        link = opened.page.locator("[data-told=findings] .cv-find").nth(0)
        link.focus()
        opened.page.keyboard.press("Enter")
        assert "in pattern" in opened.status
        assert opened.page.evaluate("document.activeElement.className").startswith("cv-stage")


def test_a_path_is_picked_output_after_output_and_named(browser: Browser) -> None:
    with opened_sample(browser, "long-chain") as opened:
        edges = opened.ask(
            "[...place.now.graph.edges.values()].filter((edge) => edge.outpoints.length === 1)"
            ".map((edge) => [edge.id, edge.outpoints[0]])"
        )
        opened.act("path")
        assert "Click the first output" in opened.page.inner_text("[data-bars]")
        first = next(e for e in edges if e[1].startswith("20553f19"))
        follows = next(e for e in edges if e[1].startswith("619f6cc7"))
        for ident, _ in (first, follows):
            opened.ask(f"place.pickEdge('{ident}')")
            opened.page.wait_for_selector("[data-canvas]:not([aria-busy])", state="attached")
        assert opened.ask("place.path") == [first[1], follows[1]]
        opened.ask(f"place.pickEdge('{first[0]}')")
        opened.page.wait_for_selector("[data-fault-said]:not([hidden])")
        assert opened.ask("place.path.length") == 2
        opened.page.click("[data-bars] button:text-is('Name path')")
        opened.page.fill("#cv-path-name", "To the exchange")
        opened.page.click("dialog[open] button.main")
        opened.page.wait_for_selector("[data-own] :text('To the exchange')")
        (path,) = opened.view["paths"]
        assert path["outpoints"] == [first[1], follows[1]]


def test_a_refusal_is_said_in_words_and_changes_nothing(browser: Browser) -> None:
    with opened_sample(browser, "long-chain") as opened:
        before = drawn(opened)
        opened.act("expand", "tx-" + "0" * 64)
        opened.page.wait_for_selector("[data-fault-said]:not([hidden])")
        assert "no longer contains the node" in opened.page.inner_text("[data-fault-said]")
        opened.page.route("**/draw", lambda route: route.abort())
        opened.act("expand", opened.opening()[0])
        opened.page.wait_for_selector("[data-fault-said]:has-text('No answer came')")
        assert drawn(opened) == before


def test_the_list_says_all_that_the_picture_shows_and_does_it(browser: Browser) -> None:
    with opened_sample(browser, "long-chain", width=390) as opened:
        page = opened.page
        page.click("[data-do=list]")
        order = opened.ask("place.now.graph.order")
        listed = page.eval_on_selector_all(".cv-item", "(rows) => rows.map((r) => r.dataset.node)")
        assert listed == order
        assert not page.is_visible("[data-stage]")
        page.click(".cv-item button:text-is('Open') >> nth=0")
        page.wait_for_selector("[data-drawn-ms]")
        assert len(page.query_selector_all(".cv-item")) > len(order)
        page.click(".cv-pick >> nth=0")
        assert page.get_attribute(".cv-pick >> nth=0", "aria-pressed") == "true"
        page.click("[data-do=close-panel]")
        opened.act("hide", order[0])
        absent = page.locator(".cv-item.absent")
        assert "not on the canvas" in absent.inner_text()
        absent.locator("button").click()
        assert page.locator(".cv-item.absent").count() == 0


def test_on_a_phone_the_money_goes_from_the_top_down_and_the_panel_comes_from_below(
    browser: Browser,
) -> None:
    with opened_sample(browser, "first-coins", width=390) as opened:
        assert opened.ask("stage.placed.isTurned")
        down = opened.ask(
            "[...stage.placed.edges.values()].every((edge) => edge.goes_back ||"
            " edge.points[0][1] < edge.points.at(-1)[1])"
        )
        assert down
        first = opened.ask("place.now.graph.order[0]")
        opened.page.focus("[data-stage]")
        opened.page.keyboard.press("Home")
        opened.page.keyboard.press("ArrowDown")
        assert opened.ask("stage.current") != first
        opened.ask(f"place.goTo('{first}')")
        panel = opened.page.locator("[data-panel]")
        box = panel.bounding_box()
        assert box is not None
        assert box["y"] + box["height"] == pytest.approx(900, abs=1)
        opened.page.click("[data-do=close-panel]")
        assert opened.ask("stage.selected.size") == 0
        assert opened.faults == []


def test_colours_follow_the_theme_at_once(browser: Browser) -> None:
    with opened_sample(browser, "listed-payment") as opened:
        colour = "stage.cy.nodes('.tx')[0].style('background-color')"
        light = opened.ask(colour)
        opened.page.evaluate("document.documentElement.dataset.theme = 'dark'")
        opened.settle()
        assert opened.ask(colour) != light
        assert opened.ask("stage.tokens.paper") == "#201e1a"
