import sys
from typing import Any

from core.commands import OneLineCommand
from stores.selectors.recount import differences
from stores.services.counting import count_batch


class Command(OneLineCommand):
    help = (
        "Recount all statistics and balances from the histories and print every difference, one a line; exit 1 if "
        "there is any. Days that are marked for counting are counted first, as the workers would; nothing else is "
        "changed: a difference is a fault to be understood, not to be painted over."
    )

    def handle(self, *_args: Any, **_options: Any) -> None:
        while count_batch():
            continue
        found = 0
        for line in differences():
            found += 1
            self.stdout.write(line)
        self.stderr.write(f"differences: {found}" if found else "no difference")
        if found:
            sys.exit(1)
