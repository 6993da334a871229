"""The expressions that the workflows use, evaluated as GitHub does. Whatever is not known here fails the test."""

import re

TOKEN = re.compile(r"\s*(?:(?P<text>'(?:[^']|'')*')|(?P<sign>&&|\|\||==|!=|!|\(|\))|(?P<name>[A-Za-z_][\w.-]*))")
PLACE = re.compile(r"\$\{\{(.*?)\}\}")
STATUS = re.compile(r"\b(?:always|success|failure|cancelled)\(")


class UnknownExpression(Exception):
    """It is not one of those that this runner knows, so no test may rely on it."""


def filled(text, find):
    """Fill the places of a text; `find` gives the value of a name. One place alone keeps its kind."""
    if not isinstance(text, str):
        return text
    if (alone := PLACE.fullmatch(text.strip())) and text.count("${{") == 1:
        return value(alone[1], find)
    filled_text = PLACE.sub(lambda place: spelled(value(place[1], find)), text)
    if "${{" in filled_text:
        raise UnknownExpression(text)
    return filled_text


def holds(condition, find, *, well):
    """Tell whether a step or a job is to run; a condition without a status function asks that all went well."""
    if condition is None:
        return well
    text = str(condition).removeprefix("${{").removesuffix("}}")
    if STATUS.search(text):
        raise UnknownExpression(text)
    return well and truth(value(text, find))


def value(text, find):
    """Evaluate one expression."""
    tokens, at = [], 0
    while text[at:].strip():
        match = TOKEN.match(text, at)
        if match is None:
            raise UnknownExpression(text)
        tokens.append(match)
        at = match.end()
    found, rest = _either(tokens, find)
    if rest:
        raise UnknownExpression(text)
    return found


def spelled(found):
    """Write a value as GitHub puts it into a text."""
    return str(found).lower() if isinstance(found, bool) else str(found)


def truth(found):
    return found not in (False, "", 0, None)


def _either(tokens, find):
    left, tokens = _both(tokens, find)
    while _sign(tokens) == "||":
        right, tokens = _both(tokens[1:], find)
        left = left if truth(left) else right
    return left, tokens


def _both(tokens, find):
    left, tokens = _equal(tokens, find)
    while _sign(tokens) == "&&":
        right, tokens = _equal(tokens[1:], find)
        left = right if truth(left) else left
    return left, tokens


def _equal(tokens, find):
    left, tokens = _one(tokens, find)
    while (sign := _sign(tokens)) in ("==", "!="):
        right, tokens = _one(tokens[1:], find)
        if type(left) is not type(right):
            raise UnknownExpression(f"{left!r} {sign} {right!r}: GitHub would change one into the other's kind")
        left = (left == right) == (sign == "==")
    return left, tokens


def _one(tokens, find):
    if not tokens:
        raise UnknownExpression("the end")
    first, tokens = tokens[0], tokens[1:]
    if first["sign"] == "!":
        found, tokens = _one(tokens, find)
        return not truth(found), tokens
    if first["sign"] == "(":
        found, tokens = _either(tokens, find)
        if _sign(tokens) != ")":
            raise UnknownExpression("a ( without its )")
        return found, tokens[1:]
    if first["text"]:
        return first["text"][1:-1].replace("''", "'"), tokens
    if not first["name"] or _sign(tokens) == "(":
        raise UnknownExpression(first[0])
    name = first["name"]
    return (name == "true" if name in ("true", "false") else find(name)), tokens


def _sign(tokens):
    return tokens[0]["sign"] if tokens else None
