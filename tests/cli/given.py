"""What the tests of the command line are given."""

TODAY = ("--today", "2026-11-21")
ESCAPE = "\x1b"
HEAD = "accessplan: 1\norganization: {id: 4242, live: 'sandbox:organization.yaml'}\n"
ONE_USER = f"{HEAD}users:\n  ana@example.ch: {{first_name: Ana, last_name: Keller, role: collaborator"


def is_clean(result):
    """Tell whether a run ended without showing its insides."""
    return "Traceback" not in result.stdout + result.stderr and "This is a bug" not in result.stderr


def input_error(result, *words):
    """Check that a run ended with 3 and says all of this on stderr, and nothing of its insides."""
    assert (result.code, is_clean(result)) == (3, True), result
    assert [word for word in words if word not in result.stderr] == [], result.stderr
    return True
