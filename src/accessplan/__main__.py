"""The `accessplan` command."""

import sys

from accessplan import __version__


def main() -> None:
    """Run the command line; `--version` answers before anything is imported."""
    if sys.argv[1:] == ["--version"]:
        print(f"accessplan {__version__}")  # noqa: T201 - click would cost more than the answer
        return
    from accessplan.cli.main import run  # noqa: PLC0415 - start-up time, as above

    sys.exit(run(sys.argv[1:]))


if __name__ == "__main__":
    main()
