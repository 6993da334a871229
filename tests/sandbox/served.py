"""A sandbox in a process of its own, behind a real socket."""

import signal
import subprocess
import sys
from contextlib import contextmanager

import httpx

SERVER = """
import sys
from pathlib import Path
from accessplan.sandbox import open_store, serve

with open_store(Path(sys.argv[1])) as store:
    limit = int(sys.argv[2]) if sys.argv[2:] else None
    serve(store, port=0, rate_limit=limit, on_ready=lambda port: print(port, flush=True))
"""


@contextmanager
def served(store, *arguments):
    """Serve a store in a process of its own; gives a client with a token, and stops as a person would."""
    command = [sys.executable, "-c", SERVER, str(store.path), *arguments]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        port = process.stdout.readline().strip()
        headers = {"Authorization": "Bearer any"}
        with httpx.Client(base_url=f"http://127.0.0.1:{port}", headers=headers, trust_env=False) as client:
            yield client
        process.send_signal(signal.SIGINT)
        assert process.wait(10) == 0
