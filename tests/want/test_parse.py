"""YAML text becomes data with positions, or findings."""

import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st
from syrupy.assertion import SnapshotAssertion

from accessplan.want.dump import dump
from accessplan.want.parse import MAX_ALIASED, parse
from accessplan.want.tree import Path, Tree


def read(text: str | bytes) -> Tree:
    return parse(text.encode() if isinstance(text, str) else text, ("access.yaml",))


def show(tree: Tree) -> str:
    return "\n".join(f"{each.place} {each.code}: {each.message} → {each.hint}" for each in tree.findings)


FAULTS = {
    "alias bomb": "\n".join(["a0: &a0 [x, x]", *(f"a{n}: &a{n} [*a{n - 1}, *a{n - 1}]" for n in range(1, 25))]),
    "alias inside itself": "a: &a {b: *a}",
    "alias of a refused value": "a: &x 1\na: &y 2\nb: *y",
    "alias of nothing": "grants: {*.example.ch: technical}\nb: *unknown",
    "anchor with a space": "a: * b",
    "backslash": 'a: "C:\\q"',
    "bracket left open": "a: [1, 2\nb: 3",
    "brace left open": "a: {b: 1\nc: 2}",
    "bracket too many": "{a: 1}}",
    "colon in text": "reason: fix: the shop",
    "comma too many": "a: [1,, 2]",
    "comments only": "# nothing\n",
    "control character": "é: \x07",
    "control character, escaped": 'a: "x\\x1b[0m"',
    "key given twice": "a: 1\nb: {c: 1, 'c': 2}\na: 3",
    "key is a list": "[a]: 1",
    "key is a map": "? {a: 1}\n: 1",
    "key is null": "null: 1\n~: 2\n: 3",
    "key is a number": "1: a\ntrue: b",
    "line without colon": "a: b\nc\nd: e",
    "list among keys": "a:\n  b: 1\n  - c",
    "list beside its key": "a: - b",
    "keys among a list": "- a\nb: c",
    "empty": b"",
    "indented otherwise": "a:\n  b: 1\n c: 2\n",
    "merge key": "a: &a {b: 1}\nc: {<<: *a}",
    "nested too deep": "[" * 101 + "]" * 101,
    "nothing but null": "--- ~",
    "NUL": b"a: \0",
    "quote left open": "a: 'x\nb: 1",
    "tab": "users:\n\tana: 1",
    "tag": "a: !!str 1\nb: !!python/object:os.system [x]\nc: ! d\ne: !own {}",
    "tag of another's": "a: !own!x y",
    "text with an at sign": "a: @b",
    "two documents": "a: 1\n---\nb: 2",
    "UTF-16": "a: 1".encode("utf-16"),
    "UTF-32": "a: 1".encode("utf-32"),
    "Latin-1": "é: è\nà: 1".encode("latin-1"),
    "YAML 3": "%YAML 3.0\n---\na: 1",
}


@pytest.mark.parametrize("text", FAULTS.values(), ids=FAULTS.keys())
def test_faults(text: str | bytes, snapshot: SnapshotAssertion) -> None:
    """What is no YAML, or more than we allow, is told with its place and what to do."""
    assert show(read(text)) == snapshot


def test_a_fault_hides_no_other() -> None:
    """Faults that leave the text readable are all told in one run, and the sound rest is read."""
    tree = read("a: 1\na: 2\nb: !x 3\n4: 5\nc: *z\n<<: {}\nd: [*z, 6]")

    assert [each.code for each in tree.findings] == [
        "duplicate-key",
        "yaml-tag",
        "key-not-text",
        "unknown-alias",
        "merge-key",
        "unknown-alias",
    ]
    assert tree.data == {"a": 1, "b": 3, "d": [6]}
    assert tree.place(("d", 0)).column == 9


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("~", None),
        ("null", None),
        ("", None),
        ("true", True),
        ("FALSE", False),
        ("12", 12),
        ("-3", -3),
        ("0", 0),
        ("007", "007"),
        ("+1", "+1"),
        ("1e5", "1e5"),
        ("1.5", "1.5"),
        ("0x1F", "0x1F"),
        ("1_000", "1_000"),
        ("9" * 19, "9" * 19),
        ("9" * 5000, "9" * 5000),
        ("yes", "yes"),
        ("off", "off"),
        ("2026-12-31", "2026-12-31"),
        ("12:30", "12:30"),
        ("'12'", "12"),
        ('"true"', "true"),
        ('""', ""),
        ("|\n  12\n", "12\n"),
    ],
)
def test_scalars(text: str, value: object) -> None:
    """Only null, true, false and plain whole numbers are no text."""
    tree = read(f"a: {text}")

    assert tree.data == {"a": value}
    assert type(tree.data["a"]) is type(value)


TEXT = """\
plain: one
"quoted key":   'two'
flow: {a: 1, b: [x, "y z", {c: 3}]}
block:
  - first
  -   second
  - k: v
text: |
  many
  lines
😀: é  # wide
alias: &x {p: 1}
again: *x
empty:
"""


@pytest.mark.parametrize(
    ("path", "key", "value"),
    [
        (("plain",), (1, 1), (1, 8)),
        (("quoted key",), (2, 1), (2, 17)),
        (("flow", "a"), (3, 8), (3, 11)),
        (("flow", "b"), (3, 14), (3, 17)),
        (("flow", "b", 1), (3, 21), (3, 21)),
        (("flow", "b", 2, "c"), (3, 29), (3, 32)),
        (("block",), (4, 1), (5, 3)),
        (("block", 1), (6, 7), (6, 7)),
        (("block", 2, "k"), (7, 5), (7, 8)),
        (("text",), (8, 1), (8, 7)),
        (("😀",), (11, 1), (11, 4)),
        (("again",), (13, 1), (13, 8)),
        (("again", "p"), (12, 12), (12, 15)),
        (("empty",), (14, 1), (14, 7)),
        ((), (1, 1), (1, 1)),
    ],
)
@pytest.mark.parametrize("prefix", ["", "\ufeff"], ids=["", "BOM"])
def test_positions(path: Path, key: tuple[int, int], value: tuple[int, int], prefix: str) -> None:
    """Every key and value knows its line and column, counted in characters from 1."""
    tree = read(prefix + TEXT)

    assert tree.key_place(path)[1:] == key
    assert tree.place(path)[1:] == value


def test_every_position_has_its_node() -> None:
    """Walking the data and walking the positions lead to the same nodes."""
    tree = read(TEXT)

    def walk(path: Path, value: object) -> None:
        assert tree.node(path).value == value
        if isinstance(value, dict):
            for key, each in value.items():
                walk((*path, key), each)
        if isinstance(value, list):
            for position, each in enumerate(value):
                walk((*path, position), each)

    walk((), tree.data)
    assert len(tree.marks.at) == len(tree.marks.end) == tree.marks.end[0]


def test_aliases_within_bounds_are_followed() -> None:
    """An alias means what its anchor names, again and again, up to a total."""
    tree = read("a: &a [x]\nb: &b {c: *a, d: *a}\ne: [*b, *b]")

    assert not tree.findings
    assert tree.data == {"a": ["x"], "b": {"c": ["x"], "d": ["x"]}, "e": [{"c": ["x"], "d": ["x"]}] * 2}
    assert tree.place(("e", 1, "d", 0))[1:] == (1, 8)
    assert MAX_ALIASED > 100_000


@pytest.mark.parametrize(
    "use",
    [
        "from accessplan.want.parse import parse; parse(b'a: 1', ('access.yaml',))",
        "from accessplan.want.dump import dump; dump({'a': 1})",
    ],
)
def test_without_libyaml(use: str) -> None:
    """A PyYAML without libyaml is told apart from a fault of the document, with the way out."""
    without = "import sys; sys.modules['yaml._yaml'] = None\n"
    caught = (
        f"from accessplan.errors import InputError\ntry: {use}\nexcept InputError as error: print(error, error.remedy)"
    )

    done = subprocess.run([sys.executable, "-c", without + caught], capture_output=True, text=True, check=False)

    assert done.stderr == ""
    assert done.stdout == "PyYAML lacks libyaml install it from a wheel: pip install --force-reinstall pyyaml\n"


PLAIN = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(10**17), 10**17)
    | st.text(st.characters(exclude_categories=["Cc", "Cs"])),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(st.characters(exclude_categories=["Cc", "Cs"])), inner),
    max_leaves=20,
)


@given(PLAIN.filter(lambda data: data is not None))
def test_what_is_dumped_reads_back(data: object) -> None:
    """Reading what was dumped gives the same data, whatever the names are."""
    tree = read(dump(data))

    assert not tree.findings
    assert tree.data == data


@given(st.text() | st.text("{}[]:-&*!<>|'\"%@#?, \n\tab1"))
def test_no_text_crashes_the_reader(text: str) -> None:
    """Any text gives data or findings, and a place for every part."""
    tree = read(text.encode("utf-8", "surrogatepass"))

    assert tree.data is not None or tree.findings
    if tree.data is not None:
        assert tree.marks.end[0] == len(tree.marks.at)
