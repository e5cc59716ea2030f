"""The floor of every task: one that does nothing."""

from config.celery import app


@app.task(name="bench.empty")
def empty() -> None:
    """Nothing."""
