"""The report as one HTML file: it needs no network, and runs no script but its own.

Names are hostile text: each is made visible before it comes here, the template escapes it, the data of the script is
JSON in which no tag can begin, and the browser is told which one script and style it may run, by their hashes.
"""

from __future__ import annotations

import base64
import hashlib
import json
from functools import cache
from importlib.resources import files

from jinja2 import Environment, StrictUndefined, Template
from markupsafe import Markup

from accessplan import __version__
from accessplan.report.page.charts import coverage_chart, months_chart
from accessplan.report.page.data import Page, page_of
from accessplan.report.page.overview import Overview
from accessplan.report.safe import visible

_FOLDER = files(__name__)


def render(overview: Overview) -> str:
    """Render the report; the same overview gives the same bytes."""
    page = page_of(overview)
    style, script = _text("page.css"), _text("page.js")
    return _template().render(
        page=page,
        version=__version__,
        title=f"Access to {visible(overview.organization_name)}",
        policy=_policy(style, script),
        style=Markup(style),  # noqa: S704 - our own file
        script=Markup(script),  # noqa: S704 - our own file
        data=_json(page),
        months=months_chart(page.months),
        coverage=coverage_chart(page.coverage),
    )


@cache
def _template() -> Template:
    environment = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    return environment.from_string(_text("page.html.j2"))


def _policy(style: str, script: str) -> str:
    """Allow this one style and script, and nothing else: no request, no form, no text that becomes markup."""
    return "; ".join((
        "default-src 'none'",
        f"style-src '{_hash(style)}'",
        f"script-src '{_hash(script)}'",
        "base-uri 'none'",
        "form-action 'none'",
        "require-trusted-types-for 'script'",
        "trusted-types 'none'",
    ))  # fmt: skip


def _hash(text: str) -> str:
    return f"sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}"


def _json(page: Page) -> Markup:
    """Write the data for the script; all that could begin a tag or end a line is written as a number."""
    text = json.dumps(page.for_script(), separators=(",", ":"))
    for character in "<>&":
        text = text.replace(character, f"\\u{ord(character):04x}")
    return Markup(text)  # noqa: S704 - nothing in it can be taken for markup


def _text(name: str) -> str:
    return _FOLDER.joinpath(name).read_text(encoding="utf-8")
