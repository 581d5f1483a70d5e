"""The programme's pages on PostgreSQL: what they answer on SQLite, moved there row by row."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.desk.postgres import running
from tests.web.programme.pages import address, pages
from tests.web.programme.served import copied, opened

WHO = ("lea",)


def answered(root: Path, url: str | None = None) -> dict[tuple[str, str], int]:
    """The status of every page, from one database or the other."""
    with opened(root, url) as programme:
        found = {}
        for name in WHO:
            client = programme.client(name)
            for page in pages():
                if "GET" in page.methods and page.may is not None:
                    answer = client.get(address(page, programme))
                    found[name, page.name] = answer.status_code
        return found


@pytest.mark.thorough
def test_every_page_answers_alike_on_both_databases(sample_programme: Path, tmp_path: Path) -> None:
    root = copied(sample_programme, tmp_path)
    on_sqlite = answered(root)
    from kancil.desk.base.opening import bring_up_to_date, close_desk, one_change, open_desk
    from kancil.desk.base.tables import table_lines, take_table_lines
    from kancil.ground.workspace import open_workspace

    workspace = open_workspace(root)
    open_desk(workspace)
    lines = list(table_lines())
    close_desk()
    with running() as cluster:
        url = cluster.url(cluster.create())
        open_desk(workspace, url)
        bring_up_to_date()
        with one_change():
            take_table_lines(lines, "memory")
        close_desk()
        assert answered(root, url) == on_sqlite
        close_desk()
    assert len(on_sqlite) > 50
    assert set(on_sqlite.values()) <= {200, 302, 403, 404}
