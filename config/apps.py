from django.apps import AppConfig

from config.celery import app as celery_app
from config.field_words import name_fields


class CompositionConfig(AppConfig):
    """Makes the Celery app the current one in every process that sets up Django, so that tasks find their broker."""

    name = "config"
    celery_app = celery_app

    def ready(self) -> None:
        """Fields get names for people once all models are there."""
        name_fields()
