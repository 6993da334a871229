"""A word counts as long as what it was given on is the same; and what nobody is shown is not forgotten."""

import json
from pathlib import Path

import pytest
import yaml
from tests.cli.given import TODAY
from tests.consent import consent

CLAIRE = {"email": "claire@example.ch", "first_name": "Claire", "last_name": "Favre", "role": "owner"}
ANA = {"email": "ana@example.ch", "first_name": "Ana", "last_name": "Keller", "role": "normal"}
ORGANIZATION = {
    "organization": {"id": 4242, "name": "Example SA"},
    "token_user": CLAIRE["email"],
    "products": [
        {"id": 101, "service": "domain", "name": "example.ch"},
        {"id": 201, "service": "hosting", "name": "www"},
        {"id": 301, "service": "email_hosting", "name": "example.ch"},
        {"id": 401, "service": "drive", "name": "Team Drive"},
    ],
    "users": [CLAIRE, ANA],
    "teams": [{"name": "Web", "services": [], "members": []}],
    "mail_hostings": [{"id": 301, "domain": "example.ch", "mailboxes": [{"name": "info"}]}],
    "drives": [{"product": 401, "users": [{"email": CLAIRE["email"], "role": "admin"}]}],
}
ENFORCE = dict.fromkeys(("users", "teams", "grants", "mailboxes", "partners"), "enforce")
USERS = {
    CLAIRE["email"]: {"first_name": "Claire", "last_name": "Favre", "role": "legal_representative"},
    ANA["email"]: {"first_name": "Ana", "last_name": "Keller", "role": "collaborator"},
}
INFO = "info@example.ch"


class World:
    """An organization, and documents that follow one another."""

    def __init__(self, cli):
        self.cli = cli

    def organization(self, **more):
        self.write("organization.yaml", ORGANIZATION | more)

    def write(self, name, data):
        Path(name).write_text(yaml.safe_dump(data))

    def want(self, *, users=USERS, **parts):
        head = {"accessplan": 1, "organization": {"id": 4242, "live": "sandbox:organization.yaml"}}
        self.write("access.yaml", head | {"policy": {"mode": ENFORCE}, "users": users} | parts)
        return self

    def plan(self, *options):
        result = self.cli("plan", "--format", "json", *options, *TODAY)
        assert result.code in (0, 2), result
        return json.loads(result.stdout)

    def changes(self, *options):
        return [f"{each['effect']} {each['address']}" for each in self.plan(*options)["resource_changes"]]

    def carry_out(self, *, attest=True):
        self.cli("plan", "--out", "plan.json", *TODAY)
        if consent(Path("access.yaml"), json.loads(Path("plan.json").read_text())):
            self.cli("plan", "--out", "plan.json", *TODAY)
        applied = self.cli("apply", "--auto-approve", *TODAY)
        assert applied.code in (0, 6), applied
        assert "WITHOUT EFFECT" not in applied.stdout
        self.cli("sandbox", "accept", "--all", *TODAY)
        assert self.cli("sandbox", "perform", "plan.json", *TODAY).code == 0
        if attest:
            assert self.cli("attest", "--all", "--by", "Claire", *TODAY).code == 0
        return self


@pytest.fixture
def world(cli, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    here = World(cli)
    here.organization()
    return here


def mailbox(access):
    return {INFO: {"delegates": {ANA["email"]: access} if access else {}}}


def ana(**more):
    return USERS | {ANA["email"]: USERS[ANA["email"]] | more}


def test_the_last_place_is_taken_back(world):
    """Where grants are enforced, a place goes also when the document names no place at all any more."""
    world.want(users=ana(grants={"drive/Team Drive": {"use": "user"}})).carry_out()
    assert world.want(users=ana(grants={})).changes() == ['revoke user["ana@example.ch"].use["drive/Team Drive"]']


def test_a_word_on_a_delegation_ends_with_it(world):
    """Who only reads by somebody's word, loses the mailbox and gets it again, is asked about anew."""
    world.want(mailboxes=mailbox("read")).carry_out()
    assert world.changes() == []
    world.want(mailboxes=mailbox("")).carry_out()
    world.want(mailboxes=mailbox("read_write")).carry_out()
    assert world.want(mailboxes=mailbox("read")).changes() == [f'weaken mailbox["{INFO}"].delegate["ana@example.ch"]']


def test_sending_again_comes_to_its_end(world):
    """From reading to writing takes a step by hand and another word, and then nothing is left."""
    world.want(mailboxes=mailbox("read")).carry_out()
    world.want(mailboxes=mailbox("read_write"))
    assert world.changes() == [f'strengthen mailbox["{INFO}"].delegate["ana@example.ch"]']
    assert world.carry_out().changes() == []


def test_a_word_counts_for_one_live_system(world):
    """What was said of a sandbox is not said of another that holds an organization of the same number."""
    world.want(partners={"WebAgency": {"access": "full"}}).carry_out()
    assert world.changes() == []
    world.write("other.yaml", ORGANIZATION)
    assert world.changes("--live", "sandbox:other.yaml") == ['grant partner["WebAgency"]']


def test_a_sandbox_that_is_filled_anew_knows_no_words(world):
    """Filled anew, a sandbox is another organization: what was said of it before counts no more."""
    world.want(partners={"WebAgency": {"access": "full"}}).carry_out()
    assert world.cli("sandbox", "seed", "organization.yaml", *TODAY).code == 0
    assert world.changes() == ['grant partner["WebAgency"]']


@pytest.mark.parametrize(
    "parts",
    [
        {"removed": [{"entry": 'partner["OldAgency"]', "reason": "over"}]},
        {"partners": {"OldAgency": {"access": "full", "until": "2026-11-01"}}},
    ],
    ids=["removed", "ended"],
)
def test_what_is_never_shown_is_asked_to_go(world, parts):
    """A partner that must be gone is a step by hand until somebody says it was done, seen or not."""
    world.organization(partners=[{"name": "OldAgency", "email": "o@old.example", "full_access": True, "wallet": True}])
    assert world.want(**parts).changes() == ['revoke partner["OldAgency"]']
    assert world.carry_out().changes() == []


def test_services_that_are_sent_anew_end_the_words_on_products(world):
    """The services of a team are sent without rights, so a word on one of its products is asked for again."""
    rights = {"domain/*": "max", "hosting/*": "max", "domain/example.ch": "technical"}
    world.want(teams={"Web": {"members": [], "grants": rights}}).carry_out()
    assert world.changes() == []
    del rights["domain/*"]
    world.want(teams={"Web": {"members": [], "grants": rights}}).carry_out(attest=False)
    assert world.changes() == ['grant team["Web"].grant["domain/example.ch"]']


def test_partnerships_that_do_not_fit_are_told(world):
    """What the live system tells of partnerships is held against what people say."""
    world.organization(partners=[{"name": "WebAgency", "email": "w@web.example", "full_access": True, "wallet": False}])
    world.want(partners={"Other": {"access": "limited", "grants": {"hosting/www": "technical"}}})
    assert [each["code"] for each in world.plan()["findings"]] == ["partner-unknown"]


def test_a_partner_that_comes_back_begins_anew(world):
    """The word that a partner is gone ends those on what they reached."""
    both = {"hosting/www": "technical", "domain/example.ch": "technical"}
    world.want(partners={"Web": {"access": "limited", "grants": both}}).carry_out()
    world.want(partners={}).carry_out()
    world.want(partners={"Web": {"access": "limited", "grants": {"hosting/www": "technical"}}}).carry_out()
    assert world.changes() == []


def test_a_waiting_invitation_holds_no_revocation_back(world):
    """While somebody's new invitation waits, what they have and must lose goes all the same."""
    bob = {"email": "bob@agency.example", "first_name": "Bob", "last_name": "Meyer", "role": "normal"}
    world.organization(
        invitations=[bob | {"sent": "-60d", "expires": "-30d"}],
        drives=[{"product": 401, "users": [{"email": bob["email"], "role": "external"}]}],
    )
    place = {"drive/Team Drive": {"use": "external", "until": "2026-11-01"}}
    wanted = {"first_name": "Bob", "last_name": "Meyer", "role": "collaborator", "grants": place}
    plan = world.want(users=USERS | {bob["email"]: wanted}).plan()
    assert [each["address"] for each in plan["waiting"]] == ['user["bob@agency.example"]']
    assert [f"{each['effect']} {each['address']}" for each in plan["resource_changes"]] == [
        'revoke user["bob@agency.example"].use["drive/Team Drive"]'
    ]


def test_what_waits_for_an_acceptance_cannot_be_attested(world):
    """Nobody can have taken sending away from somebody who has not joined yet."""
    lee = {"email": "lee@example.ch", "first_name": "Lee", "last_name": "Late", "role": "normal"}
    world.organization(invitations=[lee])
    wanted = {"first_name": "Lee", "last_name": "Late", "role": "collaborator"}
    world.want(users=USERS | {lee["email"]: wanted}, mailboxes={INFO: {"delegates": {lee["email"]: "read"}}})
    result = world.cli("attest", "--all", "--by", "Claire", *TODAY)
    assert "not recorded, since" in result.stdout
    assert world.plan()["attested"] == []
