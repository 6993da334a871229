"""A folder with an organization and a document, in which commands run."""

import io
import json
import sqlite3
from contextlib import chdir, closing, redirect_stderr, redirect_stdout
from pathlib import Path
from typing import Any

import yaml
from tests.consent import consent
from tests.worlds.names import Data

from accessplan.cli.main import run
from accessplan.errors import Exit

TODAY = ("--today", "2026-03-02")
FAULTS = ("FAILED", "WITHOUT EFFECT", "SKIPPED", "MOVED MEANWHILE")
"""What an apply says when not all went well."""


class World:
    """A folder for one organization; commands run in this process."""

    def __init__(self, folder: Path | str, organization: Data | None = None, document: Data | None = None) -> None:
        self.folder = Path(folder)
        if organization is not None:
            self.write("organization.yaml", organization)
        if document is not None:
            self.write("access.yaml", document)

    def write(self, name: str, data: Data) -> None:
        """Write an organization or a document."""
        (self.folder / name).write_text(yaml.dump(data, Dumper=yaml.CSafeDumper, sort_keys=False, allow_unicode=True))

    def run(self, *arguments: str, code: tuple[int, ...] = (0,)) -> str:
        """Run a command and return what it prints."""
        out, err = io.StringIO(), io.StringIO()
        with chdir(self.folder), redirect_stdout(out), redirect_stderr(err):
            exit_code = run([*arguments, *TODAY])
        assert exit_code in code, f"{arguments} gave {exit_code}\n{out.getvalue()}\n{err.getvalue()}"
        return out.getvalue()

    def refuses(self, fault: str) -> bool:
        """Tell whether the document is refused for a fault, and for no other."""
        out, err = io.StringIO(), io.StringIO()
        with chdir(self.folder), redirect_stdout(out), redirect_stderr(err):
            code = run(["plan", *TODAY])
        said = err.getvalue()
        return code == Exit.INPUT and said.count(f"[{fault}]") == said.count(": error: ")

    def plan(self, *arguments: str) -> Data:
        """Plan, as data."""
        plan: Data = json.loads(self.run("plan", "--format", "json", *arguments, code=(0, Exit.BLOCKED)))
        return plan

    def agree(self, document: str, plan: Data) -> None:
        """Consent to what rails refuse in the plan of a document."""
        assert consent(self.folder / document, plan), "the plan is blocked for good"

    def entries(self) -> dict[tuple[str, ...], Data]:
        """Read what is live, by address."""
        (self.folder / "snapshot.json").unlink(missing_ok=True)
        self.run("snapshot", "--out", "snapshot.json")
        entries = json.loads((self.folder / "snapshot.json").read_text())["entries"]
        return {tuple(each["at"]): each for each in entries}

    def writes(self) -> list[Any]:
        """List the requests so far that were to change something."""
        (database,) = (self.folder / ".accessplan" / "sandbox").glob("*.db")
        with closing(sqlite3.connect(database)) as db:
            return db.execute("SELECT method, path FROM requests WHERE method != 'GET' ORDER BY id").fetchall()

    def carry_out(self, document: str = "access.yaml", *, again: bool = False) -> tuple[Data, Data]:
        """Do all of the plan: by request, by those who are invited, by hand, by word; returns it and what is left."""
        plan = self.plan(document, "--out", "plan.json")
        if plan["rails"]:
            self.agree(document, plan)
            plan = self.plan(document, "--out", "plan.json")
        self.apply(document)
        steps = [step for each in plan["operations"] for step in each["steps"]]
        by_hand_anew = any(step["act"] == "cancel_invitation" for step in steps)
        if not by_hand_anew:
            # What that takes off an invitation may be just what kept it from being sent anew.
            written = self.writes()
            self.apply(document)  # the last admin of a kDrive stays until another one is there
            if self.writes() != written:
                written = self.writes()
                self.apply(document)
            assert self.writes() == written, "applied once more, the plan sends requests again"
        self.perform(waiting=True)  # who is added by hand can accept only then, and some steps wait for that
        self.perform()
        self.run("attest", "--all", "--by", "Olga", "--document", document)
        left = self.plan(document)
        if not again and (by_hand_anew or _shows_more(plan, left)):
            _, left = self.carry_out(document, again=True)  # cancelled by hand, or accepted before: now it shows
        return plan, left

    def perform(self, *, waiting: bool = False) -> None:
        """Let the invited accept, then do the steps by hand; some may be `waiting` for people to join."""
        self.run("sandbox", "accept", "--all")
        performed = self.run("sandbox", "perform", "plan.json", code=(0, 6))
        refused = [line for line in performed.splitlines() if line.startswith("refused")]
        foreseen = ("refused: Wait until",) if waiting else ()
        unforeseen = [line for line in refused if not line.startswith(foreseen) and not is_unforeseeable(line)]
        assert not unforeseen, "\n".join(unforeseen)

    def apply(self, document: str = "access.yaml") -> None:
        """Apply, and see that what is done is done."""
        applied = self.run("apply", document, "--auto-approve", code=(0, 6, Exit.BLOCKED))
        if "\nBLOCKED (" in applied:
            self.agree(document, self.plan(document))
            applied = self.run("apply", document, "--auto-approve", code=(0, 6))
        assert not any(each in applied for each in FAULTS), applied


def _shows_more(plan: Data, left: Data) -> bool:
    """Tell whether there is something to ask only now.

    Who may not send shows once somebody is there who may, and what has ended of a partner is looked for once there is a
    word that there is such a partner. The last admin of a kDrive stays until another one is there, and then until they
    govern no more.
    """
    if any(each["code"] == "last-drive-admin" for each in plan["findings"]):
        return True
    new = {each["address"] for each in plan["resource_changes"] if each["effect"] == "grant"}
    ended = {each["address"].partition(".grant[")[0] for each in left["resource_changes"] if _is_of_partner(each)}
    return bool((_who_may_not_send(left) - _who_may_not_send(plan)) | (ended & new))


def _is_of_partner(change: Data) -> bool:
    """Tell whether a change takes a grant from a partner."""
    return change["effect"] == "revoke" and change["address"].startswith("partner[") and ".grant[" in change["address"]


def _who_may_not_send(plan: Data) -> set[str]:
    """List the delegations that are shown not to send, of those that a plan changes."""
    changes = {each["address"]: each["change"]["before"] or {} for each in plan["resource_changes"]}
    return {address for address, before in changes.items() if before.get("send") is False}


def is_unforeseeable(refused: str) -> bool:
    """Tell whether nobody can know of a refusal before.

    No reader is shown which partners there are, and somebody may accept an invitation that was to be cancelled.
    """
    return " already: edit the access rights" in refused or " is a user already, as " in refused
