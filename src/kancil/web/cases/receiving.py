"""Where the bytes of a form rest while it is read: in the workspace, never in the system's `/tmp`.

`/tmp` may be memory, may be seen by others, and is not on the disk that the unit keeps encrypted.
"""

from __future__ import annotations

from typing import Any

from django.core.files.uploadhandler import TemporaryFileUploadHandler

from kancil.web.unit_desk import unit_desk


class InWorkspace(TemporaryFileUploadHandler):
    """Put large files of a form into `desk/uploads/`, which FILE_UPLOAD_TEMP_DIR names."""

    def new_file(self, *given: Any, **named: Any) -> None:
        """Begin a file; the folder is made when it is first needed."""
        unit_desk().workspace.uploads_dir.mkdir(parents=True, exist_ok=True)
        super().new_file(*given, **named)
