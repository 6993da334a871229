"""Pages can be followed: their blocks run as they are written, and print what the pages show."""

import os
import re
import signal
import socket
import subprocess
from contextlib import suppress
from dataclasses import dataclass

import pytest
from tests.conftest import COMMAND, REPOSITORY

FOLLOWED = ("tutorial", "rails", "from-clicks-to-code")
PAGES = {name: (REPOSITORY / "docs" / f"{name}.md").read_text() for name in FOLLOWED}
BLOCK = re.compile(r"(?ms)^```sh\n(?P<commands>.*?)^```\n(?:\n```(?:text|markdown)\n(?P<shown>.*?)^```$)?")
BLOCKS = {name: list(BLOCK.finditer(page)) for name, page in PAGES.items()}
PLACES = [(name, number) for name, blocks in BLOCKS.items() for number in range(len(blocks))]

PORT = "8765"
SECONDS = 180
STARTS = "=== block "
UNTIL_SERVED = "until (: < /dev/tcp/127.0.0.1/{port}) 2> /dev/null; do sleep 0.1; done\n"
"""What a reader does: waits until the server says that it is there."""

MOVING = (
    (re.compile(r"\b\d{4}-\d\d-\d\d\b"), "DATE"),
    (re.compile(r"\b[0-9a-f]{7,12}\b"), "HASH"),
    (re.compile(r"DATE \d\d:\d\d\b"), "MOMENT"),
    (re.compile(r"\b(\d+ rows|row \d+)\b"), "ROWS"),
)
"""What is another one each time."""


@dataclass(frozen=True)
class Followed:
    """What one reader saw: what each block printed, and which commands ended with another exit code than 0."""

    printed: list[str]
    failed: list[str]


@pytest.fixture(scope="module")
def followed(tmp_path_factory):
    """Follow each page from the first block to the last, in one shell, in an empty folder."""
    return {name: follow(blocks, tmp_path_factory.mktemp(name)) for name, blocks in BLOCKS.items()}


def follow(found, home):
    folder, told = home / "empty", home / "failed"
    folder.mkdir()
    blocks = [block["commands"] for block in found]
    port = PORT if is_free(PORT) else free_port()
    script = f"exec 3> {told}\ntrap 'echo \"$BASH_COMMAND\" >&3' ERR\n"
    for number, commands in enumerate(blocks):
        wait = UNTIL_SERVED if commands.endswith("&\n") else ""
        script += f'echo "{STARTS}{number}"\n{commands}{wait.format(port=port)}'
    printed = in_a_shell(script.replace(PORT, port), folder).replace(port, PORT)
    parts = re.split(rf"^{STARTS}\d+\n", printed, flags=re.MULTILINE)
    return Followed(parts[1:], told.read_text().splitlines())


def in_a_shell(script, folder):
    """Run a script with bash, with the installed command and nothing of this environment's settings."""
    ours = ("ACCESSPLAN", "INFOMANIAK", "GIT_", "COLUMNS", "FORCE_COLOR")
    environment = {name: value for name, value in os.environ.items() if not name.startswith(ours)}
    environment |= {"PATH": f"{COMMAND.parent}{os.pathsep}{os.environ['PATH']}", "HOME": str(folder.parent)}
    shell = subprocess.Popen(
        ["bash"], cwd=folder, env=environment, text=True, start_new_session=True,
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
    )  # fmt: skip
    with shell:
        try:
            return shell.communicate(script, timeout=SECONDS)[0]
        finally:
            with suppress(ProcessLookupError):
                os.killpg(shell.pid, signal.SIGKILL)  # also a server that a block left behind


def is_free(port):
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", int(port))) != 0


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return str(probe.getsockname()[1])


def still(text):
    """Put a word in the place of all that moves."""
    for pattern, word in MOVING:
        text = pattern.sub(word, text)
    return text


@pytest.mark.parametrize(("name", "number"), PLACES)
def test_a_block_prints_what_is_shown(followed, name, number):
    """Run as it is written, a block prints to the letter what the page shows below it; `…` stands for other lines."""
    shown, printed = still(BLOCKS[name][number]["shown"] or ""), still(followed[name].printed[number])
    parts = re.split(r"^…\n", shown, flags=re.MULTILINE)
    assert re.fullmatch(r"(?:.*\n)*".join(map(re.escape, parts)), printed), printed


@pytest.mark.parametrize("name", PAGES)
def test_what_ends_otherwise_is_said(followed, name):
    """Every command that does not end with 0 is one whose exit code the page shows."""
    failed = followed[name].failed
    assert len(failed) == len(re.findall(r"^exit code [^0]", PAGES[name], re.MULTILINE))
    for command in failed:
        assert f'{command}\necho "exit code $?"\n' in PAGES[name], command


def test_the_way_is_complete():
    """The tutorial goes the whole way: import, branch, comment, merge, apply, drift, review and undo."""
    commands = "\n".join(block["commands"] for block in BLOCKS["tutorial"])
    way = ("init --from-live", "git switch -q -c", "--base main", "--format md", "git merge", "apply plan.json",
           "drift", "--adopt", "review record", "undo", "history verify")  # fmt: skip
    places = [commands.find(words) for words in way]
    assert -1 not in places
    assert places == sorted(places)
