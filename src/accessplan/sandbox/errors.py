"""What the sandbox says no to, outside of HTTP."""


class SandboxError(Exception):
    """Every fault the sandbox foresees."""


class StoreError(SandboxError):
    """The database file cannot be used."""


class SeedError(SandboxError):
    """An entry of the organization file cannot be taken as it stands."""


class Refused(SandboxError):
    """A person could not do that in the Manager; the text says why."""
