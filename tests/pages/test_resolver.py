"""The statements of the GS1-Conformant Resolver 1.2 conformance list, one by one."""

import json
from pathlib import Path

import jsonschema_rs
import pytest

from codes.services.product_links import LinkFacts, add_link
from core import clock

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
        assert answer.headers["Link"] == told
        assert answer.headers["Access-Control-Allow-Origin"] == "*"
        assert {"Accept", "Accept-Language"} <= set(answer.headers["Vary"].split(", "))


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
