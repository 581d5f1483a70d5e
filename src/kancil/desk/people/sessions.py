"""Sessions whose keys are not in the database: whoever reads a copy of it can sign in as nobody.

Django keeps a session under the very key that the browser's cookie carries. Here the row is found
by a digest of that key, and the key itself is in the cookie alone. Keys are random (165 bits), so
that a digest needs no salt; 160 bits of SHA-256 fill Django's column.
"""

from __future__ import annotations

from typing import Any

from django.contrib.sessions.backends.db import SessionStore as DatabaseSessions
from django.utils import timezone

from .queries import session_digest

_COLUMN = 40
"""Characters of Django's column `session_key`."""


def stored_key(session_key: str) -> str:
    """The key of a session's row: hexadecimal digits of the SHA-256 of the cookie's key."""
    return session_digest(session_key)[:_COLUMN]


class SessionStore(DatabaseSessions):
    """Django's sessions in the database, each under a digest of its key."""

    def _get_session_from_db(self) -> Any:
        found = self.model.objects.filter(
            session_key=stored_key(str(self.session_key)), expire_date__gt=timezone.now()
        ).first()
        if found is None:
            self._session_key = None
        return found

    async def _aget_session_from_db(self) -> Any:
        found = await self.model.objects.filter(
            session_key=stored_key(str(self.session_key)), expire_date__gt=timezone.now()
        ).afirst()
        if found is None:
            self._session_key = None
        return found

    def exists(self, session_key: str) -> bool:
        """Whether a session has this key, as the cookie carries it."""
        return bool(super().exists(stored_key(session_key)))

    async def aexists(self, session_key: str) -> bool:
        """As `exists`."""
        return bool(await super().aexists(stored_key(session_key)))

    def create_model_instance(self, data: dict[str, Any]) -> Any:
        """Django's row, under the digest."""
        row = super().create_model_instance(data)
        row.session_key = stored_key(row.session_key)
        return row

    async def acreate_model_instance(self, data: dict[str, Any]) -> Any:
        """As `create_model_instance`."""
        row = await super().acreate_model_instance(data)
        row.session_key = stored_key(row.session_key)
        return row

    def delete(self, session_key: str | None = None) -> None:
        """End a session by its key, as the cookie carries it; without one, this session."""
        key = self.session_key if session_key is None else session_key
        if key is not None:
            super().delete(stored_key(key))

    async def adelete(self, session_key: str | None = None) -> None:
        """As `delete`."""
        key = self.session_key if session_key is None else session_key
        if key is not None:
            await super().adelete(stored_key(key))
