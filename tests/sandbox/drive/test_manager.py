"""Screens of kDrive, kSuite and kChat: what a person can do there, and what not."""

import pytest

from accessplan.sandbox import Refused, seed, show

USERS = "/2/drive/500301/users"


def test_edit_drive_user(do, names):
    """A person can give, change and take places in a kDrive, also of guests and of those invited."""
    for user, role, said in [
        ("claire@example.ch", "admin", "claire@example.ch is admin in the kDrive Team Drive now"),
        ("claire@example.ch", "admin", "nothing to do: claire@example.ch is admin in the kDrive Team Drive already"),
        ("ana@example.ch", "external", "ana@example.ch is external in the kDrive Team Drive now"),
        ("lee@agency.example", None, "lee@agency.example is not in the kDrive Team Drive now"),
        ("out@agency.example", None, "out@agency.example is not in the kDrive Team Drive now"),
        ("out@agency.example", None, "nothing to do: out@agency.example is not in the kDrive Team Drive already"),
        ("guest@agency.example", None, "nothing to do: guest@agency.example is not in the kDrive Team Drive already"),
    ]:
        assert do("edit_drive_user", product=301, user=user, role=role) == said
    assert names(USERS, "role") == {"claire": "admin", "ana": "external", "max": "admin"}


@pytest.mark.parametrize(
    ("product", "user", "role", "fault"),
    [
        (9, "ana@example.ch", "user", "there is no kDrive of the product 9"),
        (303, "ana@example.ch", "user", "the kDrive Closed is in maintenance"),
        (302, "max@example.ch", "user", "is part of a kSuite"),
        (302, "ana@example.ch", None, "is part of a kSuite"),
        (301, "who@x.ch", "external", "who@x.ch is neither a user nor invited"),
        (301, "out@agency.example", "user", "out@agency.example is not in the organization"),
        (301, "max@example.ch", "user", "max@example.ch is administrator: lower that role first"),
    ],
)
def test_edit_drive_user_refused(do, product, user, role, fault):
    """A place is refused where the screen would not give, change or take it."""
    with pytest.raises(Refused, match=fault):
        do("edit_drive_user", product=product, user=user, role=role)


def test_full(do, store, organization, now):
    """Nobody comes into a kDrive or kSuite that has no place left."""
    organization["drives"][0]["quota"] = 6
    organization["ksuites"][0]["quota"] = 1
    seed(store, organization, now)
    with pytest.raises(Refused, match="the kDrive Team Drive has no place left"):
        do("edit_drive_user", product=301, user="claire@example.ch", role="user")
    with pytest.raises(Refused, match="the kSuite Suite has no place left"):
        do("edit_ksuite_access", product=None, user="claire@example.ch", role="user")
    del organization["ksuites"][0]["quota"]
    organization["drives"][1]["quota"] = 1
    seed(store, organization, now)
    with pytest.raises(Refused, match="the kDrive Suite Drive of the kSuite has no place left"):
        do("edit_ksuite_access", product=None, user="claire@example.ch", role="user")


def test_edit_ksuite_access(do, names, store):
    """A person can give, change and take the kSuite, and with it the places in its kDrives."""
    suite = "/2/drive/500302/users"
    step = "edit_ksuite_access"
    assert do(step, product=None, user="max@example.ch", role="user") == (
        "max@example.ch has the kSuite Suite as user now"
    )
    assert names(suite, "role") == {"ana": "user", "max": "user"}
    assert do(step, product=601, user="max@example.ch", role="user").startswith("nothing to do: max@example.ch has")
    do(step, product=601, user="max@example.ch", role="admin")
    assert names(suite, "role")["max"] == "admin"
    assert show(store)["ksuites"][0]["users"][1] == {"email": "max@example.ch", "role": "admin"}
    assert do(step, product=None, user="max@example.ch", role=None) == (
        "max@example.ch has no access to the kSuite Suite now"
    )
    assert do(step, product=None, user="max@example.ch", role=None).startswith("nothing to do: ")
    assert names(suite, "role") == {"ana": "user"}


def test_edit_kchat_role(do, store):
    """A person can give, change and take kChat; what the kSuite gives is changed there, and taken with it."""
    for product, user, role, said in [
        (None, "max@example.ch", "user", "max@example.ch is user in kChat now"),
        (601, "max@example.ch", "user", "nothing to do: max@example.ch is user in kChat already"),
        (None, "max@example.ch", None, "max@example.ch is not in kChat now"),
        (None, "max@example.ch", None, "nothing to do: max@example.ch is not in kChat already"),
        (None, "ana@example.ch", "admin", "ana@example.ch is admin in kChat now"),
    ]:
        assert do("edit_kchat_role", product=product, user=user, role=role) == said
    assert show(store)["ksuites"][0]["users"] == [{"email": "ana@example.ch", "role": "user", "kchat_role": "admin"}]
    with pytest.raises(Refused, match="has kChat by the kSuite"):
        do("edit_kchat_role", product=None, user="ana@example.ch", role=None)


def test_which_product(do, store, organization, now):
    """A product must be there; it need be named only where there are several."""
    with pytest.raises(Refused, match="there is no ksuite of the product 301"):
        do("edit_ksuite_access", product=301, user="ana@example.ch", role="user")
    organization["products"] += [{"id": product, "service": "kchat", "name": f"Chat {product}"} for product in (7, 8)]
    seed(store, organization, now)
    with pytest.raises(Refused, match="there are several: say which kchat"):
        do("edit_kchat_role", product=None, user="max@example.ch", role="user")
    assert do("edit_kchat_role", product=8, user="max@example.ch", role="user") == "max@example.ch is user in kChat now"
    assert show(store)["kchats"] == [{"product": 8, "users": [{"email": "max@example.ch", "role": "user"}]}]
    del organization["ksuites"]
    organization["products"] = [each for each in organization["products"] if each["service"] not in ("ksuite", "kchat")]
    organization["drives"].pop(1)
    seed(store, organization, now)
    with pytest.raises(Refused, match="there is no ksuite"):
        do("edit_ksuite_access", product=None, user="ana@example.ch", role="user")
