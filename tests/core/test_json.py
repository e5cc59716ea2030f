import io

import pytest
from django.core.exceptions import RequestDataTooBig

from core.json import JSONParser


def test_a_body_that_is_too_large_is_read_to_its_end_before_it_is_refused():
    body = io.BytesIO(b"[" * 10_000_000)
    with pytest.raises(RequestDataTooBig):
        JSONParser().parse(body)
    assert body.read() == b""


def test_of_an_endless_body_only_so_much_is_read():
    body = io.BytesIO(b"[" * 30_000_000)
    with pytest.raises(RequestDataTooBig):
        JSONParser().parse(body)
    assert len(body.read()) > 10_000_000
