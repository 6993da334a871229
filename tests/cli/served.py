"""The sandbox behind a real socket, in a folder of its own, and the installed command against it."""

import os
import shutil
import subprocess
import threading
from collections import Counter
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
from tests.cli.given import TODAY
from tests.conftest import COMMAND, REPOSITORY, Result

TOKEN = "live-4f7c02b19d-do-not-show"  # noqa: S105 - one for looking after
HAS_IT = "the token must not be here"


def run(folder, *arguments, token=TOKEN, seconds=45):
    """Run the installed command with a token, and check that the token shows up nowhere."""
    names = ("INFOMANIAK", "ACCESSPLAN", "HTTP_PROXY", "http_proxy")
    environment = {name: value for name, value in os.environ.items() if not name.startswith(names)}
    done = subprocess.run(
        [COMMAND, *map(str, arguments)],
        cwd=folder,
        env=environment | ({"INFOMANIAK_TOKEN": token} if token else {}),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=seconds,
        check=False,
    )
    assert TOKEN not in done.stdout + done.stderr, HAS_IT
    assert "Traceback" not in done.stdout + done.stderr, done.stderr
    return Result(done.returncode, done.stdout, done.stderr)


@dataclass
class Served:
    """A sandbox that is served, in a folder with the documents of the examples."""

    folder: Path
    url: str
    said: list[str] = field(default_factory=list)

    def run(self, *arguments, **how):
        return run(self.folder, *arguments, "--live", self.url, *TODAY, **how)

    def ask(self, method, path, body=None):
        """Ask what only the sandbox has."""
        answer = httpx.request(method, f"{self.url}/_sandbox/{path}", json=body, trust_env=False)
        assert answer.status_code == 200, answer.text
        return answer.json()["data"]

    def get(self, path):
        """Ask as a client does."""
        return httpx.get(f"{self.url}{path}", headers={"authorization": f"Bearer {TOKEN}"}, trust_env=False)

    def requests(self):
        """Tell how many requests of each method came in since they were last asked for."""
        made = Counter(each["method"] for each in self.ask("GET", "requests")["requests"])
        self.ask("DELETE", "requests")
        return dict(made)


@contextmanager
def served(folder, *options):
    """Serve the organization of the examples, or the one that is there, with a state of its own."""
    folder.mkdir(exist_ok=True)
    for file in (REPOSITORY / "examples").glob("*.yaml"):
        if not (folder / file.name).exists():
            shutil.copy(file, folder)
    command = [COMMAND, "sandbox", "serve", "organization.yaml", "--port", "0", *TODAY, *options]
    started: Any = subprocess.Popen(command, cwd=folder, stderr=subprocess.PIPE, text=True)
    with started as process:
        line = process.stderr.readline()
        here = Served(folder, line.split()[-1], [line])
        listener = threading.Thread(target=lambda: here.said.extend(process.stderr))
        listener.start()
        try:
            yield here
        finally:
            process.terminate()
            process.wait(10)
            listener.join(10)
    assert TOKEN not in "".join(here.said), HAS_IT
    for file in folder.rglob("*"):
        assert file.is_dir() or TOKEN.encode() not in file.read_bytes(), f"{HAS_IT}: {file}"
