import json
import subprocess
import sys
from dataclasses import asdict

import pytest
from django.core.management import CommandError, call_command

from rewards.draw.permutation import DrawError
from rewards.draw.proof import (
    NotRevealedError,
    Published,
    document_of,
    faults_of,
    findings_of,
    main,
    published_of,
)
from rewards.draw.sealed import Block, Row, SealedDraw, commitment_of, table_of

KEY = bytes(range(32))
ROWS = [Row(1, "大奖", 888, 1), Row(2, "谢谢", 0, 9)]
TABLE = table_of(ROWS, [Block(100, 104), Block(200, 204)])
DRAW = Published("7 开瓶有礼", commitment_of(KEY, TABLE), TABLE, KEY, {1: 1, 2: 3})


def text(**changes):
    return json.dumps(document_of(DRAW) | changes).encode()


@pytest.fixture
def file(tmp_path):
    def written(content):
        path = tmp_path / "draw.json"
        path.write_bytes(content)
        return str(path)

    return written


def test_a_document_says_all_that_was_published_of_a_draw():
    assert published_of(text()) == DRAW


def test_before_the_end_neither_key_nor_serials_are_published():
    sealed = document_of(Published("7", DRAW.commitment, TABLE, None, {}))
    assert (sealed["key"], sealed["blocks"], sealed["won"], sealed["units"]) == (None, None, None, 10)
    with pytest.raises(NotRevealedError, match="keep this file"):
        faults_of(published_of(json.dumps(sealed).encode()))


def test_the_prize_of_each_item_follows_from_the_document_alone():
    found = findings_of(published_of(text()), [100, 204])
    assert (found["verdict"], found["units"], found["liability_fen"]) == ("holds", 10, 888)
    draw = SealedDraw(KEY, TABLE)
    assert [item["rank"] for item in found["items"]] == [draw.row_of(100).rank, draw.row_of(204).rank]


@pytest.mark.parametrize(
    ("changes", "fault"),
    [
        ({"prizes": [asdict(Row(1, "大奖", 1, 10))]}, "something was changed"),
        ({"prizes": [asdict(Row(1, "大奖", 888, 10, kind="bottle"))]}, "something was changed"),
        ({"prizes": [asdict(Row(1, "大奖", 1, 10)) | {"any_store": 0}]}, "any_store must be true or false"),
        ({"blocks": [{"first_serial": 100, "last_serial": 110}]}, "10 prizes for 11 items"),
        ({"key": "00" * 32}, "something was changed"),
        ({"won": {"1": 2}}, "prize 1 was won 2 times, but there are 1 of it"),
        ({"won": {"5": 1}}, "prize 5 was won 1 times, but there are 0 of it"),
    ],
)
def test_whatever_was_changed_is_told(changes, fault):
    with pytest.raises(DrawError, match=fault):
        findings_of(published_of(text(**changes)))


@pytest.mark.parametrize(
    ("content", "fault"),
    [
        (b"\xff", "not JSON"),
        (b"[" * 100_000, "not JSON"),
        (b"[]", "no published draw"),
        (b'{"form": "x"}', "no published draw"),
        (text(prizes=None), "prizes must be a list"),
        (text(prizes=[1]), "expected an object with rank, name"),
        (text(prizes=[{"rank": True}]), "rank must be a whole number"),
        (text(prizes=[{"rank": 1, "name": 5}]), "name must be a text"),
        (text(prizes=[{"rank": 1, "name": "x", "amount_fen": -1}]), "amount_fen must be a whole number"),
        (text(key="zz"), "64 hexadecimal digits"),
        (text(key=5), "64 hexadecimal digits"),
        (text(won=[1]), "a number for each rank"),
        (text(won={"x": 1}), "a number for each rank"),
        (text(commitment=None), "commitment must be a text"),
    ],
)
def test_what_is_no_such_document_is_told_in_a_line(content, fault):
    with pytest.raises(DrawError, match=fault):
        published_of(content)


def test_the_command_tells_and_exits(file, capsys):
    call_command("verify_draw", file(text()), "--serial=100")
    assert json.loads(capsys.readouterr().out)["verdict"] == "holds"
    with pytest.raises(CommandError, match="something was changed") as wrong:
        call_command("verify_draw", file(text(key="00" * 32)))
    with pytest.raises(CommandError, match="keep this file") as early:
        call_command("verify_draw", file(text(key=None)))
    assert (wrong.value.returncode, early.value.returncode) == (1, 2)


def test_anybody_checks_a_draw_without_the_site(file, capsys):
    assert main([file(text()), "100"]) == 0
    assert json.loads(capsys.readouterr().out)["items"][0]["serial"] == 100
    assert main([file(text(key="00" * 32))]) == 1
    assert [main([file(text(key=None))]), main(["/nowhere"]), main([]), main(["x", "-1"])] == [2, 2, 2, 2]
    alone = [sys.executable, "-m", "rewards.draw.proof", file(text())]
    assert json.loads(subprocess.run(alone, env={}, capture_output=True, check=True).stdout)["verdict"] == "holds"
