"""The statements of the GS1-Conformant Resolver 1.2 conformance list, one by one: SHOWN says which test shows which."""

import json
from pathlib import Path

import jsonschema_rs
import pytest
from django.db import OperationalError
from django.urls import resolve as resolve_path

from codes.pages.resolver import resolver
from codes.services.product_links import LinkFacts, add_link
from core import clock
from tests.codes.formats.compressor import compressed

SHOWN = {
    "SHALL support HTTP 1.1 GET, HEAD and OPTIONS": ["test_head_and_options_are_answered_and_nothing_else_is"],
    # HTTPS: the site stands behind a server that ends it, and sends everybody there; tests/config/test_settings.py
    "SHALL support CORS": [
        "test_head_and_options_are_answered_and_nothing_else_is",
        "test_every_answer_names_the_link_set_and_may_be_read_by_any_site",
        "test_nonsense_is_400_and_says_what_would_be_right",
    ],
    "SHALL be able to decompress a URI": [
        "test_a_compressed_link_leads_where_the_same_link_uncompressed_does",
        "test_what_was_compressed_beside_gs1_s_own_identifiers_counts_as_the_query",
    ],
    "SHALL expose the uncompressed URI in the Link header with owl:sameAs": [
        "test_a_compressed_link_leads_where_the_same_link_uncompressed_does"
    ],
    "SHALL validate the URI and report errors with 400": [
        "test_nonsense_is_400_and_says_what_would_be_right",
        "test_a_broken_compressed_link_is_400_and_what_is_none_is_404",
    ],
    "SHALL NOT use 200 with an error": [
        "test_nonsense_is_400_and_says_what_would_be_right",
        "test_a_valid_key_that_nobody_here_knows_is_404",
        "test_an_absent_link_type_is_404",
    ],
    "SHALL respond to linkType=all with every level, told by the uncompressed URI": [
        "test_the_link_set_tells_every_level_up_to_the_key",
        "test_the_link_set_of_a_compressed_link_tells_the_uncompressed_ones",
    ],
    "SHOULD expose the linkset in a Link header, even when redirecting": [
        "test_every_answer_names_the_link_set_and_may_be_read_by_any_site"
    ],
    "SHALL recognise one available link as the default": ["test_one_link_of_each_level_is_the_default"],
    "All links SHALL include target URL, link type and title": [
        "test_one_link_of_each_level_is_the_default",
        "test_every_answer_names_the_link_set_and_may_be_read_by_any_site",
    ],
    "SHALL redirect to the default link unless the request says something that fits another better": [
        "test_a_product_leads_to_our_page_about_it_until_staff_choose_another",
        "test_language_and_context_choose_among_links_of_a_type",
    ],
    "SHALL redirect to the requested linkType": [
        "test_a_link_type_leads_to_its_link_also_from_an_unknown_lot_or_serial"
    ],
    "SHALL pass on the query string": [
        "test_the_query_string_goes_on",
        "test_the_query_string_goes_on_before_a_fragment",
    ],
    "SHALL provide a description file": ["test_the_description_file_tells_what_is_resolved"],
    "SHALL recognise the GS1 Web vocabulary": [
        "test_a_link_type_leads_to_its_link_also_from_an_unknown_lot_or_serial",
        "test_the_description_file_tells_what_is_resolved",
    ],
    # gs1:handledBy: nothing is redirected by a company prefix alone
    "SHOULD tolerate trailing slashes": [
        "test_a_trailing_slash_and_a_short_gtin_do_no_harm",
        "test_a_compressed_link_leads_where_the_same_link_uncompressed_does",
    ],
}
SCHEMA = json.loads((Path(__file__).parents[1] / "data/gs1/gs1-linkset-schema.json").read_text())
PHONE = {"accept": "text/html,*/*;q=0.8", "accept-language": "en"}


@pytest.fixture
def gtin(window):
    return window.product.gtin


@pytest.fixture
def link(window):
    def link(link_type="gs1:instructions", href="https://one.cn/how", title="How to pour", **facts):
        wanted = LinkFacts(link_type=link_type, href=href, title=title, **facts)
        return add_link(
            brand=window.brand, product_id=window.product.pk, facts=wanted, actor="user:ann", now=clock.now()
        )

    return link


def location(client, path, **headers):
    response = client.get(path, headers=PHONE | headers)
    assert response.status_code == 307, response.content
    return response.headers["Location"]


def linkset(client, path, **headers):
    response = client.get(path, headers=PHONE | headers)
    assert response.headers["Content-Type"] == "application/linkset+json"
    body = json.loads(response.content)
    jsonschema_rs.validator_for(SCHEMA).validate(body)
    return body["linkset"]


def test_an_item_leads_to_the_page_that_says_whether_it_is_genuine(client, window, gtin):
    code = window.inner()
    there = location(client, f"/01/{gtin}/21/{code}")
    assert there == f"http://127.0.0.1:8000/c/{code}?gtin={gtin}"
    assert 'data-verdict="genuine_first"' in client.get(there).content.decode()


def test_the_query_string_goes_on(client, window, gtin, link):
    code = window.inner()
    assert location(client, f"/01/{gtin}/21/{code}?17=261231&utm=a%20b").endswith(f"?gtin={gtin}&17=261231&utm=a%20b")
    link(is_default=True)
    assert location(client, f"/01/{gtin}?utm=1") == "https://one.cn/how?utm=1"


@pytest.mark.parametrize(
    ("href", "there"),
    [
        ("https://one.cn/how#care", "https://one.cn/how?17=261231#care"),
        ("https://one.cn/how?a=1#care?b", "https://one.cn/how?a=1&17=261231#care?b"),
    ],
)
def test_the_query_string_goes_on_before_a_fragment(client, gtin, link, href, there):
    link(href=href, is_default=True)
    assert location(client, f"/01/{gtin}?17=261231") == there


def test_a_link_may_keep_the_query_string_to_itself(client, gtin, link):
    link(is_default=True, forwards_query=False)
    assert location(client, f"/01/{gtin}?utm=1") == "https://one.cn/how"


def test_a_product_leads_to_our_page_about_it_until_staff_choose_another(client, window, gtin, link):
    there = location(client, f"/01/{gtin}")
    assert there == f"http://127.0.0.1:8000/products/{gtin}"
    assert window.product.name_en in client.get(there, headers=PHONE).content.decode()
    link(is_default=True)
    assert location(client, f"/01/{gtin}") == "https://one.cn/how"


def test_the_page_about_a_product_lists_its_links(client, gtin, link):
    link(language="en")
    body = client.get(f"/products/{gtin}", headers=PHONE).content.decode()
    assert '<a href="https://one.cn/how" rel="noopener" hreflang="en">How to pour</a>' in body
    assert client.get("/products/06901234567892", headers=PHONE).status_code == 404


@pytest.mark.parametrize("asked", ["gs1:instructions", "https://gs1.org/voc/instructions"])
def test_a_link_type_leads_to_its_link_also_from_an_unknown_lot_or_serial(client, gtin, link, asked):
    link()
    for path in (f"/01/{gtin}", f"/01/{gtin}/10/NONE", f"/01/{gtin}/10/NONE/21/XYZ"):
        assert location(client, f"{path}?linkType={asked}") == f"https://one.cn/how?linkType={asked}"


def test_an_unknown_lot_leads_where_its_product_does(client, gtin):
    assert location(client, f"/01/{gtin}/10/NONE") == f"http://127.0.0.1:8000/products/{gtin}"


def test_a_batch_s_own_link_comes_before_the_product_s(client, window, gtin, link):
    link("gs1:certificationInfo", href="https://one.cn/all")
    link("gs1:certificationInfo", href="https://one.cn/batch", batch_id=window.batch.pk)
    asked = "linkType=gs1:certificationInfo"
    assert location(client, f"/01/{gtin}/10/{window.batch.lot}?{asked}") == f"https://one.cn/batch?{asked}"
    assert location(client, f"/01/{gtin}?{asked}") == f"https://one.cn/all?{asked}"


def test_a_consumer_product_variant_leads_where_its_product_does(client, gtin):
    assert location(client, f"/01/{gtin}/22/2B") == f"http://127.0.0.1:8000/products/{gtin}"


def test_a_link_that_keeps_the_query_to_itself_says_so_in_the_link_set(client, gtin, link):
    link(forwards_query=False)
    (product,) = linkset(client, f"/01/{gtin}?linkType=all")
    assert product["https://gs1.org/voc/instructions"][0]["fwqs"] is False


def test_an_absent_link_type_is_404(client, gtin):
    assert client.get(f"/01/{gtin}?linkType=gs1:review", headers=PHONE).status_code == 404


def test_language_and_context_choose_among_links_of_a_type(client, gtin, link):
    link(href="https://one.cn/zh", language="zh", is_default=True)
    link(href="https://one.cn/en", language="en")
    link(href="https://one.cn/us", language="en", context="US")
    assert location(client, f"/01/{gtin}", **{"accept-language": "en-GB,en;q=0.9"}) == "https://one.cn/en"
    assert location(client, f"/01/{gtin}", **{"accept-language": "zh-CN"}) == "https://one.cn/zh"
    assert location(client, f"/01/{gtin}", **{"accept-language": "fr"}) == "https://one.cn/zh"
    assert location(client, f"/01/{gtin}?context=US") == "https://one.cn/us?context=US"


@pytest.mark.parametrize(("query", "accept"), [("?linkType=linkset", "*/*"), ("?linkType=all", "*/*")])
def test_the_link_set_tells_every_level_up_to_the_key(client, window, gtin, link, query, accept):
    link()
    link("gs1:certificationInfo", href="https://one.cn/c", language="zh", context="CN", batch_id=window.batch.pk)
    path = f"/01/{gtin}/10/{window.batch.lot}/21/{window.inner()}"
    item, batch, product = linkset(client, path + query, accept=accept)
    assert [entry["anchor"] for entry in (item, batch, product)] == [
        f"http://127.0.0.1:8000{level}" for level in (path, f"/01/{gtin}/10/{window.batch.lot}", f"/01/{gtin}")
    ]
    assert item["https://gs1.org/voc/defaultLink"][0]["title"] == "Is it genuine?"
    assert batch["https://gs1.org/voc/certificationInfo"] == [
        {
            "href": "https://one.cn/c",
            "title": "How to pour",
            "type": "text/html",
            "hreflang": ["zh"],
            "context": ["CN"],
        }
    ]
    assert [name.rsplit("/", 1)[1] for name in product if name.startswith("https")] == [
        "instructions",
        "pip",
        "defaultLink",
    ]


@pytest.mark.parametrize("accept", ["application/linkset+json", "application/json"])
def test_a_program_that_prefers_json_gets_the_link_set(client, gtin, accept):
    assert linkset(client, f"/01/{gtin}", accept=accept)[0]["itemDescription"]


def test_every_answer_names_the_link_set_and_may_be_read_by_any_site(client, gtin):
    for path in (f"/01/{gtin}", f"/01/{gtin}?linkType=all"):
        answer = client.get(path, headers=PHONE)
        told = f'<http://127.0.0.1:8000/01/{gtin}?linkType=linkset>; rel="linkset"; type="application/linkset+json"'
        assert answer.headers["Link"] == f'{told}; title="All links"'
        assert answer.headers["Access-Control-Allow-Origin"] == "*"
        assert {"Accept", "Accept-Language"} <= set(answer.headers["Vary"].split(", "))


def test_one_link_of_each_level_is_the_default(client, window, gtin, link):
    link(is_default=True)
    link("gs1:faqs", href="https://one.cn/faqs", title="Questions", is_default=True)
    link("gs1:certificationInfo", href="https://one.cn/c", batch_id=window.batch.pk)
    item, _batch, product = linkset(client, f"/01/{gtin}/10/{window.batch.lot}/21/{window.inner()}?linkType=all")
    assert [len(level["https://gs1.org/voc/defaultLink"]) for level in (item, product)] == [1, 1]
    assert product["https://gs1.org/voc/defaultLink"][0]["href"] == "https://one.cn/faqs"
    entries = [
        entry for level in (item, product) for kind in level.values() if isinstance(kind, list) for entry in kind
    ]
    assert all(entry["href"] and entry["title"] for entry in entries)


def test_head_and_options_are_answered_and_nothing_else_is(client, gtin):
    head = client.head(f"/01/{gtin}", headers=PHONE)
    assert (head.status_code, head.content) == (307, b"")
    options = client.options(f"/01/{gtin}", headers=PHONE)
    assert (options.status_code, options.headers["Allow"]) == (204, "GET, HEAD, OPTIONS")
    assert options.headers["Access-Control-Allow-Methods"] == "GET, HEAD, OPTIONS"
    assert client.post(f"/01/{gtin}", headers=PHONE).status_code == 405


def test_a_trailing_slash_and_a_short_gtin_do_no_harm(client, gtin):
    assert location(client, f"/01/{gtin}/") == location(client, f"/01/{gtin.lstrip('0')}")


@pytest.mark.parametrize(
    "path", ["/01/06901234567893", "/02/06901234567892", "/01/06901234567892/21/A/10/B", "/9999/1"]
)
def test_nonsense_is_400_and_says_what_would_be_right(client, db, path):
    answer = client.get(path, headers=PHONE)
    assert answer.status_code == 400
    assert any(word in answer.content.decode() for word in ("must be 2", "no key", "in this order", "no application"))
    assert answer.headers["Access-Control-Allow-Origin"] == "*"


def test_a_valid_key_that_nobody_here_knows_is_404(client, db):
    for path in ("/01/06901234567892", "/00/106141412345678908", "/414/6901234567892"):
        assert client.get(path, headers=PHONE).status_code == 404, path


def test_a_bottle_of_an_unknown_product_is_told_so_on_its_page(client, db):
    there = location(client, "/01/06901234567892/21/10000000000000000")
    assert 'data-verdict="unknown"' in client.get(there).content.decode()


def test_the_description_file_tells_what_is_resolved(client, db):
    answer = client.get("/.well-known/gs1resolver")
    body = json.loads(answer.content)
    assert (body["resolverRoot"], body["supportedPrimaryKeys"]) == ("http://127.0.0.1:8000", ["01"])
    assert answer.headers["Access-Control-Allow-Origin"] == "*"


def test_resolving_is_one_statement_however_many_links_there_are(client, gtin, link, django_assert_num_queries):
    for kind in ("gs1:instructions", "gs1:review", "gs1:faqs", "gs1:dpp"):
        link(kind)
    with django_assert_num_queries(0):  # beside the prepared one
        location(client, f"/01/{gtin}/10/L1")


def test_a_server_that_tells_the_address_as_it_came_keeps_its_slashes(client, window, gtin):
    raw = f"/01/{gtin}/10/A%2F21/21/{window.inner()}"
    answer = client.get("/01/x", headers=PHONE, REQUEST_URI=f"{raw}?17=261231")
    assert answer.headers["Link"].startswith(f"<http://127.0.0.1:8000{raw}?")


@pytest.mark.parametrize("readable", [True, False])
def test_a_compressed_link_leads_where_the_same_link_uncompressed_does(client, window, gtin, readable):
    code = window.inner()
    plain = f"/01/{gtin}/21/{code}?17=261231&utm=a%20b"
    if readable:
        short = f"/01/{gtin}/{compressed([('21', code), ('17', '261231')])}"
    else:
        short = f"/{compressed([('01', gtin), ('21', code), ('17', '261231')], sequence='0C')}"
    for path in (short, f"{short}/"):
        answer = client.get(f"{path}?utm=a%20b", headers=PHONE)
        assert (answer.status_code, answer.headers["Location"]) == (307, location(client, plain))
        linked, same = answer.headers["Link"].split(", ")
        assert linked == client.get(plain, headers=PHONE).headers["Link"]
        assert same == f'<http://127.0.0.1:8000{plain}>; rel="owl:sameAs"; title="The same link uncompressed"'
    odd = client.get(f'{short}?a="<>,', headers=PHONE).headers["Link"]
    assert '?17=261231&a=%22%3C%3E%2C>; rel="owl:sameAs"' in odd
    assert client.options(short).headers["Access-Control-Allow-Origin"] == "*"


def test_what_was_compressed_beside_gs1_s_own_identifiers_counts_as_the_query(client, gtin, link):
    link("gs1:faqs", href="https://one.cn/faqs")
    short = f"/{compressed([('01', gtin)], [('linkType', 'gs1:faqs')])}"
    assert location(client, short) == "https://one.cn/faqs?linkType=gs1%3Afaqs"


def test_the_link_set_of_a_compressed_link_tells_the_uncompressed_ones(client, window, gtin):
    code = window.inner()
    path = f"/{compressed([('01', gtin), ('21', code)])}?linkType=all"
    assert [level["anchor"] for level in linkset(client, path)] == [
        f"http://127.0.0.1:8000{plain}" for plain in (f"/01/{gtin}/21/{code}", f"/01/{gtin}")
    ]


def test_a_broken_compressed_link_is_400_and_what_is_none_is_404(client, gtin):
    whole = f"/{compressed([('01', gtin)])}"
    wrong = f"/{compressed([('01', '06901234567893')])}"
    for path in (f"{whole[:-1]}", f"{whole}AAAA", wrong, f"/01/{gtin}/foo"):
        assert client.get(path, headers=PHONE).status_code == (404 if len(path) < len(whole) else 400), path
    for path in (f"/{compressed([('01', '06901234567892')])}", "/no-such-page", "/wallet", "/dashboard", "/products"):
        assert client.get(path, headers=PHONE).status_code == 404, path


def test_no_other_address_of_the_site_is_taken_for_a_compressed_link(client, db):
    views = [
        resolve_path(path).func for path in ("/healthz", "/metrics", "/admin/", "/c/1ABCDEFGHIJKLMNOP", "/wallet/")
    ]
    assert resolver not in views


def test_a_server_that_tells_a_compressed_address_as_it_came_is_answered_alike(client, gtin):
    raw = f"/{compressed([('01', gtin)])}"
    assert client.get(raw, headers=PHONE, REQUEST_URI=f"{raw}?a=1").headers["Location"].endswith(gtin)


def test_a_lost_database_is_503_and_says_when_to_come_again(client, monkeypatch, gtin):
    def lost(*_args, **_named):
        raise OperationalError

    monkeypatch.setattr("codes.selectors.targets.row_of", lost)
    answer = client.get(f"/01/{gtin}", headers=PHONE)
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "2")


def test_pages_are_titled_in_the_language_that_is_asked_for(client, window, gtin):
    path = f"/01/{gtin}/21/{window.inner()}?linkType=all"
    titles = [
        linkset(client, path, **{"accept-language": language})[0]["https://gs1.org/voc/defaultLink"][0]["title"]
        for language in ("en", "zh-CN")
    ]
    assert titles[0] == "Is it genuine?" != titles[1]


def test_each_statement_is_shown_by_tests_of_this_module():
    assert {name for names in SHOWN.values() for name in names} <= globals().keys()
