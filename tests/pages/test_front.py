import pytest
from django.db import OperationalError

from core.valkey import valkey


def front(client, text):
    return client.get("/", {"code": text}, headers={"accept-language": "en"})


@pytest.mark.parametrize("typed", ["{0}", " {0} ", "{1}", "HTTPS://ONE.CN/C/{0}", "https://one.cn/c/{1}?x=1"])
def test_a_code_however_it_is_typed_leads_to_its_page(client, window, typed):
    code = window.inner()
    dashed = "-".join((code[:4], code[4:9].lower(), code[9:]))
    assert front(client, typed.format(code, dashed)).headers["Location"] == f"/c/{code}"


def test_a_pasted_digital_link_keeps_its_product(client, window):
    path = f"/01/{window.product.gtin}/21/{window.inner()}"
    assert front(client, f"https://one.cn{path}").headers["Location"] == path


def test_what_is_no_code_stays_in_the_field_with_a_word_of_help(client, db):
    response = front(client, "<b>hello</b>")
    assert response.status_code == 422
    assert b"We cannot make out a code in that" in response.content
    assert b'value="&lt;b&gt;hello&lt;/b&gt;"' in response.content


def test_the_front_page_leads_to_all_rooms(client, db):
    body = client.get("/").content.decode()
    assert all(f'href="{path}"' in body for path in ("/wallet/", "/dashboard/", "/admin/", "/api/docs/"))


def test_the_language_switch_stays_on_the_page(client, db):
    response = client.post("/i18n/setlang/", {"language": "en", "next": "/wallet/"})
    assert response.headers["Location"] == "/wallet/"
    assert b'<html lang="en">' in client.get("/wallet/").content


def test_a_wrong_address_is_told_to_people_as_a_page(client, db):
    response = client.get("/nowhere", headers={"accept-language": "en"})
    assert response.status_code == 404
    assert b"There is nothing at this address" in response.content


def test_a_wrong_address_is_told_to_programs_as_a_problem(client, db):
    response = client.get("/api/v1/nowhere")
    assert (response.status_code, response.json()["code"]) == (404, "not_found")


def failing(error):
    def view(*_arguments, **_named):
        raise error

    return view


def test_a_fault_is_a_page_that_shows_no_trace(client, db, monkeypatch):
    client.raise_request_exception = False
    monkeypatch.setattr("config.pages.views.render", failing(ZeroDivisionError("secret")))
    response = client.get("/", headers={"accept-language": "en"})
    assert response.status_code == 500
    assert b"Something went wrong on our side" in response.content
    assert b"secret" not in response.content


def test_too_many_looks_are_answered_with_a_page_that_says_how_long_to_wait(client, window, settings):
    settings.LIMITS = settings.LIMITS | {"page.address": (1, 30)}
    code = window.inner()
    client.get(f"/c/{code}", REMOTE_ADDR="10.9.8.7")
    response = client.get(f"/c/{code}", REMOTE_ADDR="10.9.8.7", headers={"accept-language": "en"})
    assert (response.status_code, "Retry-After" in response.headers) == (429, True)
    assert b"That was a little fast" in response.content
    assert b"Try again" in response.content


def look(client, path, language="en", address="10.9.8.6"):
    return client.get(path, REMOTE_ADDR=address, headers={"accept-language": language})


@pytest.mark.parametrize("guess", ["HELLO", "1" + "0" * 16, "B" + "0" * 16, "{genuine}?gtin=09999999999994"])
def test_guessing_on_the_page_is_stopped_early_and_genuine_codes_are_still_read(client, window, settings, guess):
    settings.LIMITS = settings.LIMITS | {"guess.person": (2, 600)}
    genuine = f"/c/{window.inner()}"
    path = "/c/" + guess.format(genuine=window.inner())
    assert [look(client, path).status_code for _ in range(2)] == [200, 200]
    refused = look(client, path)
    assert (refused.status_code, 0 < int(refused.headers["Retry-After"]) <= 600) == (429, True)
    assert "That was a little fast" in refused.content.decode()
    assert "操作有点快" in look(client, path, "zh-hans").content.decode()
    assert look(client, genuine).status_code == 200


def test_guesses_on_the_page_and_in_posted_scans_share_the_allowance_of_an_address(client, window, settings):
    settings.LIMITS = settings.LIMITS | {"guess.address": (2, 600)}
    guess = "1" + "0" * 16
    assert look(client, f"/c/{guess}").status_code == 200
    client.cookies.clear()
    posted = {"path": "/api/v1/scans", "content_type": "application/json", "REMOTE_ADDR": "10.9.8.6"}
    assert client.post(data={"code": guess}, **posted).status_code == 201
    client.cookies.clear()
    assert look(client, f"/c/{guess}").status_code == 429
    assert look(client, f"/c/{guess}", address="10.9.8.5").status_code == 200


def test_visitors_of_no_known_address_share_no_allowance(client, window, settings):
    settings.LIMITS = settings.LIMITS | {"page.address": (1, 60), "guess.address": (1, 600)}
    for text in (window.inner(), "HELLO") * 2:
        assert look(client, f"/c/{text}", address="").status_code == 200
        client.cookies.clear()


def test_without_valkey_every_code_can_be_read(client, window, settings):
    settings.REDIS_URL = "redis://127.0.0.1:1/0"
    settings.LIMITS = settings.LIMITS | {"page.address": (1, 60), "guess.person": (1, 600)}
    valkey.cache_clear()
    paths = [f"/c/{window.inner()}", "/c/HELLO"] * 2
    assert [look(client, path).status_code for path in paths] == [200] * 4
    valkey.cache_clear()


def test_a_lost_database_is_a_page_that_asks_for_patience(client, db, monkeypatch):
    monkeypatch.setattr("codes.pages.views.preview_of", failing(OperationalError("gone")))
    response = client.get("/c/10000000000000000", headers={"accept-language": "en"})
    assert (response.status_code, response.headers["Retry-After"]) == (503, "2")
    assert b"We will be right back" in response.content


def test_a_browser_that_asks_for_an_icon_gets_ours(client, db):
    response = client.get("/favicon.ico")
    assert (response.status_code, response.headers["Location"]) == (301, "/static/onecode/logo.svg")
