"""Runs the launcher with small stand-ins for the application: a web server with /healthz and a task worker."""

import sys

from config.launcher.__main__ import main
from config.launcher.preparation import Preparation
from config.launcher.processes import ChildSpec
from config.launcher.table import Table

WEB = """
import http.server, os, signal, sys
class Health(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200); self.end_headers(); self.wfile.write(str(os.getpid()).encode())
print("web starts", flush=True)
http.server.HTTPServer((sys.argv[1], int(sys.argv[2])), Health).serve_forever()
"""
WORKER = "import time; print('worker starts', flush=True); time.sleep(600)"
PREPARE = "import os, sys; print(os.environ['DATABASE_URL']); sys.exit(os.environ.get('STAND_IN_FAILURE', 0))"


def stand_in_table(options, env, home):
    def child(name, code, *arguments):
        argv = [sys.executable, "-c", code, *arguments]
        return ChildSpec(name, argv, env, log=home.logs / f"{name}.log", keep_fds=(home.lock_fd,))

    return Table(
        [Preparation(child("prepare", PREPARE))],
        [child("worker", WORKER), child("web", WEB, options.host, str(options.port))],
    )


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:], stand_in_table))
