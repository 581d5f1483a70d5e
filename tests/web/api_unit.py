"""The sample unit asked through its API: a good token for each person, and some that are not."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.cli.running import Unit
from tests.cli.sample_unit import copied
from tests.web.site import OUTSIDER, ROLES, Site, site_of

PREFIX = "/api/v1"


@dataclass(frozen=True)
class Answer:
    """What the API answered."""

    status: int
    headers: Any
    content: bytes

    @property
    def json(self) -> Any:
        """Read it."""
        return json.loads(self.content)


@dataclass
class Api:
    """The unit, and tokens by whose they are."""

    site: Site
    tokens: dict[str, str] = field(default_factory=dict)

    def token(self, who: str, *, may_write: bool = True, days: int = 3) -> str:
        """Make one more token."""
        from kancil.desk.people.actions import make_token

        person = self.site.people[who]
        return make_token(person=person, name="test", may_write=may_write, days=days)[1]

    def ask(
        self,
        method: str,
        path: str,
        token: str | None,
        *,
        body: Any = None,
        form: dict[str, Any] | None = None,
        **more: Any,
    ) -> Answer:
        """Send a request; `token`: None to come without."""
        headers = {} if token is None else {"Authorization": f"Bearer {token}"}
        given: dict[str, Any] = {"headers": headers, **more}
        if form is not None:
            given["data"] = form
        elif body is not None:
            raw = body if isinstance(body, bytes) else json.dumps(body).encode()
            given |= {"data": raw, "content_type": "application/json"}
        answer = getattr(self.site.client(None), method.lower())(PREFIX + path, **given)
        content = b"".join(answer.streaming_content) if answer.streaming else answer.content
        return Answer(answer.status_code, answer.headers, content)

    def get(self, path: str, who: str = "officer", **query: Any) -> Any:
        """Read something that is there."""
        answer = self.ask("get", path, self.tokens[who], query_params=query)
        assert answer.status == 200, answer.content
        return answer.json

    def do(self, asked: Any, token: str | None, case: str = "C1") -> Answer:
        """Ask an operation by its sample."""
        from django.core.files.uploadedfile import SimpleUploadedFile

        given = dict(asked.sample)
        names = {name: value for name, value in given.items() if isinstance(value, str)}
        path = asked.address.format(case=case, **names)
        form = given.get("form")
        if form is not None:
            form = {**form, "file": SimpleUploadedFile("sent.txt", given["file"])}
        return self.ask(
            asked.method, path, token, body=given.get("body"), form=form,
            query_params=given.get("query"),
        )  # fmt: skip


def operations() -> list[Any]:
    """List all operations."""
    from kancil.web.api import site as api_site
    from kancil.web.api.operation import OPERATIONS

    assert api_site.ROOMS
    return OPERATIONS


def api_of(unit: Unit, folder: Path) -> Api:
    """Open a copy of a unit, with a token for each person."""
    site = site_of(copied(unit, folder))
    site.make_clusters()
    api = Api(site)
    for name in (*ROLES, OUTSIDER):
        api.tokens[name] = api.token(name)
    return api
