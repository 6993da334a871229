"""A report in which everything has the same hostile name, and such names."""

from datetime import UTC, date, datetime

from tests.reports import TODAY, grant, report

from accessplan.access import Difference, Kept, Path, Reached, Takeover, mailbox_thing
from accessplan.cause import Cause, Kind
from accessplan.change import Change
from accessplan.expect import Outcome, Verdict
from accessplan.finding import Place, error, warning
from accessplan.have.manager import partners, people, teams
from accessplan.have.manager.screens import Access
from accessplan.judgement import Judgement
from accessplan.model import Address, Delegation, Membership, Partner, Team, Use, User, user_address
from accessplan.plan import Plan, Waiting
from accessplan.policy import AccessTest, Consent, Quantity, Those
from accessplan.rail import Refusal
from accessplan.record import Record
from accessplan.report.explanation import Mark, Way
from accessplan.report.history import Told
from accessplan.report.page.overview import Forge, Overview, Pending, Sighted
from accessplan.report.report import Report, Said
from accessplan.review import Review
from accessplan.risk import Risk
from accessplan.route import Operation, Request
from accessplan.stale import Stale


def hostile(name: str) -> Report:
    """Make a report in which whatever can have a name has this one."""
    user, new = User(name, name, first_name=name, last_name=name), User(name, "external", first_name=name)
    entries = (
        new,
        Team(name, name),
        Membership(name, name),
        grant(user_address(name), f"hosting/{name}", "technical", name),
        Use(name, f"drive/{name}", name),
        Delegation(name, name, frozenset({name})),
        Partner(name, name),
    )
    place = Place(name, 1)
    changes = tuple(Change(each.address, None, each, place, attest=f"not shown {name}") for each in entries)
    gone = tuple(Change(each.address, each, None, place) for each in entries)
    renamed = Change(Team(name).address, Team(name, "a"), Team(name, name), place)
    access = [Access(f"hosting/{name}", 201, ("technical",)), Access(f"domain/{name}", 202, (name,))]
    steps = (
        people.invite_user(user, [name], access),
        people.edit_notifications(new, User(name, "external", notify_billing=True)),
        people.edit_product_access(name, access[:1]),
        teams.edit_access(name, access),
        partners.edit_wallet(Partner(name, "full", wallet=True)),
    )
    request = Request("PATCH", "/1/{name}", {"name": name}, {name: [name, user.address]})
    return report(
        organization_name=f"{name} Example SA",
        document=name,
        live=name,
        plan=Plan((*changes, renamed), gone, waiting=(Waiting(changes[0], name),), blind=(f"{name} blind",)),
        operations=(Operation(name, (changes[0],), (request,)), Operation(name, changes, (), steps, name)),
        unchecked=((changes[3], name),),
        said=(Said(changes[0].address, name, TODAY),),
        findings=(warning("code", f"what is {name}", place, address=f'user["{name}"]', hint=name),),
        judgement=judged(name, changes),
        not_covered=(f"{name} not covered",),
        base=f"{name} base",
        commit=name,
    )


def judged(name: str, changes: tuple[Change, ...]) -> Judgement:
    """Say of these changes whatever can be said, with this name in it."""
    who, through = user_address(name), (Address("team", name, "member", name), Address("team", name, "grant", name))
    path = Path(who, f"hosting/{name}", frozenset({"technical", name}), through)
    reached, kept = Reached(path.what, path.rights), Kept(path.what, path.rights, path)
    takeover = Takeover(who, who, (Address("mailbox", name, "delegate", name),), (reached,))
    addresses = tuple(change.address for change in changes)
    test = AccessTest(name, Quantity.NOBODY, Those(), path.what, warn_until=TODAY, place=Place(name, 1))
    return Judgement(
        causes={each: Cause(Kind.RENAME, is_new=position % 2 == 0, of=each) for position, each in enumerate(addresses)},
        risks={addresses[0]: (Risk(name, name),)},
        people=(Difference(who, (reached,), (reached,), (kept,), (takeover,)),),
        kept={addresses[1]: (kept,)},
        refusals=(Refusal(error("code", name, None, hint=name), addresses),),
        consented={addresses[2]: Consent("revoke", addresses[2], TODAY, name, Place(name, 1))},
        tests=tuple(Outcome(test, verdict, name, (who,), (path,)) for verdict in Verdict),
    )


def hostile_overview(name: str) -> Overview:
    """Make an overview in which whatever can have a name has this one."""
    user, partner = User(name, "external", first_name=name, last_name=name), Partner(name, "limited")
    member, of_team = Address("team", name, "member", name), Address("team", name, "grant", f"hosting/{name}")
    use, opens = Address("user", name, "use", f"drive/{name}"), Address("mailbox", name, "delegate", name)
    entries = (user.address, partner.address, member, of_team, use, opens)
    who = user.address
    ways = (
        Way(Path(who, f"hosting/{name}", frozenset({"technical", name}), (member, of_team)), Mark.LIVE),
        Way(Path(who, f"drive/{name}", frozenset({"use"}), (use,)), Mark.TO_BE_REVOKED),
        Way(Path(who, mailbox_thing(name), frozenset({"read", name}), (opens,)), Mark.NOT_IN_THE_DOCUMENT),
        Way(Path(who, f"{name}/*", frozenset({name}), (of_team,)), Mark.PLANNED),
    )
    place = Place(name, 1)
    record = Record(name, name, name, TODAY, TODAY, TODAY)
    body = {"address": ["user", name, "", ""], "email": name, "by": name, "after": None, "counts": {name: name}}
    kinds = ("attested", "invited", "seen", name)
    return Overview(
        organization_id=4242,
        organization_name=name,
        document=name,
        live=name,
        today=TODAY,
        people=(user, partner),
        ways=ways,
        pending=Pending(1, 1, blocked=True),
        what=(f"vod/{name}",),
        teams={who: (name,)},
        risks={opens: (Risk("escalation", name),)},
        stale=tuple(Stale("owner-left", each, name, name, since=TODAY, owner=name, place=place) for each in entries),
        reviews=tuple(Review(each, (name,), TODAY, TODAY, None, None, name, name, place) for each in entries),
        records=dict.fromkeys(entries, record),
        places=dict.fromkeys(entries, place),
        expiries={f"vod/{name}": TODAY},
        rows=tuple(Told(number, datetime(2026, 11, 21, tzinfo=UTC), kind, body) for number, kind in enumerate(kinds)),
        coverage=(Sighted(date(2026, 11, 1), 9, 7, 6), Sighted(TODAY, 10, 9, 8)),
        not_covered=(name,),
        commit=name,
        forge=Forge("https://forge.example/{commit}/{file}#L{line}", name, {name: name}),
    )


HOSTILE = {
    "escape": "\x1b[31mred\x1b]0;title\x07",
    "eight bit": "\x9b2J\x85",
    "lines": "one\r\ntwo\u2028three\u2029four",
    "direction": "\u202egnp.exe\u202c\u2066x\u2069\u200f",
    "invisible": "a\u200b\ufeff\u00adb",
    "tag": "flag\U000e0041\U000e007f",
    "private": "\ue000\U0010fffd",
    "markup": "[bold red]x[/bold red] :smile: [link=https://example.com]y[/]",
    "long": "w" * 10_000,
    "wide": "漢字" * 40,
    "combining": "z" + "\u0301" * 300,
    "mention": "@everyone and (@org/team), #1 GH-12 deadbeef01 user@example.ch",
    "link": "[x](javascript:alert(1)) <https://example.com> www.example.com https://example.com ![i](//e.com)",
    "html": "</details></summary><script>alert(1)</script><!-- &lt;b&gt; <img src=x onerror=alert(1)>",
    "end of a script": "</script><script>alert(1)</script><!--<script>",
    "attribute": "\" autofocus onfocus=alert(1) x=\"' onmouseover='alert(1)",
    "drawing": "<svg onload=alert(1)><animate onbegin=alert(1) attributeName=x dur=1s></svg>",
    "address": 'javascript:alert(1)//"><a href=javascript:alert(1)>x</a>',
    "template": "{{ 7 * 7 }} {% include '/etc/passwd' %} {commit.__class__}",
    "backticks": "` `` a```b `",
    "backtick": "`",
    "table": "a | b |\n| --- | --- |\n| c | d |",
    "list": "\n\n- [x] done\n1. one\n# heading\n> quote\n---\n    code\n```\nfence",
    "list at once": "1) one",
    "emphasis": "**a** _b_ ~~c~~ \\*d\\* ***",
    "formula": "=cmd|' /C calc'!A0",
    "sum": "+1+1",
    "minus": "-2+3",
    "at": "@SUM(1+1)",
    "tab": "\t=1+1",
    "wide formula": " ＝1+1",  # noqa: RUF001 - spreadsheets take it for one
    "workflow command": "::set-output name=a::b%0A::error file=c,line=1::d, 100 %25: e",
    "xml": "\x00\x08\ufffe\uffff]]></testcase><![CDATA[ &amp; \"'",
    "message": "{0} [x](1) {{y}}",
    "backslash": "\\",
    "blank": "   ",
    "none": "",
}
"""Names that would steer a terminal, hide something, or be more than text in Markdown."""

HALF = "half \ud800 a character"
"""No text at all: documents and snapshots that hold it are refused, and a finding may say so."""
