import os
from typing import Any

from celery import Celery, Task
from django.db import close_old_connections

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")


class SoundConnectionTask(Task):  # type: ignore[type-arg] # takes and answers what each task does
    """Begins as a web request does: a database connection that was lost since the last task is replaced.

    Celery's own look at the connections is switched off by CELERY_DB_REUSE_MAX, which keeps them open between tasks.
    """

    abstract = True

    def before_start(self, *_: Any, **__: Any) -> None:
        """In the worker, before each run."""
        close_old_connections()


app = Celery("onecode", task_cls=SoundConnectionTask)
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
