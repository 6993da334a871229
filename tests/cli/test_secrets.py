"""No token, no link that lets its holder in, and no key is ever shown or written."""

from tests.cli.served import TOKEN, served

SECRETS = ("fake-key", "welcome.example", "kdrive.example", "url_accept", "/invitation/30", TOKEN)
"""What the sandbox gives as keys and links that let their holder in, and the token."""


def found(text):
    return [each for each in SECRETS if each in text]


def test_nothing_shows_a_secret(tmp_path):
    """Whatever is planned, done, exported or examined: neither the outputs nor the files hold a secret."""
    with served(tmp_path / "world") as here:
        runs = [
            here.run(*words.split())
            for words in (
                "plan --show-requests --verbose --out plan.json --out plan.md --out plan.txt",
                "apply --auto-approve --verbose",
                "plan --format json",
                "attest --all --by Claire",
                "export --out now.yaml",
                "export",
                "snapshot",
                "doctor",
                "doctor --format json",
            )
        ]
        assert [each.code for each in runs] == [0, 6, 0, 0, 0, 0, 0, 0, 0]
        answer = here.get("/1/accounts/4242/invitations/3002")
        assert found(answer.text), "the sandbox has secrets to look for"
    for each in runs:
        assert found(each.stdout + each.stderr) == []
    files = [file for file in here.folder.rglob("*") if file.is_file()]
    assert {"plan.json", "now.yaml", "snapshot.json", "ledger.db"} <= {file.name for file in files}
    for file in files:
        assert found(file.read_bytes().decode(errors="replace")) == [], file
