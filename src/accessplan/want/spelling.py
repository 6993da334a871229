"""The policy of a document in the names that the live organization has for teams, partners and products."""

from __future__ import annotations

from dataclasses import replace

from accessplan.model import GRANT, TEAM, USE, Address, Partner, State, Team, fold
from accessplan.policy import Policy
from accessplan.want.document import Document
from accessplan.want.reach import Reach


def in_live_words(document: Document, live: State, reach: Reach) -> Policy:
    """Return the policy with its addresses, teams and products as the live organization calls them.

    Else a rail that protects `team["WEB"]` would pass over the team `Web`.
    """
    policy, life = document.policy, document.policy.life
    names = {
        (entry.address.kind, fold(entry.name)): entry.name
        for entry in live.entries.values()
        if isinstance(entry, Team | Partner)
    }

    def name_of(kind: str, name: str) -> str:
        return names.get((kind, fold(name)), name)

    def settled(address: Address) -> Address:
        key = reach.target(address.key) if address.part in (GRANT, USE) else address.key
        return address._replace(name=name_of(address.kind, address.name), key=key)

    return replace(
        policy,
        rails=replace(
            policy.rails,
            protected=tuple(replace(each, address=settled(each.address)) for each in policy.rails.protected),
        ),
        tests=tuple(
            replace(test, those=replace(test.those, team=name_of(TEAM, test.those.team))) for test in policy.tests
        ),
        consents=tuple(replace(each, address=settled(each.address)) for each in policy.consents),
        life=replace(
            life,
            lifetimes=document.demands.days,
            exemptions=tuple(replace(each, address=settled(each.address)) for each in life.exemptions),
        ),
    )
