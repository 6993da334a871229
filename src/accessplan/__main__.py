"""The `accessplan` command."""

import os
import sys

from accessplan import __version__


def main() -> None:
    """Run the command line; `--version` answers before anything is imported."""
    if sys.argv[1:] == ["--version"]:
        print(f"accessplan {__version__}")  # noqa: T201 - click would cost more than the answer
        return
    try:
        from accessplan.cli.main import run  # noqa: PLC0415 - start-up time, as above

        code = run(sys.argv[1:])
    except KeyboardInterrupt:  # in the first moments, before a command could say so itself
        from accessplan.errors import Exit  # noqa: PLC0415 - start-up time

        sys.stderr.write("Interrupted.\n")
        code = Exit.INTERRUPTED
    try:
        sys.stdout.flush()
        sys.stderr.flush()
    finally:
        # All is closed and written by now; taking a large organization apart object by object would cost 0.3 s more.
        os._exit(code)


if __name__ == "__main__":
    main()
