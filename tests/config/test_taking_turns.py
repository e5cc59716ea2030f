"""Who wants to be alone is, and comes to it."""

import threading
import time

from tests.taking_turns import room

PATIENCE = 20.0


def test_who_is_alone_waits_for_the_others_and_is_not_overtaken_by_those_who_come_later(tmp_path):
    files = {name: tmp_path / name for name in ("door", "inside")}
    for file in files.values():
        file.touch()
    told, first_may_go = [], threading.Event()

    def first():
        with room(alone=False, **files):
            told.append("first")
            first_may_go.wait(PATIENCE)

    def alone():
        with room(alone=True, **files):
            told.append("alone")

    def later():
        with room(alone=False, **files):
            told.append("later")

    threads = [threading.Thread(target=work) for work in (first, alone, later)]
    for thread in threads:
        thread.start()
        time.sleep(0.2)
    assert told == ["first"]
    first_may_go.set()
    for thread in threads:
        thread.join(PATIENCE)
    assert told == ["first", "alone", "later"]
