"""Commands of a classroom read its books: Django stands, whichever file is collected first."""

from django.conf import settings

from tests.web.look import start_django

if not settings.configured:
    start_django()
