"""What the live system knows by name: roles, rights, which service offers which right, and permissions on mailboxes.

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

DRIVE, KSUITE, KCHAT, EMAIL_HOSTING = "drive", "ksuite", "kchat", "email_hosting"

USE_ROLES: Mapping[str, tuple[str, ...]] = {
    DRIVE: ("external", "user", "admin"),
    KSUITE: ("user", "admin"),
    KCHAT: ("user", "admin"),
}
"""Roles inside a product, the weakest first, by service [openapi kdrive] [openapi core]; others have no such roles."""

INVITATION_PERMISSIONS = (
    "can_manage_filters", "can_manage_security", "can_manage_aliases", "can_manage_redirections",
    "can_manage_signatures", "can_manage_auto_reply", "can_change_password", "can_configure_mail_folders",
    "can_access_logs",
)  # fmt: skip
"""What may be permitted on a mailbox with an invitation into the organization [openapi core]."""

LEGACY_PERMISSIONS = (*INVITATION_PERMISSIONS[:8], "can_manage_chat")
"""What may be permitted on a mailbox where the organization has the old family of requests [openapi mail]."""

MAILBOX_PERMISSIONS = (*INVITATION_PERMISSIONS, "can_restore_emails", "can_manage_rules")
"""What may be permitted on a mailbox beside opening it (infomaniak.md 1.9).

`can_manage_chat` of the old family is shown by no documented answer, so it cannot be managed.
"""

SEND = "can_send_emails"
"""The permission to write, reply and react: usual, and no documented request sets it [faq 593] [kmail-app]."""

LIMITED, FULL = "limited", "full"
"""The two kinds of access of a partner [seed 002]."""

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


def in_usual_order(names: frozenset[str]) -> tuple[str, ...]:
    """Order rights or permissions as people list them; unknown ones follow by name."""
    known = tuple(each for each in (*RIGHTS, *MAILBOX_PERMISSIONS) if each in names)
    return known + tuple(sorted(names.difference(known)))
