"""Celery's clock: it rings for what the settings say is due, and knows the tasks by name alone.

So it loads neither models nor admin, and is there in a moment: `celery -A config.beat beat`, exactly one of it.
"""

from celery import Celery

app = Celery("onecode", fixups=[])
app.config_from_object("config.settings", namespace="CELERY")
