"""The WSGI entry that a server loads."""

import os

from django.core.wsgi import get_wsgi_application

from rasad.web.loaded import load_pages

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "rasad.web.settings")
application = get_wsgi_application()
load_pages()
