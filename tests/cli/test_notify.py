"""`--notify`: one short message to a receiver on a real socket, without names and without secrets."""

import json
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from tests.cli.given import HEAD, TODAY, input_error, is_clean

pytestmark = pytest.mark.usefixtures("example")

SECRET = "s3cr3t-Token"  # noqa: S105 - of nobody
LINK = "https://ci.example.ch/jobs/42"


class Receiver:
    """What a server on a port of its own was sent, and what it answers."""

    def __init__(self):
        self.messages: list[dict[str, str]] = []
        self.status = 200
        receiver = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"]))
                receiver.messages.append(json.loads(body))
                self.send_response(receiver.status)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *_):
                """Say nothing."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.thread = threading.Thread(target=self.server.serve_forever, args=(0.02,))

    @property
    def url(self):
        return f"json://user:{SECRET}@127.0.0.1:{self.server.server_port}/{SECRET}"

    def close(self):
        self.server.shutdown()
        self.thread.join()
        self.server.server_close()


@pytest.fixture
def receiver():
    """A receiver of messages."""
    opened = Receiver()
    opened.thread.start()
    yield opened
    opened.close()


@pytest.fixture
def closed(receiver):
    """The URL of a port at which nobody listens."""
    receiver.server.socket.close()
    return receiver.url


def test_stale_tells_counts_and_the_link(cli, receiver):
    """What is stale is told in one message: the command, the organization, counts and the link."""
    result = cli("stale", "--notify", receiver.url, "--link", LINK, *TODAY)
    (message,) = receiver.messages
    verdict = result.stdout.splitlines()[4]
    assert (message["title"], message["message"]) == ("accessplan stale: organization 4242", f"{verdict} {LINK}")
    assert result == cli("stale", *TODAY)


def test_a_message_has_no_names(cli, receiver):
    """No person, team, product or organization is named in a message."""
    found = json.loads(cli("stale", "--notify", receiver.url, "--format", "json", *TODAY).stdout)
    said = json.dumps(receiver.messages)
    assert len(found["stale"]) > 5
    for name in ("@example", "Claire", "Emma", "Web", "Example SA", "hosting", "drive", "user["):
        assert name not in said


def test_nothing_to_tell(cli, example, receiver):
    """Where nothing is stale nobody is told."""
    (example / "organization.yaml").write_text(
        "organization: {id: 4242, name: Example SA}\ntoken_user: claire@example.ch\n"
        "users: [{email: claire@example.ch, first_name: Claire, last_name: Favre, role: owner, last_login: -1d,"
        " two_factor: true}]\n"
    )
    (example / "access.yaml").write_text(
        f"{HEAD}users:\n  claire@example.ch: {{first_name: Claire, last_name: Favre, role: legal_representative}}\n"
    )
    assert cli("stale", "--notify", receiver.url, *TODAY).code == 0
    assert receiver.messages == []


def test_the_url_from_the_environment(cli, receiver, monkeypatch):
    """ACCESSPLAN_NOTIFY holds URLs as well, one or several, and --notify comes before it."""
    monkeypatch.setenv("ACCESSPLAN_NOTIFY", f"{receiver.url} {receiver.url}")
    cli("stale", *TODAY)
    assert len(receiver.messages) == 2
    cli("stale", "--notify", receiver.url, *TODAY)
    assert len(receiver.messages) == 3


@pytest.mark.parametrize("status", [403, 500])
def test_a_refused_message(cli, receiver, status):
    """A receiver that says no is told of on stderr; result and exit code are those of a run without."""
    receiver.status = status
    plain, result = cli("stale", *TODAY), cli("stale", "--notify", receiver.url, *TODAY)
    assert (result.code, result.stdout) == (plain.code, plain.stdout)
    assert result.stderr == plain.stderr + (
        "The notification could not be delivered; what was found stands all the same.\n"
    )


def test_nobody_listens(cli, closed, caplog):
    """Where nobody listens the exit code is that of what was found, and no text or log holds the URL."""
    result = cli("stale", "--notify", closed, *TODAY)
    assert (result.code, "could not be delivered" in result.stderr) == (2, True)
    assert SECRET not in result.stdout + result.stderr
    assert is_clean(result)
    assert caplog.records == []


def test_the_secret_is_not_shown_by_the_command_itself(command, example, closed):
    """As a process of its own it shows nothing of the URL, whatever libraries log and even with tracebacks."""
    result = command("stale", *TODAY, cwd=example, ACCESSPLAN_NOTIFY=closed, ACCESSPLAN_TRACEBACK="1")
    assert (result.code, "could not be delivered" in result.stderr) == (2, True)
    assert SECRET not in result.stdout + result.stderr
    assert is_clean(result)


@pytest.mark.parametrize("url", [f"nonsense://{SECRET}", f"json://{SECRET}:{SECRET}@[", SECRET, f"://{SECRET}"])
def test_a_wrong_url_is_not_shown(cli, monkeypatch, url):
    """A URL that cannot be used is refused, and not shown."""
    monkeypatch.setenv("ACCESSPLAN_NOTIFY", url)
    result = cli("stale", *TODAY)
    assert input_error(result, "Apprise cannot use URL 1 of 1")
    assert SECRET not in result.stderr


@pytest.mark.parametrize("url", ["nonsense://x", "", "json://"])
def test_a_wrong_url(cli, example, url):
    """A URL that Apprise does not know is refused before anything is read, by its position."""
    result = cli("stale", "--notify", "json://127.0.0.1", "--notify", url, *TODAY)
    assert input_error(result, "Apprise cannot use URL 2 of 2")
    assert not (example / ".accessplan").exists()


@pytest.mark.parametrize("link", ["ci.example.ch", "javascript:alert(1)", "https://a b", "https://"])
def test_a_wrong_link(cli, link):
    """What is no link does not get into a message."""
    assert input_error(cli("stale", "--link", link, *TODAY), "--link is no link")


def test_apprise_is_not_installed(cli, monkeypatch, receiver):
    """Without Apprise the way to install it is said, before anything is read; without --notify nobody misses it."""
    monkeypatch.setitem(sys.modules, "apprise", None)
    result = cli("stale", "--notify", receiver.url, *TODAY)
    assert input_error(result, "pip install 'accessplan[notify]'")
    assert SECRET not in result.stderr
    assert cli("stale", *TODAY).code == 2
