"""How much a request may carry, by who asks and by page, settled before any of it is read.

Whoever is not signed in may send a small form, and no more. A page that takes files declares how
much (`body_bytes`), for those who may use it. What large forms carry rests in the workspace while
it is read, never in the system's `/tmp`, which may be memory, may be seen by others, and is not on
the disk that the site keeps encrypted; it leaves that disk its reserve.
"""

from __future__ import annotations

from typing import Any

from django.core.exceptions import BadRequest, RequestDataTooBig
from django.core.files.uploadhandler import TemporaryFileUploadHandler
from django.http import HttpRequest
from django.http.response import HttpResponseBase

from kancil.desk.base.opening import current_workspace
from kancil.desk.people.queries import lacks_second_factor
from kancil.ground.errors import UploadNoRoom
from kancil.ground.room import require_room

from .framing import SMALL_BODY_BYTES
from .guard import Answer, error_page, not_understood
from .paging import ANYONE, FORM_BYTES, to_sign_in
from .signed_in import person_of

_UTF8 = ("utf-8", "utf8", "us-ascii")
"""What a body may say that its text is in; another could make text of it that no column holds."""


class InWorkspace(TemporaryFileUploadHandler):
    """Put large files of a form into `desk/uploads/`, which FILE_UPLOAD_TEMP_DIR names."""

    def new_file(self, *given: Any, **named: Any) -> None:
        """Begin a file; the folder is made when it is first needed."""
        current_workspace().uploads_dir.mkdir(parents=True, exist_ok=True)
        super().new_file(*given, **named)

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        """Write a part, where the reserve allows it; raises UploadNoRoom, and nothing is left."""
        try:
            _require_room(len(raw_data))
            super().receive_data_chunk(raw_data, start)
        except (UploadNoRoom, OSError):
            self.file.close()
            raise


class _Bounded:
    """Answer what is too large before anything reads it; before CSRF, which reads forms."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: object, *_given: object
    ) -> HttpResponseBase | None:
        """Hold a body to what this page takes from whoever asks; the API has its own limits."""
        charset = (request.content_params or {}).get("charset", "utf-8")
        if charset.strip("\"' ").lower() not in _UTF8:
            return not_understood(request, BadRequest())
        stated = str(request.META.get("CONTENT_LENGTH") or "")
        size = int(stated) if stated.isascii() and stated.isdigit() else 0
        if size <= SMALL_BODY_BYTES or getattr(view, "guards_itself", False):
            return None
        may = getattr(view, "may", ANYONE)
        if not request.user.is_authenticated:
            return _too_large(request) if may is ANYONE else to_sign_in(request)
        if size > _most_bytes(request, view):
            return _too_large(request)
        try:
            if size > FORM_BYTES:
                _require_room(size)
        except UploadNoRoom as error:
            return error_page(request, error)
        return None


bounded = _Bounded


def _most_bytes(request: HttpRequest, view: object) -> int:
    """What a page takes from a person, who may have to do something else first."""
    person, may = person_of(request), getattr(view, "may", ANYONE)
    is_held_up = person.must_change_password or lacks_second_factor(person)
    if may is None or person.role not in may or is_held_up:
        return FORM_BYTES
    return int(getattr(view, "body_bytes", FORM_BYTES))


def _require_room(size_bytes: int) -> None:
    """Keep the reserve of the disk that uploads rest on; raises UploadNoRoom."""
    workspace = current_workspace()
    workspace.uploads_dir.mkdir(parents=True, exist_ok=True)
    require_room(workspace.uploads_dir, size_bytes, workspace.reserve_bytes)


def _too_large(request: HttpRequest) -> HttpResponseBase:
    return not_understood(request, RequestDataTooBig())
