"""All measures, one after another, on one market."""

from pathlib import Path

from django.core.management import call_command
from rich.console import Console

from bench import codes, consumers, epcis, histories, hot, links, payouts
from bench.consumers import Town
from bench.market import open_market
from bench.parts import beat, long_worker, web, worker
from bench.rows import Row


def measure_all(folder: Path, console: Console) -> list[Row]:
    """The rows of the table."""
    console.print("Codes …")
    rows = codes.measure()
    console.print("A market is being opened …")
    call_command("migrate", verbosity=0)
    console.print("EPCIS …")
    rows += epcis.measure()
    market = open_market()
    with web(folder) as url:
        town = Town(market, url, folder)
        consumers.earlier_customers(town)
        console.print("Digital Links …")
        rows.append(links.redirects(town))
        console.print("Scans …")
        scans = consumers.scans(town)
        console.print("Claims …")
        claims = consumers.claims(town)
        rows += [scans, claims]
        console.print("Payouts …")
        rows.append(payouts.payouts(folder))
        console.print("Scans and claims with worker and beat …")
        with worker(folder, queue=payouts.PRODUCT_QUEUE), long_worker(folder), beat(folder):
            payouts.wait_until_read()
            rows += [consumers.scans_among_all(town, scans), consumers.claims_among_all(town, claims)]
    console.print("One hot campaign …")
    rows.append(hot.one_against_many())
    console.print("Long histories …")
    rows += histories.measure()
    return rows
