import pytest

from codes.formats.code_text import MalformedCode, extract_code
from codes.formats.digital_link import InvalidBaseUrl, item_prefix, item_url, logistic_url, short_prefix, short_url
from codes.formats.gtin import InvalidGtin

CODE = "2PGRDQTZX9C05X9Q8"


def test_the_short_form_is_upper_case_all_through():
    assert short_url("https://one.cn/", CODE.lower()) == f"HTTPS://ONE.CN/C/{CODE}"


def test_a_local_demo_keeps_its_scheme_and_port():
    assert short_prefix("http://127.0.0.1:8000") == "HTTP://127.0.0.1:8000/C/"


def test_the_long_form_names_product_and_serial():
    assert item_url("https://one.cn", "6901234567892", CODE) == f"HTTPS://ONE.CN/01/06901234567892/21/{CODE}"


@pytest.mark.parametrize("url", [short_url("https://one.cn", CODE), item_url("https://one.cn", "96385074", CODE)])
def test_what_is_printed_is_found_again(url):
    assert extract_code(url) == CODE


def test_a_case_or_pallet_is_named_by_its_sscc():
    assert logistic_url("https://one.cn", "106141412345678908") == "HTTPS://ONE.CN/00/106141412345678908"


@pytest.mark.parametrize("base", ["", "one.cn", "ftp://one.cn", "https://one.cn/shop", "https://二.cn", "https://a,b"])
def test_anything_but_scheme_and_host_is_refused(base):
    with pytest.raises(InvalidBaseUrl):
        short_prefix(base)


def test_a_link_is_not_built_from_a_wrong_gtin_or_code():
    with pytest.raises(InvalidGtin):
        item_prefix("https://one.cn", "6901234567890")
    with pytest.raises(MalformedCode):
        short_url("https://one.cn", "123")
