"""How long the main jobs take on a big organization, and how much memory: one table.

    python benchmarks/run.py [RUNS]

Whole processes, medians of the runs (3 unless said). octoDNS (`pip install -e '.[bench]'`) plans 10,000 records
in the same run, as a peer at equal work.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import NamedTuple

BIN = Path(sys.executable).parent
TODAY = ("--today", "2026-03-02")
RECORDS = 10_000


class Cost(NamedTuple):
    """The medians of one job: wall seconds, and megabytes at the most."""

    seconds: float
    megabytes: float


def main() -> None:
    """Make the organization, time the jobs, print the table."""
    runs = int(sys.argv[1]) if len(sys.argv) > 1 else 3
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        requests = _prepare(folder)
        accessplan = str(BIN / "accessplan")
        jobs: dict[str, Sequence[str]] = {
            "python -c pass": (sys.executable, "-c", "pass"),
            "accessplan --version": (accessplan, "--version"),
            "accessplan validate": (accessplan, "validate", *TODAY),
            "accessplan plan (from a snapshot)": (accessplan, "plan", *TODAY),
        }
        if (BIN / "octodns-sync").exists():
            _prepare_octodns(folder)
            jobs["octodns-sync (10,000 records)"] = (str(BIN / "octodns-sync"), "--config-file", "octodns.yaml")
        costs = {
            job: _measure(command, folder, runs if "python" not in job else 3 * runs) for job, command in jobs.items()
        }
    _print(costs, requests)


def _prepare(folder: Path) -> str:
    """Write the document, fill a sandbox, read it once: the snapshot, and how many requests it took.

    All of it in other processes: the memory of this one would count for those it starts.
    """
    subprocess.run((sys.executable, str(Path(__file__).with_name("big.py")), str(folder)), check=True)  # noqa: S603 - ours
    live = ("--live", "sandbox:organization.yaml")
    command = (str(BIN / "accessplan"), "snapshot", "access.yaml", "--out", "snapshot.json", *live, *TODAY)
    done = subprocess.run(command, cwd=folder, check=True, capture_output=True, text=True)  # noqa: S603 - our own command
    return done.stderr.strip()


def _prepare_octodns(folder: Path) -> None:
    for side in ("config", "live"):
        (folder / side).mkdir()
        records = (_record(n, differs=side == "live" and n % 100 == 1) for n in range(RECORDS))
        (folder / side / "example.ch.yaml").write_text("---\n" + "".join(records))
    (folder / "octodns.yaml").write_text(
        "providers:\n"
        "  config: {class: octodns.provider.yaml.YamlProvider, directory: config, enforce_order: false}\n"
        "  live: {class: octodns.provider.yaml.YamlProvider, directory: live, enforce_order: false}\n"
        "zones:\n  example.ch.: {sources: [config], targets: [live]}\n"
    )


def _record(n: int, *, differs: bool) -> str:
    return f"r{n}:\n  type: A\n  ttl: {600 if differs else 300}\n  value: 10.0.{n >> 8}.{n & 255}\n"


def _measure(command: Sequence[str], folder: Path, runs: int) -> Cost:
    costs = [_run(command, folder) for _ in range(runs + 1)][1:]
    return Cost(median(each.seconds for each in costs), median(each.megabytes for each in costs))


def _run(command: Sequence[str], folder: Path) -> Cost:
    start = perf_counter()
    process = subprocess.Popen(command, cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)  # noqa: S603 - as above
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode != 0:
        raise SystemExit(f"{' '.join(command)} exited with {process.returncode}")
    return Cost(perf_counter() - start, usage.ru_maxrss / 1024)


def _print(costs: dict[str, Cost], requests: str) -> None:
    print("10,000 users, 300 teams, 30,000 grants; medians of whole processes\n")
    print(f"{'job':<36} {'seconds':>8} {'MB':>6}")
    for job, cost in costs.items():
        print(f"{job:<36} {cost.seconds:>8.3f} {cost.megabytes:>6.0f}")
    print(f"\nversion / python: {costs['accessplan --version'].seconds / costs['python -c pass'].seconds:.2f}")
    peer = next((cost for job, cost in costs.items() if job.startswith("octodns")), None)
    if peer:
        print(f"plan / octoDNS: {costs['accessplan plan (from a snapshot)'].seconds / peer.seconds:.2f}")
    print(f"reading the organization: {requests}")


if __name__ == "__main__":
    main()
