"""A document is read and checked without the live system."""

import json
from collections.abc import Callable, Iterable
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from syrupy.assertion import SnapshotAssertion

from accessplan.finding import Finding, has_errors
from accessplan.plan import Mode
from accessplan.want.document import Role
from accessplan.want.load import Loaded, load

REPOSITORY = Path(__file__).parents[2]
KUBERNETES = REPOSITORY.parent / "shared" / "data" / "kubernetes" / "access.yaml"

HEAD = "accessplan: 1\norganization: {id: 4242}\n"


def user(email: str, extra: str = "role: collaborator") -> str:
    return f"  {email}: {{first_name: A, last_name: B, {extra}}}\n"


def ana(extra: str) -> str:
    return HEAD + "users:\n" + user("ana@example.ch", extra)


FAULTS = {
    "no organization": "accessplan: 1",
    "unknown time zone": "accessplan: 1\norganization: {id: 4242, timezone: Europe/Zürich}",
    "a region for a time zone": "accessplan: 1\norganization: {id: 4242, timezone: Europe}",
    "unknown role": ana("role: collaborater") + "roles: {editor: {base: externl}}",
    "roles in a circle": HEAD + "roles: {a: {base: b}, b: {base: c}, c: {base: a}, d: {base: a}, e: {base: e}}",
    "role with a taken name": HEAD + "roles: {external: {base: collaborator}}",
    "unknown member and leader": HEAD
    + "users:\n"
    + user("ana@example.ch")
    + "teams:\n  Web: {leader: anna@example.ch, members: [ana@example.com, bob@agency.example]}",
    "unknown team": ana("role: external, teams: [Wbe]") + "teams: {Web: {}}",
    "no teams at all": ana("role: external, teams: [Web]"),
    "one address twice": HEAD + "users:\n" + user("Ana@Example.ch") + user("ana@example.ch"),
    "no e-mail addresses": HEAD
    + "users:\n"
    + "".join(user(each) for each in ("ana", "'ana @example.ch'", "ana@localhost", "'@example.ch'", "'a\u202e@x.ch'"))
    + "teams:\n  Web: {leader: x, members: [y]}",
    "owner is no e-mail address": ana("role: external, owner: Claire, grants: {all: {manage: max, owner: Bob}}"),
    "dates": ana(
        "role: external, since: 2026-02-30, until: 2026-13-01, reviewed: 0000-01-01, "
        "grants: {domain/x.ch: {manage: technical, since: 2026-12-31, until: 2026-12-01}}"
    ),
    "dates that have passed": ana(
        "role: external, until: 2026-06-29, grants: {domain/x.ch: {manage: technical, until: 2026-06-30}, "
        "domain/y.ch: {manage: technical, until: 2026-01-01}}"
    ),
    "selectors": ana(
        "role: external, grants: {domain: technical, /x: technical, domain/: technical, "
        "'hosting/#x': technical, hosting/@: technical, everything: max}"
    ),
    "unknown service": ana("role: external, grants: {domains/x.ch: technical, xyz/*: max}"),
    "rights not offered": ana(
        "role: external, grants: {domain/x.ch: [technical, statistic], hosting/*: {manage: sale}, "
        "e_ticketing/*: sale, all: [check, sale]}"
    ),
    "future": ana(
        "role: external, grants: {hosting/x.ch: {manage: max, future: true}, "
        "hosting/*: {manage: max, future: false}, all: {manage: max, future: false}}"
    ),
    "listed twice": ana("role: external, teams: [Web, Web], grants: {hosting/x: [technical, technical]}")
    + "teams: {Web: {members: [ana@example.ch, ANA@example.ch]}}",
    "grants of people who govern": ana("role: boss, grants: {all: max}")
    + user("bob@example.ch", "role: legal_representative, grants: {all: max}")
    + user("eve@example.ch", "role: administrator, grants: {}")
    + "roles: {boss: {base: administrator, grants: {domain/*: max}}}",
    "teams too alike": HEAD + "teams: {Zoë: {}, ZOE\u0308: {}, Web: {}, web: {}}",
    "names of teams": HEAD + f"teams: {{'': {{}}, {'x' * 128}: {{}}, {'y' * 129}: {{}}}}",
    "leader who is no member": HEAD
    + "users:\n"
    + user("ana@example.ch", "role: external, teams: [Ops]")
    + "teams:\n  Web: {leader: ana@example.ch, members: []}\n"
    "  Ops: {leader: ana@example.ch, members: []}\n"
    "  Dev: {leader: ana@example.ch}",
    "faults of every kind at once": "accessplan: 1\naccessplan: 1\norganization: {id: x}\nusers:\n"
    + user("ana@example.ch", "role: extrnal, grants: {domain/x.ch: [statistic, foo]}, until: 2026-02-30")
    + user("bob", "rolle: external")
    + "teams: {Web: {members: [eve@example.ch, 5]}}",
}


@pytest.mark.parametrize("text", FAULTS.values(), ids=FAULTS.keys())
def test_faults(
    text: str,
    load_text: Callable[[str], Loaded],
    show: Callable[[Iterable[Finding]], str],
    snapshot: SnapshotAssertion,
) -> None:
    """What does not fit together is told with its place, its entry, and how to mend it."""
    assert show(load_text(text).findings) == snapshot


def test_a_document_is_understood(load_text: Callable[[str], Loaded]) -> None:
    """Roles come down to a base role with all grants on the way; e-mail addresses are normalized."""
    loaded = load_text(
        """\
accessplan: 1
organization: {id: 4242, name: Example, live: "sandbox:x.yaml"}
policy: {mode: {users: enforce}}
roles:
  editor: {base: writer, grants: {hosting/www: technical}}
  writer: {base: collaborator, grants: {mailing/*: max}}
users:
  Ana@Example.ch: {first_name: 007, last_name: Keller, role: editor, until: 2026-12-31}
teams:
  Web: {leader: ANA@example.ch}
"""
    )
    document = loaded.document

    assert not loaded.findings
    assert document.modes == {"users": Mode.ENFORCE}
    assert (document.organization.id, document.organization.timezone) == (4242, "Europe/Zurich")
    assert document.roles["collaborator"] == Role("collaborator")
    editor = document.roles["editor"]
    assert (editor.base, [grant.address.key for grant in editor.grants.items]) == (
        "collaborator",
        ["hosting/www", "mailing/*"],
    )
    assert [sorted(grant.rights) for grant in editor.grants.items] == [["technical"], ["statistic", "technical"]]
    (ana,) = document.users.items
    assert (ana.email, ana.first_name, ana.period.until) == ("ana@example.ch", "007", date(2026, 12, 31))
    assert str(ana.place) == "access.yaml:8:3"
    assert (ana.grants.place, ana.teams.place) == (None, None)
    (web,) = document.teams.items
    assert web.leader is not None
    assert (web.leader.name, web.members.place) == ("ana@example.ch", None)


def test_members_need_no_users_section(load_text: Callable[[str], Loaded]) -> None:
    """Where users are not managed, members are checked later, with the live system."""
    assert not load_text(HEAD + "teams: {Web: {leader: ana@example.ch, members: [ana@example.ch]}}").findings


def test_a_missing_file_is_a_finding(now: datetime) -> None:
    """Nothing that a user may give makes loading fail."""
    loaded = load(Path("nowhere.yaml"), now)

    assert [each.code for each in loaded.findings] == ["no-such-file"]
    assert loaded.today == date(2026, 6, 30)
    assert loaded.document.organization.timezone == "Europe/Zurich"


@pytest.mark.parametrize(
    ("timezone", "today", "passed"),
    [
        ("", date(2026, 7, 1), ["until-passed"]),
        ("timezone: Europe/Zurich", date(2026, 7, 1), ["until-passed"]),
        ("timezone: America/New_York", date(2026, 6, 30), []),
        ("timezone: Nowhere", date(2026, 7, 1), ["unknown-timezone", "until-passed"]),
        ("timezone: [Europe/Zurich]", date(2026, 7, 1), ["wrong-type", "until-passed"]),
    ],
)
def test_days_are_those_of_the_organization(timezone: str, today: date, passed: list[str], tmp_path: Path) -> None:
    """A day ends when it ends in the organization's time zone; without one that exists, in Zurich."""
    path = tmp_path / "access.yaml"
    path.write_text(
        f"accessplan: 1\norganization: {{id: 4242, {timezone}}}\nusers:\n"
        + user("ana@example.ch", "role: external, until: 2026-06-30")
    )

    loaded = load(path, datetime(2026, 6, 30, 23, 30, tzinfo=UTC))

    assert loaded.today == today
    assert [each.code for each in loaded.findings] == passed


def test_a_pinned_day_holds_in_every_time_zone(tmp_path: Path) -> None:
    """The day that is given is the day, whatever the clock says."""
    path = tmp_path / "access.yaml"
    path.write_text(HEAD + "users:\n" + user("ana@example.ch", "role: external, until: 2026-06-30"))

    loaded = load(path, datetime(2026, 6, 30, 23, 30, tzinfo=UTC), date(2026, 6, 30))

    assert (loaded.today, loaded.findings) == (date(2026, 6, 30), ())


@pytest.mark.parametrize(
    ("written", "known", "hint"),
    [
        ("gone@x.ch", "o@x.ch", ""),
        ("b@x.ch", "a@x.ch", ""),
        ("u1@x.ch", "u2@x.ch", ""),
        ("ana.keller@x.ch", "eva.keller@x.ch", ""),
        ("ana@agency.example", "ana@example.ch", ""),
        ("ana@x.ch", "anna@x.ch", "anna@x.ch"),
        ("bbo@x.ch", "bob@x.ch", "bob@x.ch"),
        ("ana.kelller@x.ch", "ana.keller@x.ch", "ana.keller@x.ch"),
        ("ana@example.com", "ana@example.ch", "ana@example.ch"),
        ("ana@exmaple.ch", "ana@example.ch", "ana@example.ch"),
    ],
)
def test_only_a_slip_of_the_hand_is_put_right(
    written: str, known: str, hint: str, load_text: Callable[[str], Loaded]
) -> None:
    """An unknown address is taken for another only where one slip explains it: it may be another person's."""
    loaded = load_text(HEAD + "users:\n" + user(known) + f"teams: {{Web: {{members: [{written}]}}}}")

    assert [each.hint for each in loaded.findings] == [f'did you mean "{hint}"?' if hint else ""]


@pytest.mark.skipif(not KUBERNETES.exists(), reason="the data is not here")
def test_a_real_organization(now: datetime) -> None:
    """The access configuration of a real organization has no fault."""
    loaded = load(KUBERNETES, now)

    assert not loaded.findings
    assert len(loaded.document.users.items) == 1276


@pytest.mark.parametrize("example", sorted((REPOSITORY / "examples").rglob("access.yaml")), ids=str)
def test_examples(example: Path, now: datetime) -> None:
    """The examples have no faults."""
    assert not has_errors(load(example, now).findings)


NAMES = st.text(min_size=1) | st.sampled_from(
    ["x" * 5000, "\u202eevil", "👩‍👩‍👧", "\x1b[31m", "a\0b", "<<", "=", "null", "- x", "*a"]
)


@given(NAMES, NAMES, NAMES, NAMES)
def test_hostile_names_never_crash(tmp_path_factory: pytest.TempPathFactory, a: str, b: str, c: str, d: str) -> None:
    """Whatever things are called, there is a document or there are findings that can be shown."""
    path = tmp_path_factory.getbasetemp() / "hostile.yaml"
    texts = [quoted(each) for each in (a, b, c, d)]
    entry = quoted(f"team[{json.dumps(a)}]")
    path.write_text(
        f"accessplan: 1\norganization: {{id: 1, name: {texts[0]}, timezone: {texts[1]}}}\n"
        f"roles: {{? {texts[2]} : {{base: {texts[3]}, grants: {{? {texts[0]} : {texts[1]}}}}}}}\n"
        f"users: {{? {texts[0]} : {{first_name: {texts[1]}, last_name: x, role: {texts[2]}, teams: [{texts[3]}]}}}}\n"
        f"teams: {{? {texts[1]} : {{leader: {texts[0]}, members: [{texts[2]}], {texts[3]}: 1}}}}\n"
        f"mailboxes: {{? {texts[2]} : {{delegates: {{? {texts[3]} : {texts[0]}}}}}}}\n"
        f"partners: {{? {texts[3]} : {{access: {texts[1]}, grants: {{? {texts[2]} : {{use: {texts[0]}}}}}}}}}\n"
        f"removed: [{{entry: {texts[0]}}}, {{entry: {entry}}}, {{entry: {entry}}}]\n"
        f"policy: {{rails: {{legal_representatives: {{required: [{texts[0]}]}}, protect: [{texts[1]}, {entry}]}},\n"
        f"  metadata: {{external: [{texts[2]}]}}, lifetime: {{external: {texts[3]}}}}}\n"
        f"tests: [{{name: {texts[0]}, nobody: {{role: {texts[1]}, team: {texts[2]}, user: {texts[3]},\n"
        f"  reaches: {texts[0]}, with: {texts[1]}}}}}, {{name: {texts[0]}, count: {{role: {texts[2]}}}}}]\n"
        f"acknowledge: [{{change: {texts[0]}, until: 2026-07-01, reason: {texts[1]}}}]\n",
        encoding="utf-8",
    )

    loaded = load(path, datetime(2026, 6, 30, 12, tzinfo=UTC))

    assert loaded.findings
    for each in loaded.findings:
        assert each.message.isprintable()
        assert len(each.message) < 400


def quoted(text: str) -> str:
    """Write text in double quotes, everything unusual escaped."""
    return (
        '"'
        + "".join(
            f"\\U{ord(each):08x}" if not each.isalnum() else each for each in text if not 0xD800 <= ord(each) < 0xE000
        )
        + '"'
    )
