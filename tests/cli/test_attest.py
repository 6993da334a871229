"""`accessplan attest`: somebody's word on what the live system does not show."""

import pytest
from tests.cli.given import HEAD, TODAY, input_error

pytestmark = pytest.mark.usefixtures("example")

DOCUMENT = f"""{HEAD}policy: {{mode: {{grants: enforce}}}}
teams:
  Interns 2025:
    members: [luca@example.ch]
    grants:
      mailing/*: [technical, statistic]
"""
RIGHT = "      hosting/www.example.ch: technical\n"
GRANT = 'team["Interns 2025"].grant["hosting/www.example.ch"]'


@pytest.fixture
def team(cli, example):
    """Write a document with one team, and compare; tells the exit code and what the plan says."""
    document = example / "team.yaml"

    def compare(text, *options):
        document.write_text(text)
        result = cli("plan", "team.yaml", "--detailed-exitcode", *TODAY, *options)
        return result.code, result.stdout

    return compare


@pytest.fixture
def attest(cli):
    """Give Claire's word on what that document asks for."""
    return lambda *words: cli("attest", *words, "--by", "Claire", "--document", "team.yaml", *TODAY)


def test_a_word_ends_the_question(team, attest):
    """What cannot be read back is asked for until somebody says that it was done; then it counts as there."""
    code, before = team(DOCUMENT + RIGHT)
    assert (code, f"+ {GRANT}" in before, "cannot be read back: attest" in before) == (2, True, True)
    result = attest(GRANT)
    assert (result.code, result.stdout) == (0, f"{GRANT}: grant recorded.\n")
    code, after = team(DOCUMENT + RIGHT)
    assert (code, "No changes. 4 entries match, 1 on somebody's word" in after) == (0, True)


def test_whose_word_it_is(team, attest):
    """With --verbose the plan says on whose word and since when; without, how many there are."""
    team(DOCUMENT + RIGHT)
    attest(GRANT)
    short, long = (team(DOCUMENT + RIGHT, *option)[1] for option in ((), ("--verbose",)))
    assert ("ON SOMEBODY'S WORD (1)" in short, "Claire" in short) == (True, False)
    assert f"= {GRANT}\n    said by Claire on 2026-11-21\n" in long


def test_an_address_that_is_not_in_the_plan(team, attest, example):
    """An address of no change is refused, with those that there are; nothing is recorded."""
    team(DOCUMENT + RIGHT)
    wrong = 'team["Web"].grant["domain/example.ch"]'
    assert input_error(attest(wrong), f"{wrong} is no change of the plan", f"There are: {GRANT}.")
    assert input_error(attest(GRANT, wrong), f"{wrong} is no change of the plan")
    assert not (example / ".accessplan" / "ledger.db").exists()


def test_what_can_be_read_back(cli):
    """What the live system shows once it is done needs no word, and gets none."""
    address = 'user["ana@example.ch"].grant["domain/example.com"]'
    assert input_error(cli("attest", address, "--by", "Claire", *TODAY), f"{address} needs no word")


def test_nothing_to_attest(cli, example):
    """Where the plan asks for no word, --all has nothing to record, and makes no ledger."""
    (example / "now.yaml").write_text(cli("export", *TODAY).stdout)
    result = cli("attest", "--all", "--by", "Claire", "--document", "now.yaml", *TODAY)
    assert (result.code, result.stdout) == (0, "There is nothing to attest.\n")
    assert input_error(cli("attest", GRANT, "--by", "Claire", "--document", "now.yaml", *TODAY), "nothing to attest")
    assert not (example / ".accessplan" / "ledger.db").exists()


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ([], "attest takes addresses or --all"),
        ([GRANT, "--all"], "attest takes addresses or --all"),
        (["--all", "--by", ""], "--by says nothing"),
        (["--all", "--by", " \t"], "--by says nothing"),
    ],
)
def test_a_word_that_says_too_little(cli, example, words, said):
    """Neither or both of addresses and --all, or nobody who gives the word, is input that cannot be used."""
    assert input_error(cli("attest", "--by", "Claire", *words, *TODAY), said)
    assert not (example / ".accessplan").exists()


def test_all_leaves_out_what_cannot_be_done_yet(cli):
    """Before an apply, no word is taken on a team that is not there, nor on what can be seen to be missing."""
    result = cli("attest", "--all", "--by", "Claire", *TODAY)
    assert result.code == 0
    assert 'partner["WebAgency"].grant["hosting/shop.example.ch"]: grant recorded.\n' in result.stdout
    address = 'team["Support"].grant["domain/example.ch"]'
    assert f'{address}: not recorded, since team["Support"] is not there.\n' in result.stdout
    why = "not recorded, since the live system shows that it is not there"
    assert f'user["emma@example.ch"].use["kchat/kChat"]: {why}.\n' in result.stdout
    assert input_error(cli("attest", address, "--by", "Claire", *TODAY), f"{address} cannot be attested yet")


def test_a_word_ends_with_the_team(cli, team, attest):
    """A team that is deleted and made anew is another one: the word on the old one does not count for it."""
    team(DOCUMENT + RIGHT)
    attest(GRANT)
    for text in (f"{HEAD}policy: {{mode: {{teams: enforce}}}}\nteams: {{Web: {{}}}}\n", DOCUMENT):
        team(text)
        assert cli("apply", "team.yaml", "--auto-approve", *TODAY).code == 0
    code, text = team(DOCUMENT + RIGHT, "--verbose")
    assert (code, f"+ {GRANT}" in text, "Claire" in text) == (2, True, False)


def test_a_document_that_changes_asks_anew(team, attest):
    """A word is about what was wanted when it was given: other rights need another word."""
    team(DOCUMENT + RIGHT)
    attest(GRANT)
    more = DOCUMENT + RIGHT.replace("technical", "[technical, statistic]")
    code, text = team(more)
    assert (code, f"~ {GRANT} manage technical => technical, statistic" in " ".join(text.split())) == (2, True)
    assert attest("--all").stdout == f"{GRANT}: strengthen recorded.\n"
    assert team(more)[0] == 0
    assert team(DOCUMENT + RIGHT)[0] == 2


def test_a_removal_is_attested_too(team, attest):
    """What is there on somebody's word is taken away by hand, and gone on somebody's word."""
    team(DOCUMENT + RIGHT)
    attest(GRANT)
    code, text = team(DOCUMENT)
    assert (code, f"- {GRANT}" in text, "by hand · cannot be read back: attest" in text) == (2, True, True)
    assert attest(GRANT).stdout == f"{GRANT}: revoke recorded.\n"
    code, text = team(DOCUMENT, "--verbose")
    assert (code, "Claire" in text) == (0, False)
    assert team(DOCUMENT + RIGHT)[0] == 2


def test_a_partner_on_somebodys_word(cli, example):
    """A partner, whom the live system never shows, is there on somebody's word, and their rights only with them."""
    (example / "p.yaml").write_text(
        f"{HEAD}partners: {{WebAgency: {{access: limited, grants: {{hosting/shop.example.ch: technical}}}}}}\n"
    )
    partner = 'partner["WebAgency"]'
    words = ("--by", "Claire", "--document", "p.yaml", *TODAY)
    early = cli("attest", f'{partner}.grant["hosting/shop.example.ch"]', *words)
    assert input_error(early, f"cannot be attested yet: {partner} is not there")
    assert cli("attest", partner, *words).stdout == f"{partner}: grant recorded.\n"
    assert cli("attest", "--all", *words).stdout == f'{partner}.grant["hosting/shop.example.ch"]: grant recorded.\n'
    assert cli("plan", "p.yaml", "--detailed-exitcode", *TODAY).code == 0
