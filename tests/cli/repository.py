"""A throw-away Git repository with a small organization, whose document says just what is live."""

import os
import subprocess
from dataclasses import dataclass
from pathlib import Path

ORGANIZATION = """\
organization: {id: 4242, name: Example SA}
token_user: claire@example.ch
products:
  - {id: 201, service: hosting, name: www.example.ch}
  - {id: 301, service: email_hosting, name: example.ch}
users:
  - {email: claire@example.ch, first_name: Claire, last_name: Favre, role: owner}
  - {email: ana@example.ch, first_name: Ana, last_name: Keller, role: normal}
  - {email: luca@example.ch, first_name: Luca, last_name: Roth, role: normal,
     grants: [{product: 201, rights: [technical]}]}
teams:
  - {name: Web, leader: ana@example.ch, services: [hosting], members: [ana@example.ch]}
  - {name: Mail, leader: luca@example.ch, services: [email_hosting], members: [luca@example.ch]}
mail_hostings:
  - {id: 301, domain: example.ch, family: webmail, mailboxes: [{name: info, accesses: []}, {name: luca, accesses: []}]}
"""

DOCUMENT = """\
accessplan: 1
organization: {id: 4242, live: 'sandbox:organization.yaml'}
policy:
  mode: {users: enforce, teams: enforce, grants: enforce}
  rails: {removals: {users: {count: 1, share: 50%}, grants: {share: 100%}}}
users:
  claire@example.ch: {first_name: Claire, last_name: Favre, role: legal_representative}
  ana@example.ch: {first_name: Ana, last_name: Keller, role: collaborator}
  luca@example.ch:
    first_name: Luca
    last_name: Roth
    role: collaborator
    grants:
      hosting/www.example.ch: technical
teams:
  Web:
    leader: ana@example.ch
    members: [ana@example.ch]
    grants: {hosting/*: [technical, statistic]}
  Mail:
    leader: luca@example.ch
    members: [luca@example.ch]
    grants: {email_hosting/*: [technical, statistic]}
"""

MAILBOXES = "mailboxes: {info@example.ch: {delegates: {}}}\n"
"""What a document may say besides."""


@dataclass(frozen=True)
class Repository:
    """A folder in which people commit; `document` is the path of the document in it."""

    folder: Path
    document: str = "access.yaml"

    def git(self, *arguments, at="2026-11-02T12:00:00+01:00", author="Claire Favre"):
        plain = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
        mine = {
            "GIT_CONFIG_GLOBAL": os.devnull,
            "GIT_CONFIG_NOSYSTEM": "1",
            "GIT_AUTHOR_NAME": author,
            "GIT_AUTHOR_EMAIL": "claire@example.ch",
            "GIT_COMMITTER_NAME": author,
            "GIT_COMMITTER_EMAIL": "claire@example.ch",
            "GIT_AUTHOR_DATE": at,
            "GIT_COMMITTER_DATE": at,
        }
        done = subprocess.run(
            ["git", "-C", self.folder, *arguments], env=plain | mine, capture_output=True, text=True, check=True
        )
        return done.stdout.strip()

    def commit(self, message="Describe everybody", **more):
        """Commit everything that is there."""
        self.git("add", "--all", **more)
        self.git("commit", "-q", "--allow-empty", "-m", message, **more)

    def change(self, *replacements, file=""):
        """Write something else for parts of the document."""
        path = self.folder / (file or self.document)
        text = path.read_text()
        for old, new in replacements:
            assert text.count(old) == 1, f"{old} is in the document {text.count(old)} times"
            text = text.replace(old, new)
        path.write_text(text)

    def add(self, yaml):
        """Write more at the end of the document."""
        path = self.folder / self.document
        path.write_text(path.read_text() + yaml)


def untrusted(monkeypatch, folder):
    """Let Git take a repository for somebody else's, by the switch that it has for its own tests."""
    monkeypatch.setenv("GIT_TEST_ASSUME_DIFFERENT_OWNER", "1")
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", os.devnull)
    asked = subprocess.run(["git", "-C", folder, "status"], capture_output=True, text=True, check=False)
    assert "safe.directory" in asked.stderr, "this Git trusts everybody"


def begin(folder):
    """Make the repository; what main has is live."""
    repository = Repository(folder)
    (folder / "organization.yaml").write_text(ORGANIZATION)
    (folder / "access.yaml").write_text(DOCUMENT)
    (folder / ".gitignore").write_text(".accessplan/\n")
    repository.git("init", "-q", "-b", "main")
    repository.commit()
    return repository
