from django.apps import AppConfig

from config.celery import app as celery_app


class CompositionConfig(AppConfig):
    """Makes the Celery app the current one in every process that sets up Django, so that tasks find their broker."""

    name = "config"
    celery_app = celery_app
