"""The tables of kDrive, kSuite and kChat."""

TABLES = """
-- a kDrive has an id of its own, which is not that of its product
CREATE TABLE drives (
    id INTEGER PRIMARY KEY,
    product_id INTEGER NOT NULL UNIQUE,
    users_quota INTEGER,
    maintenance INTEGER NOT NULL,
    ksuite INTEGER NOT NULL
);

-- who uses a kDrive and is not in the organization
CREATE TABLE guests (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    address TEXT NOT NULL UNIQUE,
    email TEXT NOT NULL
);

-- kind: user, invitation (to the organization) or guest
CREATE TABLE drive_users (
    kind TEXT NOT NULL,
    subject_id INTEGER NOT NULL,
    drive_id INTEGER NOT NULL,
    role TEXT NOT NULL,
    status TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    last_connection_at INTEGER,
    PRIMARY KEY (kind, subject_id, drive_id)
) WITHOUT ROWID;
CREATE INDEX users_of_drive ON drive_users (drive_id);

CREATE TABLE drive_invitations (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    drive_id INTEGER NOT NULL,
    address TEXT NOT NULL,
    email TEXT NOT NULL,
    role TEXT NOT NULL,
    status TEXT NOT NULL,
    lang TEXT NOT NULL,
    message TEXT NOT NULL,
    invited_by INTEGER,
    created_at INTEGER NOT NULL,
    expired_at INTEGER NOT NULL
);
CREATE UNIQUE INDEX one_pending_drive_invitation ON drive_invitations (drive_id, address) WHERE status = 'pending';
CREATE INDEX drive_invitations_of_person ON drive_invitations (address);

CREATE TABLE ksuites (product_id INTEGER PRIMARY KEY, users_quota INTEGER);

-- kind: user or invitation; a kSuite brings kChat and a place in its kDrives
CREATE TABLE ksuite_members (
    kind TEXT NOT NULL,
    subject_id INTEGER NOT NULL,
    product_id INTEGER NOT NULL,
    kchat_role TEXT NOT NULL,
    kdrive_role TEXT NOT NULL,
    mailbox_name TEXT,
    PRIMARY KEY (kind, subject_id, product_id)
) WITHOUT ROWID;

-- product_id: of a kChat, or of the kSuite that brings it
CREATE TABLE kchat_members (
    kind TEXT NOT NULL,
    subject_id INTEGER NOT NULL,
    product_id INTEGER NOT NULL,
    role TEXT NOT NULL,
    PRIMARY KEY (kind, subject_id, product_id)
) WITHOUT ROWID;

CREATE VIEW kdrives AS
    SELECT drives.*, customer_name AS name, tags, created_at, expired_at
    FROM drives JOIN products ON products.id = product_id;

-- who is in a kDrive, or will be once they accept the invitation to the organization
CREATE VIEW drive_people AS
    SELECT kind, users.id, drive_id, address, email, first_name, last_name, two_factor, role, status,
           created_at, updated_at, last_connection_at, NULL AS expired_at
    FROM drive_users JOIN users ON kind = 'user' AND users.id = subject_id
    UNION ALL
    SELECT kind, guests.id, drive_id, address, email, substr(email, 1, instr(email, '@') - 1), '', 0, role, status,
           created_at, updated_at, last_connection_at, NULL
    FROM drive_users JOIN guests ON kind = 'guest' AND guests.id = subject_id
    UNION ALL
    SELECT kind, invitations.id, drive_id, address, email, first_name, last_name, 0, role, 'pending',
           drive_users.created_at, drive_users.updated_at, NULL, invitations.expired_at
    FROM drive_users
    JOIN invitations ON kind = 'invitation' AND invitations.id = subject_id AND invitations.status = 'pending';
"""

FIRST_IDS = {"drive_invitations": 700_001, "guests": 800_001}

EMPTIED = ("drives", "drive_users", "ksuites", "ksuite_members", "kchat_members")

HELD = ("drive_users", "ksuite_members", "kchat_members")
"""Tables of what a person has: it moves to the user who an invited person becomes, and goes with them."""
