"""Where the bytes of a form rest while it is read: in the workspace, never in the system's `/tmp`.

`/tmp` may be memory, may be seen by others, and is not on the disk that the site keeps encrypted.
"""

from __future__ import annotations

from typing import Any

from django.core.exceptions import RequestDataTooBig
from django.core.files.uploadhandler import MemoryFileUploadHandler, TemporaryFileUploadHandler

from kancil.desk.base.opening import current_workspace

MOST_BYTES = 105_000_000
"""Of one form of the programme's site, its file with it: a little more than a file may be."""


class InWorkspace(TemporaryFileUploadHandler):
    """Put large files of a form into `desk/uploads/`, which FILE_UPLOAD_TEMP_DIR names."""

    def new_file(self, *given: Any, **named: Any) -> None:
        """Begin a file; the folder is made when it is first needed."""
        current_workspace().uploads_dir.mkdir(parents=True, exist_ok=True)
        super().new_file(*given, **named)


class Bounded(MemoryFileUploadHandler):
    """Keep small files in memory, and read no form that says it is larger than `MOST_BYTES`."""

    def handle_raw_input(
        self,
        input_data: Any,
        META: Any,  # noqa: N803 (Django's own name)
        content_length: int,
        *given: Any,
        **named: Any,
    ) -> None:
        """Refuse what is too large before any of it is kept; raises RequestDataTooBig."""
        if content_length > MOST_BYTES:
            raise RequestDataTooBig
        super().handle_raw_input(input_data, META, content_length, *given, **named)
