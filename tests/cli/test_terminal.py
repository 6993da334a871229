"""Terminals, pipes and signals."""

import json
import os
import pty
import signal
import subprocess
import sys
import threading
import time
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from tests.cli.given import ESCAPE, ONE_USER, TODAY, is_clean
from tests.conftest import COMMAND

pytestmark = pytest.mark.usefixtures("example")


def on_a_terminal(*arguments, **environment):
    """Run the command with a terminal for stdout, and return what it wrote there."""
    ours, theirs = pty.openpty()
    plain = {name: value for name, value in os.environ.items() if name not in ("NO_COLOR", "COLUMNS")}
    process = subprocess.Popen(
        [COMMAND, *arguments], stdout=theirs, stderr=subprocess.DEVNULL, env={**plain, "TERM": "xterm", **environment}
    )
    os.close(theirs)
    parts = []
    try:
        while part := os.read(ours, 65536):
            parts.append(part)
    except OSError:  # how Linux says that the other side is closed
        pass
    finally:
        os.close(ours)
    assert process.wait(20) == 0
    return b"".join(parts).decode()


def stderr_on_a_terminal(*arguments, **environment):
    """Run the command with a terminal for stderr alone; return its exit code, and what it wrote there."""
    ours, theirs = pty.openpty()
    process = subprocess.Popen(
        [COMMAND, *arguments], stdout=subprocess.DEVNULL, stderr=theirs, env={**os.environ, **environment}
    )
    os.close(theirs)
    parts = []
    with suppress(OSError):  # how Linux says that the other side is closed
        while part := os.read(ours, 65536):
            parts.append(part)
    os.close(ours)
    return process.wait(20), b"".join(parts).decode()


def test_colour_on_a_terminal(example):
    """A terminal gets colour, and none with NO_COLOR or --no-color."""
    (example / "warned.yaml").write_text(f"{ONE_USER}, until: 2026-01-31}}\n")
    validate = ("validate", "warned.yaml", *TODAY)
    assert ESCAPE in on_a_terminal(*validate)
    assert ESCAPE not in on_a_terminal(*validate, NO_COLOR="1")
    assert ESCAPE not in on_a_terminal(*validate, "--no-color")


class Slow(BaseHTTPRequestHandler):
    """A live system that thinks for a while, and then knows no token."""

    def do_GET(self):
        time.sleep(2)
        self.send_response(401)
        self.end_headers()
        self.wfile.write(b"{}")

    def log_message(self, *_):
        """Say nothing."""


@pytest.fixture
def slow():
    """The address of a live system that is slow to answer."""
    with ThreadingHTTPServer(("127.0.0.1", 0), Slow) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


@pytest.mark.parametrize(("words", "is_shown"), [((), True), (("--quiet",), False)])
def test_who_waits_at_a_terminal_sees_how_far_it_is(slow, words, is_shown):
    """What takes over a second says on a terminal what it reads, and leaves nothing of that behind."""
    environment = {"INFOMANIAK_TOKEN": "t", "TERM": "xterm"}
    code, told = stderr_on_a_terminal("plan", "--live", slow, *words, *TODAY, **environment)
    assert (code, f"Reading {slow}: " in told) == (5, is_shown), told
    assert told.rstrip().splitlines()[-1].startswith("  "), "the remedy comes last"


def test_nobody_waits_at_a_pipe(command, slow):
    """In a pipe nothing is said of how far it is."""
    token = {"INFOMANIAK_TOKEN": "t"}
    assert "Reading" not in command("plan", "--live", slow, *TODAY, **token).stderr


def test_no_colour_in_a_pipe(command):
    """What goes into a pipe has no escape codes, errors neither."""
    for arguments in (["apply", "--auto-approve"], ["plan", "missing.yaml"]):
        result = command(*arguments)
        assert ESCAPE not in result.stdout + result.stderr


def piped_to_a_short_reader(*arguments, until):
    """Run the command into a pipe whose reader reads until it has seen something, and goes away."""
    process: Any = subprocess.Popen([COMMAND, *arguments], stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    seen = b""
    while until not in seen:
        part = os.read(process.stdout.fileno(), 1024)
        assert part, process.stderr.read()
        seen += part
    process.stdout.close()
    error = process.stderr.read().decode()
    process.stderr.close()
    return process.wait(20), error


def many_users(example, count):
    """Write a document that invites many people."""
    users = {
        f"u{i}@example.ch": {"first_name": "U", "last_name": "x" * 120, "role": "collaborator"} for i in range(count)
    }
    organization = {"id": 4242, "live": "sandbox:organization.yaml"}
    (example / "many.yaml").write_text(
        json.dumps({"accessplan": 1, "organization": organization, "users": users}, indent=1)
    )


@pytest.mark.parametrize("until", [b"", b"Example SA"], ids=["at once", "after a line"])
def test_a_reader_that_has_seen_enough(example, until):
    """`accessplan plan | head -1` ends without an error, however much was still to come."""
    many_users(example, 600 if until else 1)
    code, error = piped_to_a_short_reader("plan", "many.yaml", until=until)
    assert ("Traceback" in error, "This is a bug" in error, code) == (False, False, 0), error


def test_an_apply_whose_reader_has_seen_enough(cli):
    """An apply whose output nobody reads any more has still changed something, and says so by its code."""
    code, error = piped_to_a_short_reader("apply", "--auto-approve", *TODAY, until=b"GRANTS")
    changed = "Support" in cli("sandbox", "show", *TODAY).stdout
    assert "Traceback" not in error
    assert code == 6 if changed else code not in (1, 6)


def test_a_terminal_that_knows_few_characters(command):
    """Where the output can take only ASCII, what it cannot take is written otherwise, and nothing fails."""
    result = command("plan", *TODAY, PYTHONIOENCODING="ascii")
    assert (result.code, is_clean(result)) == (0, True), result.stderr
    assert 'team["Web"]' in result.stdout


def test_interrupted_at_the_question(cli):
    """Ctrl-C at the question ends with 130, says so in a word, and nothing is changed."""
    cli("sandbox", "seed", "organization.yaml", *TODAY)
    before = cli("sandbox", "show", *TODAY).stdout
    pipes: Any = {"stdin": subprocess.PIPE, "stdout": subprocess.DEVNULL, "stderr": subprocess.PIPE}
    started: Any = subprocess.Popen([COMMAND, "apply", *TODAY], **pipes)
    with started as process:
        asked = b""
        while b"yes" not in asked:
            asked += os.read(process.stderr.fileno(), 1024)
        process.send_signal(signal.SIGINT)
        error = process.stderr.read().decode()
        assert (process.wait(20), "Interrupted." in error, "Traceback" in error) == (130, True, False)
    assert cli("sandbox", "show", *TODAY).stdout == before


def test_interrupted_before_it_began():
    """Ctrl-C in the first moments, while the program is still being loaded, is no traceback either."""
    interrupting = """
import sys

class Interrupting:
    def find_spec(self, name, *_):
        if name == "accessplan.cli.main":
            raise KeyboardInterrupt

sys.meta_path.insert(0, Interrupting())
from accessplan.__main__ import main
main()
"""
    done = subprocess.run([sys.executable, "-c", interrupting], capture_output=True, text=True, check=False, timeout=60)
    assert (done.returncode, done.stdout, done.stderr) == (130, "", "Interrupted.\n")
