"""The tables of the store. Columns bear the names of the API where it has one; times are Unix seconds."""

from accessplan.sandbox import partners
from accessplan.sandbox.apps import tables as apps
from accessplan.sandbox.mail import tables as mail

VERSION = 2

TABLES = """
CREATE TABLE settings (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;

CREATE TABLE products (
    id INTEGER PRIMARY KEY,
    service_id INTEGER NOT NULL,
    customer_name TEXT NOT NULL,
    internal_name TEXT,
    tags TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    expired_at INTEGER
);

-- address: the e-mail address as it is compared (NFC, case-folded)
CREATE TABLE users (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    address TEXT NOT NULL UNIQUE,
    email TEXT NOT NULL,
    first_name TEXT NOT NULL,
    last_name TEXT NOT NULL,
    role_type TEXT NOT NULL,
    language_id INTEGER NOT NULL,
    has_billing INTEGER NOT NULL,
    has_billing_mailing INTEGER NOT NULL,
    has_mailing INTEGER NOT NULL,
    last_login_at INTEGER,
    two_factor INTEGER NOT NULL
);

CREATE TABLE invitations (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    address TEXT NOT NULL,
    email TEXT NOT NULL,
    first_name TEXT NOT NULL,
    last_name TEXT NOT NULL,
    role_type TEXT NOT NULL,
    language_id INTEGER NOT NULL,
    has_billing INTEGER NOT NULL,
    has_billing_mailing INTEGER NOT NULL,
    has_mailing INTEGER NOT NULL,
    status TEXT NOT NULL,
    strict INTEGER NOT NULL,
    silent INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    expired_at INTEGER NOT NULL
);
CREATE UNIQUE INDEX one_pending_invitation ON invitations (address) WHERE status = 'pending';

-- everyone ever invited, as the users list shows them
CREATE VIEW invited AS
    SELECT 'invitation' AS kind, id, address, email, first_name, last_name, role_type, language_id, has_billing,
           has_billing_mailing, has_mailing, NULL AS last_login_at, NULL AS two_factor,
           'pending' AS state_in_account, status
    FROM invitations;

-- everyone the users list shows: users, and those invited who have not answered
CREATE VIEW people AS
    SELECT 'user' AS kind, id, address, email, first_name, last_name, role_type, language_id, has_billing,
           has_billing_mailing, has_mailing, last_login_at, two_factor, 'valid' AS state_in_account, NULL AS status
    FROM users
    UNION ALL
    SELECT * FROM invited WHERE status = 'pending';

CREATE TABLE teams (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    name TEXT NOT NULL UNIQUE,
    owned_by_id INTEGER,
    created_by_id INTEGER,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL
);

-- kind: user or invitation
CREATE TABLE memberships (
    kind TEXT NOT NULL,
    subject_id INTEGER NOT NULL,
    team_id INTEGER NOT NULL,
    PRIMARY KEY (kind, subject_id, team_id)
) WITHOUT ROWID;
CREATE INDEX members_of_team ON memberships (team_id);

-- kind: user, invitation, team or partner; product_id 0: every product of the service, later ones included
CREATE TABLE grants (
    kind TEXT NOT NULL,
    subject_id INTEGER NOT NULL,
    service_id INTEGER NOT NULL,
    product_id INTEGER NOT NULL,
    may TEXT NOT NULL,
    PRIMARY KEY (kind, subject_id, service_id, product_id, may)
) WITHOUT ROWID;
CREATE INDEX grants_on_product ON grants (product_id, kind);

-- what a user may manage, by their own grants and those of their teams
CREATE VIEW reach AS
    SELECT subject_id AS user_id, service_id, product_id, may FROM grants WHERE kind = 'user'
    UNION
    SELECT memberships.subject_id, grants.service_id, grants.product_id, grants.may
    FROM memberships JOIN grants ON grants.kind = 'team' AND grants.subject_id = memberships.team_id
    WHERE memberships.kind = 'user';

CREATE TABLE requests (id INTEGER PRIMARY KEY, method TEXT NOT NULL, path TEXT NOT NULL, query TEXT NOT NULL);

CREATE TABLE faults (
    id INTEGER PRIMARY KEY,
    kind TEXT NOT NULL,
    method TEXT,
    path TEXT NOT NULL,
    status INTEGER NOT NULL,
    code TEXT NOT NULL,
    times INTEGER NOT NULL
);
"""
TABLES += mail.TABLES + apps.TABLES + partners.TABLES

# ids are given in the order of the organization file, each kind from a start of its own
FIRST_IDS = {
    "users": 1001,
    "teams": 2001,
    "invitations": 3001,
    "mailboxes": 4001,
    "mailbox_accesses": 5001,
    **apps.FIRST_IDS,
    **partners.FIRST_IDS,
}

EMPTIED = (
    *FIRST_IDS,
    *("settings", "products", "memberships", "grants", "requests", "faults"),
    *mail.EMPTIED,
    *apps.EMPTIED,
)
