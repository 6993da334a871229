"""Read what a user or role says of billing and of mails."""

from __future__ import annotations

from accessplan.want.document import UNSAID, Said, Settings
from accessplan.want.tree import Node

_KEYS = ("billing", "notifications")


def read_settings(entry: Node) -> Settings:
    """Read `billing` and `notifications`; what is not said is not managed."""
    if not isinstance(entry.value, dict) or entry.value.keys().isdisjoint(_KEYS):
        return UNSAID
    notifications = entry.get("notifications")
    return Settings(_said(entry, "billing"), _said(notifications, "billing"), _said(notifications, "products"))


def _said(entry: Node | None, key: str) -> Said | None:
    node = entry.get(key) if entry else None
    return Said(node.value, node.place) if node and isinstance(node.value, bool) else None
