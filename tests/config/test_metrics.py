import os
import subprocess
import sys

import pytest
from django.test import Client

from config.launcher.home import open_home
from config.launcher.options import ROOT, RunOptions
from config.launcher.table import child_environment

COUNT = "from codes.metrics import SCANS; SCANS.labels('unknown').inc(2)"
READ = """
from django.conf import settings; settings.configure()
from django_prometheus.exports import ExportToDjangoView  # what the page tells, without all that else is loaded for it
print(ExportToDjangoView(None).content.decode())
"""


def test_the_counters_are_read_from_this_machine():
    answer = Client().get("/metrics")
    assert answer.status_code == 200
    assert b"onecode_scans_total" in answer.content


@pytest.mark.parametrize("address", ["203.0.113.9", "2001:db8::1", ""])
def test_nobody_else_reads_them(address):
    assert Client(REMOTE_ADDR=address).get("/metrics").status_code == 404


def test_other_networks_may_be_allowed(settings):
    settings.METRICS_NETWORKS = ["203.0.113.0/24"]
    assert Client(REMOTE_ADDR="203.0.113.9").get("/metrics").status_code == 200
    assert Client(REMOTE_ADDR="127.0.0.1").get("/metrics").status_code == 404


def test_what_several_processes_counted_is_added_up_and_begins_anew_with_each_start(tmp_path):
    options = RunOptions("127.0.0.1", 8000, open_home(tmp_path).path)
    assert counted(options, by=2) == ["4.0"]
    assert counted(options, by=0) == []


def counted(options, *, by):
    """So many processes count 2 each, another one reads: as the launcher would start them."""
    env = child_environment(options, {"DJANGO_SETTINGS_MODULE": os.environ["DJANGO_SETTINGS_MODULE"]})
    for _ in range(by):
        subprocess.run([sys.executable, "-c", COUNT], env=env, cwd=ROOT, check=True)
    told = subprocess.run([sys.executable, "-c", READ], env=env, cwd=ROOT, check=True, capture_output=True, text=True)
    return [line.split()[-1] for line in told.stdout.splitlines() if line.startswith("onecode_scans_total{")]
