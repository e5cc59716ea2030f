"""What the terminal says when the demo is loaded."""

from collections.abc import Iterator

from config.demo.document import Document

PLACES = (
    ("dashboard", "/dashboard/"),
    ("admin", "/admin/"),
    ("wallet", "/wallet/"),
    ("API", "/api/docs/"),
    ("health", "/healthz"),
)
ACCOUNTS = ("admin", "manager", "salesperson", "squad_leader", "store_owner", "warehouse_worker")
SAMPLES = (
    ("fresh_inner", "an envelope to open"),
    ("voucher_inner", "a voucher to win"),
    ("opened_inner", "opened before"),
    ("outer", "visible mark"),
    ("frozen", "frozen"),
    ("not_activated", "not on sale yet"),
    ("forged", "forged"),
    ("case", "a case"),
    ("b_code", "a store"),
)


def block_of(document: Document, path: str) -> Iterator[str]:
    """The lines: addresses, accounts, sample links."""
    base, codes = document["base_url"], document["codes"]
    yield ""
    yield f"  {document['brand']}: {len(codes['fresh_inner'])} fresh codes; everything below is also in {path}"
    yield ""
    for name, place in PLACES:
        yield f"  {name:<18}{base}{place}"
    yield ""
    for name in ACCOUNTS:
        account = document[name]
        yield f"  {name:<18}{account['username']:<12}{account['password']}"
    yield ""
    for name, meaning in SAMPLES:
        if not codes[name]:  # visitors have opened all of them
            continue
        yield f"  {meaning:<22}{base}/c/{codes[name][0]}"
    yield ""
