"""How often a password may be tried: by name and address, and a name over all addresses.

django-axes counts and locks; it has one limit where two are needed, and keeps the oldest failures
where the newest are needed. Numbers and reasons: decision 28, Sign-in that cannot be ground down.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from axes.handlers.database import AxesDatabaseHandler
from axes.helpers import get_client_username
from axes.models import AccessAttempt, AccessFailureLog, AccessLog
from django.db.models import Sum
from django.http import HttpRequest

TRIES = 5
"""Wrong passwords for one name from one address, within the time that axes cools off."""
NAME_TRIES = 50
"""Wrong passwords for one name from all addresses, within the same time."""
KNOWN_FOR = timedelta(days=30)
"""How long an address counts as the person's own after signing in from it."""
_LOGGED = 1000
"""Failures of one name that are kept, the newest."""


class NameAndAddress(AxesDatabaseHandler):  # type: ignore[misc]  # axes has no types
    """Locks a name at one address; everywhere else only when many addresses try it.

    An address from which the person signed in lately is locked by its own failures alone, so that
    nobody elsewhere can keep the person out.
    """

    def get_failures(self, request: HttpRequest, credentials: dict[str, Any] | None = None) -> int:
        """Failures that count for this name at this address; `TRIES` of them lock."""
        here, everywhere = (
            attempts.aggregate(total=Sum("failures_since_start"))["total"] or 0
            for attempts in self.get_user_attempts(request, credentials)
        )
        if self._is_known(request, credentials):
            return int(here)
        return max(int(here), int(everywhere) - (NAME_TRIES - TRIES))

    def _is_known(self, request: Any, credentials: dict[str, Any] | None) -> bool:
        came = AccessLog.objects.filter(
            username=get_client_username(request, credentials),
            ip_address=request.axes_ip_address,
            attempt_time__gt=request.axes_attempt_time - KNOWN_FOR,
        )
        return bool(came.exists())

    def reset_user_attempts(self, request: Any, credentials: dict[str, Any] | None = None) -> int:
        """Forget the failures at the address of whoever signed in; those elsewhere still count."""
        count, _ = AccessAttempt.objects.filter(
            username=get_client_username(request, credentials), ip_address=request.axes_ip_address
        ).delete()
        return int(count)

    def remove_out_of_limit_failure_logs(self, *, username: str, limit: int | None = None) -> int:
        """Keep the newest failures of a name; axes itself would remove these."""
        logged = AccessFailureLog.objects.filter(username=username).order_by("-attempt_time", "-pk")
        older = list(logged.values_list("pk", flat=True)[limit or _LOGGED :])
        count, _ = AccessFailureLog.objects.filter(pk__in=older).delete()
        return int(count)
