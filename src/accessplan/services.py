"""What the live system knows by name: roles, rights, and which service offers which right.

Sources: infomaniak.md 1.2 (roles), 1.6 (rights), 5.6 (services). Which services lack statistics beside domains, and
whether others than ticketing have ticket and sales control, is not documented: a service that is not named here
offers `technical` and `statistic`.
"""

from __future__ import annotations

from collections.abc import Mapping

LEGAL_REPRESENTATIVE = "legal_representative"
ADMINISTRATOR = "administrator"
COLLABORATOR = "collaborator"
EXTERNAL = "external"

ROLES = (EXTERNAL, COLLABORATOR, ADMINISTRATOR, LEGAL_REPRESENTATIVE)
"""The base roles, the weakest first."""

GOVERNING_ROLES = frozenset({ADMINISTRATOR, LEGAL_REPRESENTATIVE})
"""Roles that reach every product already: grants change nothing for them [faq 1610]."""

RIGHTS = ("technical", "statistic", "check", "sale")
"""What one may manage of a product [openapi core]."""

LANGUAGES = ("de", "en", "es", "fr", "it")

SERVICES = (
    "ai_tools", "backup", "certificate", "cloud", "cloud_hd", "custom_url", "dedicated_server", "domain", "drive",
    "e_ticketing", "email_hosting", "hosting", "housing", "invitation", "jelastic", "kchat", "ksuite", "mailing", "nas",
    "public_cloud", "radio", "swiss_backup", "video", "vod", "web_hosting", "website_builder",
)  # fmt: skip
"""Names the API documents for products [openapi core], and kchat; an organization may have others."""

_OFFERED: Mapping[str, frozenset[str]] = {
    "domain": frozenset({"technical"}),
    "e_ticketing": frozenset(RIGHTS),
}
_USUAL = frozenset({"technical", "statistic"})


def rights_offered(service: str) -> frozenset[str]:
    """Return the rights one can hold on products of a service."""
    return _OFFERED.get(service, _USUAL)


def in_usual_order(rights: frozenset[str]) -> tuple[str, ...]:
    """Order rights as people list them; unknown ones follow by name."""
    known = tuple(right for right in RIGHTS if right in rights)
    return known + tuple(sorted(rights.difference(RIGHTS)))
