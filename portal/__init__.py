"""The top floor. Tasks of the floors below find the Celery app because it is loaded with the project."""

from portal.celery import app as celery_app

__all__ = ["celery_app"]
