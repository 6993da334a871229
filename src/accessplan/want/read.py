"""From a path to a tree: one file, or a folder of files whose sections are united."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from stat import S_ISREG

from accessplan.finding import Finding, error, warning
from accessplan.want.names import quote
from accessplan.want.parse import parse
from accessplan.want.tree import MAX_FILES, Marks, Node, Tree, pack

MAX_BYTES = 64 * 1024 * 1024
UNITED = ("users", "teams", "roles", "mailboxes", "partners", "removed", "tests", "acknowledge")
"""Sections that several files of a folder may share."""

_VERSION = "accessplan"
_SUFFIXES = (".yaml", ".yml")


def read(path: Path) -> Tree:
    """Read a file, or every `*.yaml` and `*.yml` of a folder but hidden ones; folders inside are not read.

    Whatever is wrong with a file, its being absent included, is in the findings of the tree.

    Raises:
        InputError: PyYAML was installed without libyaml.
    """
    try:
        if not path.is_dir():
            return _read_file((path,), 0)
        inside = sorted(each for each in path.iterdir() if not _is_hidden(each.name))
    except (OSError, ValueError) as fault:
        return _nothing(path, _not_readable(path, fault))
    folders = [each for each in inside if each.is_dir()]
    files = tuple(each for each in inside if _is_document(each.name) and not each.is_dir())
    tree = _read_files(path, files)
    return replace(tree, findings=(*tree.findings, *_not_read(folders)))


def read_texts(texts: Mapping[str, bytes]) -> Tree:
    """Read the files of a document from their texts, by their names; of several the sections are united.

    Raises:
        InputError: PyYAML was installed without libyaml.
    """
    files = tuple(texts)
    if len(files) > MAX_FILES:
        return _nothing(Path(files[0]), _too_many(Path(files[0]).parent))
    if large := next((name for name, text in texts.items() if len(text) > MAX_BYTES), None):
        return _nothing(Path(large), _too_large(Path(large)))
    trees = [parse(text, files, number) for number, text in enumerate(texts.values())]
    return trees[0] if len(trees) == 1 else _unite(trees)


def _is_hidden(name: str) -> bool:
    return name.startswith(".")


def _is_document(name: str) -> bool:
    return name.endswith(_SUFFIXES) and not _is_hidden(name)


def _not_read(folders: list[Path]) -> Iterator[Finding]:
    """Name the folders that hold documents, so that nobody takes them for read."""
    for folder in folders:
        if _holds_documents(folder):
            hint = "move them up, or name the folder itself"
            yield warning("folder-inside", f"{folder} holds YAML files, which are not read", hint=hint)


def _holds_documents(folder: Path) -> bool:
    for _, inside, names in os.walk(folder):
        inside[:] = (name for name in inside if not _is_hidden(name))
        if any(map(_is_document, names)):
            return True
    return False


def _read_files(folder: Path, files: tuple[Path, ...]) -> Tree:
    if not files:
        return _nothing(folder, error("empty-folder", f"{folder} holds no YAML files", hint="name them *.yaml"))
    if len(files) > MAX_FILES:
        return _nothing(folder, _too_many(folder))
    trees = [_read_file(files, number) for number in range(len(files))]
    return trees[0] if len(trees) == 1 else _unite(trees)


def _read_file(files: tuple[Path, ...], number: int) -> Tree:
    path = files[number]
    try:
        status = path.stat()
        if not S_ISREG(status.st_mode):
            hint = "write its content to a file first"
            return _nothing(path, error("not-readable", f"{path} cannot be read: it is no regular file", hint=hint))
        with path.open("rb") as file:
            text = file.read(MAX_BYTES + 1) if status.st_size <= MAX_BYTES else None
    except (OSError, ValueError) as fault:
        return _nothing(path, _not_readable(path, fault))
    if text is None or len(text) > MAX_BYTES:
        return _nothing(path, _too_large(path))
    return parse(text, tuple(map(str, files)), number)


def _nothing(path: Path, finding: Finding) -> Tree:
    return Tree((str(path),), None, findings=(finding,))


def _too_many(folder: Path) -> Finding:
    return error("too-many-files", f"{folder} holds more than {MAX_FILES:,} YAML files")


def _too_large(path: Path) -> Finding:
    message = f"{path} is larger than {MAX_BYTES // 1024 // 1024} MiB"
    return error("file-too-large", message, hint="split it into a folder of files")


def _not_readable(path: Path, fault: OSError | ValueError) -> Finding:
    if isinstance(fault, FileNotFoundError):
        hint = "check the path, or write a first document: accessplan init"
        return error("no-such-file", f"{path} does not exist", hint=hint)
    reason = fault.strerror if isinstance(fault, OSError) else str(fault)
    return error("not-readable", f"{path} cannot be read: {reason}")


def _unite(trees: list[Tree]) -> Tree:
    """Make one map of the maps of several files; where any file is unusable, so is the whole."""
    findings = [finding for tree in trees for finding in tree.findings]
    findings += [
        error("wrong-type", "the file must be a map", tree.root.place)
        for tree in trees
        if tree.data is not None and not isinstance(tree.data, dict)
    ]
    if not all(isinstance(tree.data, dict) for tree in trees):
        return Tree((), None, findings=tuple(findings))
    sections: dict[str, list[Node]] = {}
    for key, node in (entry for tree in trees for entry in tree.root.items()):
        given = sections.setdefault(key, [])
        if not given or (key in UNITED and any(_are(kind, node, given[0]) for kind in (dict, list))):
            given.append(node)
        elif key != _VERSION or node.value != given[0].value:
            findings.append(_given_twice(key, node, given[0]))
    return _join(trees[0].files, sections, findings)


def _join(files: tuple[str, ...], sections: dict[str, list[Node]], findings: list[Finding]) -> Tree:
    data: dict[str, object] = {}
    marks = Marks()
    whole = marks.open(pack(0, 0, 0))
    for key, nodes in sections.items():
        marks.open(nodes[0].key_position)
        if len(nodes) == 1:
            data[key] = nodes[0].value
            marks.copy(nodes[0].tree.marks, nodes[0].number, nodes[0].position)
        elif isinstance(nodes[0].value, list):
            data[key] = _join_list(nodes, marks)
        else:
            data[key] = _join_section(nodes, marks, findings)
    marks.close(whole)
    return Tree(files, data, marks, tuple(findings))


def _join_section(nodes: list[Node], marks: Marks, findings: list[Finding]) -> dict[str, object]:
    section: dict[str, Node] = {}
    number = marks.open(nodes[0].position)
    for key, node in (entry for each in nodes for entry in each.items()):
        if key in section:
            findings.append(_given_twice(key, node, section[key]))
            continue
        section[key] = node
        marks.open(node.key_position)
        marks.copy(node.tree.marks, node.number, node.position)
    marks.close(number)
    return {key: node.value for key, node in section.items()}


def _join_list(nodes: list[Node], marks: Marks) -> list[object]:
    number = marks.open(nodes[0].position)
    items = [item for each in nodes for item in each.elements()]
    for item in items:
        marks.copy(item.tree.marks, item.number, item.position)
    marks.close(number)
    return [item.value for item in items]


def _are(kind: type, *nodes: Node) -> bool:
    return all(isinstance(node.value, kind) for node in nodes)


def _given_twice(key: str, second: Node, first: Node) -> Finding:
    message = f"{quote(key)} is given twice"
    return error("duplicate-key", message, second.key_place, hint=f"it is given first at {first.key_place}")
