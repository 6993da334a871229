"""`accessplan completion`: real shells complete commands, options, files and names."""

import os
import pty
import re
import select
import shutil
import subprocess
import sys
import time

import pytest
from tests.cli.given import input_error
from tests.conftest import COMMAND

from accessplan.cli.main import COMMANDS

SECONDS = 40
"""How long a shell may take before a test gives it up."""

BEGINNINGS = {
    "bash": (("bash", "--norc", "--noprofile", "-i"), 'eval "$(accessplan completion bash)"'),
    "zsh": (
        ("zsh", "-f", "-i"),
        'autoload -Uz compinit; compinit -u -d "$PWD/.dump"; eval "$(accessplan completion zsh)"',
    ),
}
"""How a shell is started without anybody's settings, and what is typed into it first."""


def needs(shell):
    """Skip where a shell is not installed; bash always is."""
    return pytest.mark.skipif(shutil.which(shell) is None, reason=f"{shell} is not installed")


@pytest.fixture
def environment():
    """What a shell is given: the command on the path, and nobody's settings."""
    path = f"{COMMAND.parent}{os.pathsep}{os.environ['PATH']}"
    return {"PATH": path, "HOME": os.devnull, "TERM": "dumb", "LANG": "C.UTF-8", "PS1": "% "}


class Typed:
    """An interactive shell on a terminal, to type into."""

    def __init__(self, arguments, folder, environment):
        self.terminal, theirs = pty.openpty()
        self.shell = subprocess.Popen(
            arguments, cwd=folder, env=environment, stdin=theirs, stdout=theirs, stderr=theirs, start_new_session=True
        )
        os.close(theirs)
        self.shown = ""

    def type(self, text):
        os.write(self.terminal, text.encode())

    def until(self, pattern):
        """Read on until a pattern is shown, and return what was; what went before is forgotten."""
        end = time.monotonic() + SECONDS
        while not (found := re.search(pattern, self.shown)):
            ready, _, _ = select.select([self.terminal], [], [], max(0, end - time.monotonic()))
            assert ready, self.shown
            self.shown += os.read(self.terminal, 65536).decode(errors="replace")
        self.shown = self.shown[found.end() :]
        return found[0]

    def close(self):
        self.shell.kill()
        self.shell.wait()
        os.close(self.terminal)


@pytest.mark.parametrize("shell", [pytest.param(each, marks=needs(each)) for each in BEGINNINGS])
def test_a_real_shell_completes(example, environment, shell):
    """At a real prompt, Tab completes a command, a file and a name in the document, and the line then runs."""
    arguments, first = BEGINNINGS[shell]
    prompt = Typed(arguments, example, environment)
    try:
        prompt.type(f"{first}; echo rea''dy\n")
        prompt.until("ready")
        prompt.type("accessplan val\tacc\t\n")
        prompt.until(r"access\.yaml is valid: 11 users, 2 teams\.")
        prompt.type("accessplan explain no\t--today 2026-11-21\n")
        prompt.until(r"noor@example\.ch \(Noor Haddad")
    finally:
        prompt.close()


@needs("fish")
def test_fish_completes(example, environment, tmp_path_factory):
    """Fish loads the script, and completes commands, options and names by it."""
    home = tmp_path_factory.mktemp("home")

    def completed(line):
        script = f"accessplan completion fish | source; complete -C '{line}'"
        done = subprocess.run(
            ["fish", "--no-config", "-c", script], cwd=example, env={**environment, "HOME": str(home)},
            capture_output=True, text=True, check=True, timeout=SECONDS,
        )  # fmt: skip
        return [each.partition("\t")[0] for each in done.stdout.splitlines()]

    assert completed("accessplan expl") == ["explain"]
    assert completed("accessplan explain ana") == ["ana@example.ch"]
    assert "--base" in completed("accessplan plan --")


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_the_script_is_one_of_the_shell(cli, shell):
    """Each script asks the command itself, by a name of its own, whether or not that shell is there."""
    script = cli("completion", shell).stdout
    assert f"_ACCESSPLAN_COMPLETE={shell}_complete" in script
    if shutil.which(shell):
        subprocess.run([shell, "-n"], input=script, text=True, check=True)


def test_other_shells_are_refused(cli):
    """Of a shell that it does not know it says so."""
    assert input_error(cli("completion", "tcsh"), "tcsh", "bash")


@pytest.fixture
def completed(command, example):
    """What is offered for the last word of a line."""

    def offered(*words, cwd=example):
        asked = {"COMP_WORDS": " ".join(("accessplan", *words)), "COMP_CWORD": str(len(words))}
        result = command(cwd=cwd, _ACCESSPLAN_COMPLETE="bash_complete", **asked)
        assert (result.code, result.stderr) == (0, "")
        return result.stdout.split()

    return offered


def test_names_of_commands_cost_no_import(completed, example):
    """All commands are offered in their order, and none of them is imported for it."""
    assert completed("") == [f"plain,{name}" for name in COMMANDS]
    asked = os.environ | {"COMP_WORDS": "accessplan p", "COMP_CWORD": "1", "_ACCESSPLAN_COMPLETE": "bash_complete"}
    run = subprocess.run(
        [sys.executable, "-X", "importtime", COMMAND],
        env=asked,
        cwd=example,
        capture_output=True,
        text=True,
        check=True,
    )
    loaded = {line.rpartition("|")[2].strip() for line in run.stderr.splitlines()}
    assert run.stdout == "plain,plan\n"
    assert not loaded & {f"accessplan.cli.{name}" for name in COMMANDS}
    assert not loaded & {"rich", "yaml", "httpx"}


def test_commands_in_commands(completed):
    """Commands of a group are offered too, also where a group does something by itself."""
    assert completed("review", "") == ["plain,due", "plain,record"]
    assert completed("sandbox", "se") == ["plain,seed", "plain,serve"]


def test_names_of_the_document(completed, example):
    """`explain` offers people, teams, selectors and mailboxes of the document, of whichever is named."""
    assert completed("explain", "e") == ["plain,emma@example.ch", "plain,email_hosting/example.ch"]
    assert completed("explain", "ana@example.ch", "mailbox/i") == ["plain,mailbox/info@example.ch"]
    (example / "other.yaml").write_text("accessplan: 1\norganization: {id: 1}\nteams:\n  Elsewhere: {members: []}\n")
    assert completed("explain", "--document", "other.yaml", "E") == ["plain,Elsewhere"]


def test_hostile_names_are_not_offered(completed, example):
    """A name that a shell would not take as it is, or carry out, is not offered."""
    names = ("$(touch x)", "a b", "`id`", "a;b", "a\\nb", "plain,file", "'a'", "a*")
    teams = "".join(f'  "{name}": {{members: []}}\n' for name in (*names, "Aware"))
    (example / "access.yaml").write_text(f"accessplan: 1\norganization: {{id: 1}}\nteams:\n{teams}")
    offered = [each.removeprefix("plain,") for each in completed("explain", "")]
    assert offered == ["Aware", "plain,file"]


@pytest.mark.parametrize("text", ["users: [", "accessplan: 2\n", "", "- 1\n", None])
def test_a_document_with_faults(completed, example, text):
    """Where the document has faults or is missing, nothing is offered and nothing is said."""
    (example / "access.yaml").unlink()
    if text is not None:
        (example / "access.yaml").write_text(text)
    assert completed("explain", "a") == []
