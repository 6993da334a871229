"""The ledger: whom accessplan invited, and where that is written down."""

import pytest
from tests.cli.given import HEAD, TODAY, input_error

pytestmark = pytest.mark.usefixtures("example")

YARA = "yara@example.ch"
DOCUMENT = f"{HEAD}users:\n  {YARA}: {{first_name: Yara, last_name: Steiner, role: collaborator}}\n"
NEXT, LATER = ("--today", "2027-01-15"), ("--today", "2027-03-15")
"""Days on which an invitation of 30 days has expired: the first one, and the one that replaced it."""


@pytest.fixture(autouse=True)
def _document(example):
    (example / "yara.yaml").write_text(DOCUMENT)


@pytest.fixture
def compare(cli):
    return lambda *words: cli("plan", "yara.yaml", "--detailed-exitcode", *words)


@pytest.fixture
def carry_out(cli):
    return lambda *words: cli("apply", "yara.yaml", "--auto-approve", *words)


def test_an_expired_invitation_is_sent_anew_once(compare, carry_out):
    """An invitation that accessplan sent and that expired is sent anew, once; then it waits for somebody."""
    assert carry_out(*TODAY).code == 0
    assert compare(*TODAY).code == 0
    planned = compare(*NEXT)
    assert (planned.code, "1 to invite" in planned.stdout, "anew: expired" in planned.stdout) == (2, True, True)
    assert carry_out(*NEXT).code == 0
    waits = compare(*LATER)
    assert (waits.code, "WAITING (1)" in waits.stdout) == (0, True)
    assert f"the 2. that was sent; to send one all the same: --invite-again {YARA}" in " ".join(waits.stdout.split())
    assert carry_out(*LATER).stdout == waits.stdout


def test_invited_again_by_name(compare, carry_out, shown):
    """Who is named by --invite-again, however the address is written, gets one more invitation."""
    for day in (TODAY, NEXT):
        carry_out(*day)
    again = ("--invite-again", "Yara@Example.CH")
    assert compare(*LATER, *again).code == 2
    done = carry_out(*LATER, *again)
    assert (done.code, "✓ invite anew" in done.stdout) == (0, True)
    pending = [each for each in shown()["invitations"] if each["email"] == YARA and "status" not in each]
    assert [each["sent"] for each in pending] == ["2027-03-15T12:00:00Z"]


def test_a_rejected_invitation_waits(cli, compare, carry_out):
    """Who turned the invitation down is not invited again by a machine, only by name."""
    carry_out(*TODAY)
    assert cli("sandbox", "reject", YARA, *TODAY).stdout == f"{YARA} rejected the invitation\n"
    waits = compare(*TODAY)
    assert (waits.code, "they rejected the invitation" in waits.stdout) == (0, True)
    assert carry_out("--invite-again", YARA, *TODAY).code == 0
    assert cli("sandbox", "accept", YARA, *TODAY).code == 0
    assert compare(*TODAY).stdout.count("WAITING") == 0


def test_an_invitation_unknown_to_the_ledger_waits(cli, example):
    """An expired invitation that somebody else sent is not replaced unasked."""
    (example / "late.yaml").write_text(
        f"{HEAD}users:\n  late@agency.example: {{first_name: Lee, last_name: Late, role: collaborator}}\n"
    )
    cli("sandbox", "seed", "organization.yaml", *TODAY)
    waits = cli("plan", "late.yaml", "--detailed-exitcode", *NEXT)
    assert (waits.code, "the ledger does not show that accessplan sent it" in " ".join(waits.stdout.split())) == (
        0,
        True,
    )
    assert cli("plan", "late.yaml", "--detailed-exitcode", "--invite-again", "late@agency.example", *NEXT).code == 2


def test_nobody_to_invite_again(compare, carry_out, example):
    """An address that the document does not name is a slip, not a silent nothing."""
    for run in (compare, carry_out):
        assert input_error(run("--invite-again", "yaro@example.ch"), "--invite-again names yaro@example.ch")
    assert not (example / ".accessplan").exists()


def test_a_ledger_elsewhere(compare, carry_out, example):
    """--ledger says where the ledger is; without it, what is written there is not known."""
    ledger = ("--ledger", "records/all.db")
    carry_out(*TODAY, *ledger)
    assert (example / "records" / "all.db").exists()
    assert not (example / ".accessplan" / "ledger.db").exists()
    assert compare(*NEXT, *ledger).code == 2
    unknown = compare(*NEXT)
    assert (unknown.code, "WAITING (1)" in unknown.stdout) == (0, True)


@pytest.mark.parametrize("command", [["plan", "yara.yaml"], ["apply", "yara.yaml", "--auto-approve"],
                                     ["attest", "--all", "--by", "Claire"]], ids=lambda words: words[0])  # fmt: skip
def test_a_ledger_that_is_no_database(cli, example, shown, command):
    """A file that is no ledger is refused by name and left as it is; nothing is changed."""
    cli("sandbox", "seed", "organization.yaml", *TODAY)
    before = shown()
    (example / "words.db").write_text("no database at all, and long enough to look like one\n" * 40)
    result = cli(*command, "--ledger", "words.db", *TODAY)
    assert input_error(result, "the ledger words.db cannot be used", "Choose another place with --ledger.")
    assert (example / "words.db").read_text().startswith("no database at all")
    assert shown() == before


def test_a_ledger_that_cannot_be_made(carry_out, cli, shown):
    """Where nothing can be written down nobody is invited."""
    cli("sandbox", "seed", "organization.yaml", *TODAY)
    before = shown()
    result = carry_out("--ledger", "access.yaml/ledger.db", *TODAY)
    assert input_error(result, "the ledger access.yaml/ledger.db cannot be used")
    assert shown() == before


def test_the_state_folder_is_none_of_gits_business(cli, example):
    """The folder that holds the ledger tells Git to leave it alone, also where there is no sandbox in it."""
    cli("snapshot", *TODAY, "--state", "other")
    cli("attest", "--all", "--by", "Claire", "--live", "snapshot.json", *TODAY)
    names = {each.name for each in (example / ".accessplan").iterdir() if each.suffix != ".lock"}
    assert names == {".gitignore", "ledger.db"}
    assert (example / ".accessplan" / ".gitignore").read_text() == "*\n"
