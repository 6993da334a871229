"""Whose token it is, where the organization does not tell."""

from __future__ import annotations

from accessplan.errors import LiveError
from accessplan.have.fields import Fields
from accessplan.have.reader import Reader
from accessplan.model import normalize_email


def ask_caller(reader: Reader) -> str:
    """Ask for the e-mail address of the token's owner, at one request; empty where it is not shown [openapi core]."""
    try:
        profile = Fields(reader.get("/2/profile"), "the profile")
    except LiveError:
        return ""
    return normalize_email(profile.text_if_any("email") or profile.text_if_any("login"))
