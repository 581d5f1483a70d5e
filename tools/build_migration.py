"""Write the migration of models that were changed.

    python -m tools.build_migration APP NAME

APP is the name of the app (`programme`), NAME what the migration does (`earmarks`). Tables of both
sites are looked at, and no database is.
"""

from __future__ import annotations

import sys

import django
from django.conf import settings
from django.core.management import call_command

from tools.both_sites import settings_of_both


def main(app: str, name: str) -> None:
    """Write it beside those that are there."""
    settings.configure(**settings_of_both())
    django.setup()
    call_command("makemigrations", app, name=name)


if __name__ == "__main__":
    main(*sys.argv[1:3])
