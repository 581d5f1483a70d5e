"""Publishing an IATI file as a background job."""

from __future__ import annotations

from kancil.desk.assessment.stored import taken
from kancil.desk.jobs.job import work
from kancil.desk.programme.doing import ProgrammeDoing
from kancil.desk.programme.iati.publishing import keep_iati, made_iati

AT_ONCE = 500
"""Activities in the books up to which a file is made within the request of whoever asks."""


@work("publish-iati")
def publish_file(context: ProgrammeDoing, *, is_practice: bool) -> None:
    """Make a file of all that can be published, check it, and keep it."""
    folder = context.workspace.uploads_dir
    with made_iati(
        by=context.by(), folder=folder, is_practice=is_practice, progress=context.progress
    ) as made, taken(context.bench.store, made.file) as digests:  # fmt: skip
        context.once(
            lambda by: keep_iati(by=by, made=made, sha256=digests.sha256),
            lambda done: {
                "iati_file": done.id, "activities": done.activities, "left": len(done.left_out),
            },
        )  # fmt: skip
