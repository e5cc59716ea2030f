from typing import Any

from core.commands import OneLineCommand
from stores.services.regions import load_regions


class Command(OneLineCommand):
    help = "Load or refresh the administrative regions of China (GB/T 2260)."

    def handle(self, *args: Any, **options: Any) -> None:  # noqa: ARG002
        self.stdout.write(f"{load_regions()} regions")
