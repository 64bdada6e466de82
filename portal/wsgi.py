"""The WSGI application that gunicorn serves."""

import gc
import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")
application = get_wsgi_application()
# What is loaded by now stays: the collector need not look through it again whenever a big decision makes objects,
# which took a third of that decision's time.
gc.collect()
gc.freeze()
