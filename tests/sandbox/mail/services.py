"""Two Mail Services, one on each family of endpoints, and the names of what is in them."""

NINE = dict.fromkeys(
    [
        *("can_access_logs", "can_change_password", "can_configure_mail_folders", "can_manage_aliases"),
        *("can_manage_auto_reply", "can_manage_filters", "can_manage_redirections", "can_manage_security"),
        "can_manage_signatures",
    ],
    False,
)
DIRECTOR = "/1/mail_hostings/201/mailboxes/director"
OLD = "/1/mail_hostings/202/mailboxes/post"
CLAIRE, ANA, MAX, GUEST, LEE = 1001, 1002, 1003, 1004, 3001
ON_INVITATION = f"/1/accounts/4242/invitations/{LEE}/mailbox/201"

MAIL = [
    {
        "id": 201,
        "domain": "example.ch",
        "quota": {"mailboxes": 2},
        "mailboxes": [
            {
                "name": "director",
                "accesses": [
                    {"user": "claire@example.ch", "primary": True},
                    {"user": "ana@example.ch", "permissions": ["can_manage_filters"], "last_used": "-3d"},
                    {"user": "max@example.ch", "send": False},
                    {"user": "lee@agency.example", "permissions": ["can_manage_rules", "can_access_logs"]},
                ],
            },
            {"name": "info"},
            {"name": "o'neil+x"},
        ],
    },
    {
        "id": 202,
        "domain": "old.example",
        "family": "legacy",
        "shows_send": True,
        "mailboxes": [
            {
                "name": "post",
                "accesses": [
                    {"user": "ana@example.ch", "permissions": ["can_manage_rules", "can_manage_chat"]},
                    {"user": "max@example.ch", "primary": True, "send": False},
                    {"user": "late@agency.example"},
                ],
            }
        ],
    },
]
