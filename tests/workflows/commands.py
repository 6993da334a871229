"""Reads a log as GitHub's runner does, and lists the commands that it takes from it."""

import re

KNOWN = {"add-mask", "add-matcher", "debug", "echo", "error", "notice", "remove-matcher", "stop-commands", "warning"}
NEW = re.compile(r"\s*::(?P<name>[^\s:]+)(?: .*?)?::(?P<said>.*)")
OLD = re.compile(r".*?##\[(?P<name>[^\s\]]+)[^\]]*\](?P<said>.*)")
"""The new way stands at the beginning of a line, after blanks; the old one anywhere in it."""


def taken(log):
    """List the commands that a log has, by name and what is said; none is taken until a stop is ended by its token."""
    commands, stop = [], ""
    for line in log.splitlines():
        names = {stop} if stop else KNOWN
        found = (match for match in (NEW.match(line), OLD.match(line)) if match and match["name"] in names)
        if match := next(found, None):
            stop = "" if stop else match["said"] if match["name"] == "stop-commands" else ""
            commands.append((match["name"], match["said"]))
    return commands


def told(log):
    """List what a log annotates, and what it asks for beside: nothing that keeps names from being commands."""
    ours = {said for name, said in taken(log) if name == "add-mask"}
    return [each for each in taken(log) if not ours & set(each)]
