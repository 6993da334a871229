"""PostgreSQL from Debian's packages, started for the tests on loopback, in a folder of its own."""

import os
import pwd
import secrets
import shutil
import socket
import subprocess
import tempfile
import time
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import Any

import psycopg
from psycopg import sql

PASSWORD = secrets.token_hex(16)
SECONDS = 30


@dataclass
class Server:
    """A server that runs; each database of it is new."""

    port: int
    numbers: "count[int]" = field(default_factory=lambda: count(1))

    def url(self, database="postgres", scheme="postgresql+psycopg", password=PASSWORD):
        return f"{scheme}://postgres:{password}@127.0.0.1:{self.port}/{database}"

    def new_database(self):
        name = f"ledger_{next(self.numbers)}"
        with psycopg.connect(self.url(scheme="postgresql"), autocommit=True) as connection:
            connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
        return self.url(name)


def binaries():
    """The folder of the newest server that is installed; None where there is none."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: float(path.parts[-3]))
    return found[-1].parent if found else None


@contextmanager
def running():
    """Start a server as somebody other than root, whom it refuses, and stop it."""
    programs = binaries()
    folder = Path(tempfile.mkdtemp(prefix="accessplan-postgresql-"))
    user: Any = {"user": "postgres", "group": "postgres", "extra_groups": []} if os.geteuid() == 0 else {}
    try:
        (folder / "password").write_text(PASSWORD)
        if user:
            owner = pwd.getpwnam("postgres")
            for path in (folder, folder / "password"):
                os.chown(path, owner.pw_uid, owner.pw_gid)
        new = [programs / "initdb", "-D", folder / "data", "-U", "postgres", "-A", "scram-sha-256"]
        more = [f"--pwfile={folder / 'password'}", "--no-sync", "-E", "UTF8", "--locale=C"]
        subprocess.run([*new, *more], cwd=folder, check=True, capture_output=True, **user)
        with socket.create_server(("127.0.0.1", 0)) as free:
            port = free.getsockname()[1]
        options = {"listen_addresses": "127.0.0.1", "port": port, "unix_socket_directories": folder, "fsync": "off"}
        settings = [word for name, value in options.items() for word in ("-c", f"{name}={value}")]
        log = (folder / "log").open("w")
        command = [programs / "postgres", "-D", folder / "data", *settings]
        with log, subprocess.Popen(command, cwd=folder, stdout=log, stderr=log, **user) as process:
            try:
                yield _answering(Server(port), process, folder / "log")
            finally:
                process.send_signal(2)  # SIGINT: end all sessions, and stop
                process.wait(SECONDS)
    finally:
        shutil.rmtree(folder)


def _answering(server, process, log):
    end = time.monotonic() + SECONDS
    while True:
        try:
            psycopg.connect(server.url(scheme="postgresql")).close()
        except psycopg.OperationalError:
            if process.poll() is not None or time.monotonic() > end:
                raise RuntimeError(log.read_text()) from None
            time.sleep(0.1)
        else:
            return server
