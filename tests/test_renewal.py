"""An invitation that is sent anew: when, and what of the one before it keeps."""

from dataclasses import replace

import pytest

from accessplan.change import Change, needs_renewal
from accessplan.have.live import Live
from accessplan.have.routes import route
from accessplan.model import State, User, same_name
from accessplan.select import Catalogue

ZOE = User("zoe@example.ch", "collaborator", first_name="Zo\u00eb", last_name="De Luca", language="fr", invited=True)


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("Zo\u00eb", "Zoe\u0308", True),
        ("Bob ", "Bob", True),
        ("De\u00a0 Luca", "De Luca", True),
        ("", " ", True),
        ("Bob", "bob", False),
        ("Zo\u00eb", "Zoe", False),
        ("De Luca", "DeLuca", False),
    ],
)
def test_names_are_the_same_as_they_look(one, other, *, same):
    """Neither the form of accents nor spaces make another name; letters do."""
    assert same_name(one, other) is same


@pytest.mark.parametrize("names", [{"first_name": "Zoe\u0308"}, {"last_name": " De  Luca "}, {"first_name": ""}])
def test_who_looks_the_same_is_not_invited_anew(names):
    """A pending invitation stays where it names the person as the document does, or the document does not."""
    assert not needs_renewal(ZOE, replace(ZOE, **names))


def test_only_names_that_look_otherwise_are_shown():
    """A renewal tells of the name that is its reason, and of no spaces."""
    change = Change(ZOE.address, ZOE, replace(ZOE, first_name="Zoe", last_name="De Luca "))

    assert change.is_renewal
    assert change.differences() == {"first_name": ("Zo\u00eb", "Zoe")}


@pytest.mark.parametrize(("language", "locale"), [("", "fr_FR"), ("de", "de_DE")])
def test_a_renewal_keeps_the_language(language, locale):
    """Where the document leaves the language open, a new invitation is in that of the one before."""
    live = Live(4242, "Example SA", State({ZOE.address: ZOE}), Catalogue([]), {ZOE.address: 7}, {})
    change = Change(ZOE.address, ZOE, replace(ZOE, first_name="Zoe", language=language))

    (operation,) = route([change], live)

    assert [each.body["locale"] for each in operation.requests if each.body] == [locale]
