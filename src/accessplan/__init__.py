"""Access as code for Infomaniak organizations."""

__version__ = "0.1.0"
