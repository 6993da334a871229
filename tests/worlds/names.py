"""The few names of all worlds, so that they coincide; and what holds of an organization file."""

from typing import Any

from hypothesis import strategies as st

from accessplan.model import fold, normalize_email
from accessplan.services import rights_offered

Data = dict[str, Any]

OWNER = "owner@example.ch"
OUTSIDER = "x@agency.example"
"""Somebody who can be the guest of a kDrive without being in the organization."""

PEOPLE = [*(f"{letter}@example.ch" for letter in "abcdef"), OUTSIDER]
TEAMS = ["Web", "web", "Support", "Büro 2"]
PARTNERS = ["WebAgency", "WEBAGENCY", "Agency 2"]
SERVICES = ["domain", "hosting", "drive", "e_ticketing"]
PRODUCT_NAMES = ["example.ch", "shop.example.ch", "Example.CH", "Team Drive", "#7", "*", "a/b"]
TAGS = ["production", "shop"]
MAILBOXES = ["a", "b", "x", "info"]
DOMAINS = ["example.ch", "Shop.Example.ch"]
API_ROLES = {"legal_representative": "owner", "administrator": "admin", "collaborator": "normal", "external": "normal"}
BASE_ROLES = ["collaborator", "collaborator", "collaborator", "administrator", "legal_representative", "external"]

people = st.lists(st.sampled_from(PEOPLE), unique=True, min_size=1, max_size=5)
seldom = st.sampled_from([False, False, False, True])


def some(names: list[str], most: int | None = None) -> st.SearchStrategy[list[str]]:
    """Choose some of these names."""
    return st.lists(st.sampled_from(names), unique=True, max_size=most) if names else st.just([])


def unlike(names: list[str]) -> st.SearchStrategy[list[str]]:
    """Choose some of these names, no two of which look alike."""
    return st.lists(st.sampled_from(names), unique_by=fold)


def rights_on(service: str) -> st.SearchStrategy[list[str]]:
    """Choose some of the rights that a service offers."""
    return st.lists(st.sampled_from(sorted(rights_offered(service))), unique=True, min_size=1)


def products_of(organization: Data) -> list[Data]:
    """List the products of an organization file: a Mail Service is one too; kDrives of a kSuite are marked."""
    hostings = organization.get("mail_hostings", [])
    of_suite = {each["product"] for each in organization["drives"] if "ksuite" in each}
    return [
        *({**each, "of_suite": True} if each["id"] in of_suite else each for each in organization["products"]),
        *({"id": each["id"], "service": "email_hosting", "name": each["domain"]} for each in hostings),
    ]


def mailboxes_of(organization: Data) -> list[str]:
    """List the addresses of all mailboxes."""
    return [
        normalize_email(f"{mailbox['name']}@{hosting['domain']}")
        for hosting in organization.get("mail_hostings", [])
        for mailbox in hosting["mailboxes"]
    ]


def people_in(organization: Data) -> list[str]:
    """List who is in an organization, or invited to it."""
    return [each["email"] for each in (*organization["users"], *_invited(organization))]


def late_in(organization: Data) -> set[str]:
    """List whose invitation expired: whatever waits for them to accept it waits until it is sent anew."""
    return {each["email"] for each in _invited(organization) if each["expires"].startswith("-")}


def _invited(organization: Data) -> list[Data]:
    return [each for each in organization["invitations"] if each.get("status", "pending") == "pending"]
