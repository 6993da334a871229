"""An apply that waits for its yes."""

import subprocess
from contextlib import contextmanager
from typing import Any

from tests.cli.given import TODAY
from tests.conftest import COMMAND


@contextmanager
def asking(folder, document, *options):
    """Start an apply, as a process of its own, and give it once it asks; afterwards it is killed."""
    command = [str(COMMAND), "apply", document, *TODAY, *map(str, options)]
    pipes: Any = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    started: Any = subprocess.Popen(command, cwd=folder, text=True, **pipes)
    with started as process:
        said = ""
        while "Carry this out?" not in said:
            letter = process.stderr.read(1)
            assert letter, said
            said += letter
        yield process
        process.kill()
