"""A hook of MkDocs: pages link to files outside of docs/ too, and do so in the site as they do in the repository.

These files come into the site, the README as its first page, and links are bent to where they lie there. Where one
leads to what the site does not have, such as a folder, its text is left.
"""

from __future__ import annotations

import posixpath
import re
from pathlib import Path

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files
from mkdocs.structure.pages import Page

ROOT = Path(__file__).resolve().parent.parent
DOCS = "docs/"

OUTSIDE = (
    "README.md", "CHANGELOG.md", "CONTRIBUTING.md", "SECURITY.md", "LICENSE",
    "examples/*.yaml", "schemas/*.json", "tests/stories/*.md", "ci/gitlab/*.yml",
)  # fmt: skip
"""What comes into the site from elsewhere in the repository."""

LINK = re.compile(r"\[(?P<text>[^\]]*)\]\((?P<path>[^)\s#]+)(?P<place>#[^)\s]*)?\)")


def on_files(files: Files, config: MkDocsConfig) -> Files:
    """Add the files from outside of docs/."""
    for path in sorted(each for pattern in OUTSIDE for each in ROOT.glob(pattern)):
        name = path.relative_to(ROOT).as_posix()
        files.append(File.generated(config, in_site(name), abs_src_path=str(path)))
    return files


def on_page_markdown(markdown: str, page: Page, config: MkDocsConfig, files: Files) -> str:  # noqa: ARG001 - MkDocs'
    """Bend the links of a page to where things lie in the site."""
    here = page.file.src_uri
    origin = posixpath.dirname(in_repository(here))

    def bent(link: re.Match[str]) -> str:
        path = posixpath.normpath(posixpath.join(origin, link["path"]))
        if "://" in link["path"] or not (ROOT / path).exists():
            return link[0]
        if files.get_file_from_path(in_site(path)) is None:
            return link["text"]
        there = posixpath.relpath(in_site(path), posixpath.dirname(here) or ".")
        return f"[{link['text']}]({there}{link['place'] or ''})"

    return LINK.sub(bent, markdown)


def in_site(path: str) -> str:
    """Return where a file of the repository lies in the site."""
    return "index.md" if path == "README.md" else path.removeprefix(DOCS)


def in_repository(place: str) -> str:
    """Return which file of the repository a page of the site is."""
    if place == "index.md":
        return "README.md"
    return f"{DOCS}{place}" if (ROOT / DOCS / place).exists() else place
