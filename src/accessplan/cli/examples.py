"""What stands under Examples in the help of each command: what somebody wants, and what to type for it."""

from __future__ import annotations

from collections.abc import Mapping

import click

ROOT = ""
"""The command `accessplan` itself, in the table."""

_API = "--live https://api.infomaniak.com --organization 4242"

EXAMPLES: Mapping[str, Mapping[str, str]] = {
    ROOT: {
        "Try it, without an account": "accessplan init --sandbox",
        "See what the document would change": "accessplan plan",
    },
    "init": {
        "Try it: a document and a small organization": "accessplan init --sandbox",
        "Begin with what is live": "accessplan init --from-live --organization 4242",
        "Have GitHub plan, apply and look for drift": (
            "accessplan init --ci github --workflows example/accessplan@v1.0.0"
        ),
    },
    "validate": {
        "Check access.yaml, or the folder access/": "accessplan validate",
        "Mark the lines in a pull request on GitHub": "accessplan validate access --format github",
    },
    "plan": {
        "See what would change": "accessplan plan",
        "In a pull request: what comes with it, and what does not": "accessplan plan --base origin/main",
        "Save it to carry it out later, and as a comment": "accessplan plan --out plan.json --out plan.md",
        "Without a token": "accessplan plan --live snapshot.json",
        "What begins and ends by a day": "accessplan plan --at 2027-01-01",
    },
    "apply": {
        "Carry it out, after asking": "accessplan apply",
        "Carry out what was approved, and no more": "accessplan apply plan.json",
    },
    "drift": {
        "See what nobody asked for": "accessplan drift",
        "Leave one of it as it is": (
            """accessplan drift snooze 'user["ana@example.ch"]' --until 2027-01-31 --reason OPS-112 --by Claire"""
        ),
    },
    "drift report": {
        "Every night: write it down, and tell somebody": (
            "accessplan drift --out drift.md --notify slack://TOKEN --link https://ci.example.ch/jobs/42"
        ),
        "From a snapshot": "accessplan drift --live snapshot.json",
    },
    "drift snooze": {
        "It may stay so for a while": (
            """accessplan drift snooze 'user["ana@example.ch"]' --until 2027-01-31 --reason OPS-112 --by Claire"""
        ),
    },
    "stale": {
        "See what should be revoked or looked at": "accessplan stale",
        "Also what ends within a month": "accessplan stale --within 30d",
        "Every night: write it down, and tell somebody": (
            "accessplan stale --out stale.md --notify mailto://user:password@example.ch"
        ),
    },
    "review": {
        "See what is due": "accessplan review",
        "Keep an access": """accessplan review record 'user["ana@example.ch"]' --keep --by Claire""",
    },
    "review due": {
        "Also what is due within a month": "accessplan review due --within 30d",
        "Put all reviews into a calendar": "accessplan review due --ics reviews.ics",
    },
    "review record": {
        "It is still needed": """accessplan review record 'user["ana@example.ch"]' --keep --by Claire""",
        "It is not": """accessplan review record 'partner["WebAgency"]' --revoke --by Claire""",
    },
    "explain": {
        "What somebody reaches": "accessplan explain ana@example.ch",
        "Who reaches a mailbox": "accessplan explain mailbox/info@example.ch",
        "Why somebody does not": "accessplan explain ana@example.ch 'hosting/*' --why-not",
        "Who did on a day that was": "accessplan explain 'hosting/*' --on 2026-11-01",
    },
    "report": {
        "Write the page": "accessplan report --out report.html",
        "Without names": "accessplan report --privacy --out report.html",
    },
    "attest": {
        "One step": """accessplan attest 'team["Web"].grant["domain/example.ch"]' --by Claire""",
        "All that the plan asks for": "accessplan attest --all --by Claire",
    },
    "history": {
        "What was done to somebody": "accessplan history --who ana@example.ch",
        "What was done this year": "accessplan history --since 2026-01-01",
    },
    "history list": {
        "The runs, with their receipts": "accessplan history list --kind run",
    },
    "history verify": {
        "Check that no row was changed": "accessplan history verify",
    },
    "ledger": {
        "See what is older than two years": "accessplan ledger prune --older-than 730d --dry-run",
    },
    "ledger prune": {
        "See what would lose its content": "accessplan ledger prune --older-than 730d --dry-run",
        "Every month, without being asked": "accessplan ledger prune --older-than 730d --auto-approve",
    },
    "codeowners": {
        "See it": "accessplan codeowners",
        "Write it": "accessplan codeowners --out .github/CODEOWNERS",
        "In CI: fail where it is out of date": "accessplan codeowners --out .github/CODEOWNERS --check",
        "For GitLab": "accessplan codeowners --format gitlab --out CODEOWNERS",
    },
    "undo": {
        "Take an apply back, after asking": "accessplan undo 7f3a9c10",
    },
    "export": {
        "Of an organization that has no document yet": f"accessplan export {_API} --out access.yaml",
        "Take over what somebody clicked": """accessplan export --adopt 'team["Web"].member["ana@example.ch"]'""",
    },
    "snapshot": {
        "Of the document's organization": "accessplan snapshot --out snapshot.json",
    },
    "doctor": {
        "Before there is a document": f"accessplan doctor {_API}",
        "With a token from a password store": "accessplan doctor --token-command 'pass show infomaniak'",
    },
    "schema": {
        "For the editor": "accessplan schema > access.schema.json",
    },
    "completion": {
        "In bash, in ~/.bashrc": 'eval "$(accessplan completion bash)"',
        "In zsh, in ~/.zshrc, after compinit": 'eval "$(accessplan completion zsh)"',
        "In fish": "accessplan completion fish > ~/.config/fish/completions/accessplan.fish",
    },
    "sandbox": {
        "Serve one": "accessplan sandbox serve organization.yaml",
    },
    "sandbox seed": {
        "Begin anew": "accessplan sandbox seed organization.yaml",
    },
    "sandbox serve": {
        "As slow as the real one": "accessplan sandbox serve organization.yaml --rate-limit 60",
        "As somebody else sees it": "accessplan sandbox serve organization.yaml --as ana@example.ch",
    },
    "sandbox show": {
        "Keep what it has become": "accessplan sandbox show > organization.yaml",
    },
    "sandbox accept": {
        "One person": "accessplan sandbox accept ana@example.ch",
        "Everybody": "accessplan sandbox accept --all",
    },
    "sandbox reject": {
        "A partner": "accessplan sandbox reject WebAgency",
    },
    "sandbox perform": {
        "What an apply left to be done by hand": "accessplan sandbox perform plan.json",
    },
}
"""By the words of a command, as in `review record`: what for, and the line."""


def with_examples(command: click.Command, words: str) -> click.Command:
    """Put its examples under the help of a command, and of the commands in it."""
    command.epilog = examples_of(words)
    if isinstance(command, click.Group):
        for name, inner in command.commands.items():
            with_examples(inner, f"{words} {name}")
    return command


def examples_of(words: str) -> str:
    """Write the examples of a command as click shows them at the end of its help; empty where there are none."""
    lines = [line for purpose, example in EXAMPLES.get(words, {}).items() for line in (f"# {purpose}", example)]
    return "\n  ".join(("\b\nExamples:", *lines)) if lines else ""
