"""The tables of Mail Services."""

TABLES = """
-- id: that of the product; family: webmail or legacy, which endpoints answer for it
CREATE TABLE mail_hostings (
    id INTEGER PRIMARY KEY,
    domain TEXT NOT NULL,
    family TEXT NOT NULL,
    shows_send INTEGER NOT NULL,
    quota INTEGER
);

CREATE TABLE mailboxes (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    hosting_id INTEGER NOT NULL,
    mailbox_name TEXT NOT NULL COLLATE NOCASE,
    UNIQUE (hosting_id, mailbox_name)
);

-- kind: user or invitation; flags: a JSON list of names
CREATE TABLE mailbox_accesses (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    mailbox_id INTEGER NOT NULL,
    kind TEXT NOT NULL,
    subject_id INTEGER NOT NULL,
    flags TEXT NOT NULL,
    sends INTEGER NOT NULL,
    is_primary INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    last_used_at INTEGER,
    UNIQUE (mailbox_id, kind, subject_id)
);
CREATE INDEX mailboxes_of_person ON mailbox_accesses (kind, subject_id);

-- links that open a mailbox to whoever has them
CREATE TABLE mailbox_links (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    mailbox_id INTEGER NOT NULL,
    first_name TEXT NOT NULL,
    last_name TEXT NOT NULL,
    sent_to TEXT NOT NULL,
    flags TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    sent_at INTEGER,
    expired_at INTEGER NOT NULL
);
CREATE INDEX links_of_mailbox ON mailbox_links (mailbox_id);

CREATE VIEW mailboxes_of_hostings AS
    SELECT mailboxes.id AS mailbox_id, mailbox_name, mailbox_name || '@' || domain AS mailbox,
           hosting_id, domain, family, shows_send, quota
    FROM mailboxes JOIN mail_hostings ON mail_hostings.id = hosting_id;

CREATE VIEW holders AS
    SELECT access.id AS access_id, mailbox_id, 'user' AS kind, users.id, email, first_name, last_name,
           flags, sends, is_primary, access.created_at, last_used_at, last_login_at, two_factor, NULL AS expired_at
    FROM mailbox_accesses AS access JOIN users ON access.kind = 'user' AND users.id = subject_id
    UNION ALL
    SELECT access.id, mailbox_id, 'invitation', invitations.id, email, first_name, last_name,
           flags, sends, is_primary, access.created_at, last_used_at, NULL, NULL, invitations.expired_at
    FROM mailbox_accesses AS access
    JOIN invitations ON access.kind = 'invitation' AND invitations.id = subject_id AND status = 'pending'
    UNION ALL
    SELECT id, mailbox_id, 'link', id, sent_to, first_name, last_name,
           flags, TRUE, FALSE, created_at, NULL, NULL, NULL, expired_at
    FROM mailbox_links;

-- who may open which mailbox; id: of the user, invitation or link
CREATE VIEW mailbox_holders AS
    SELECT holders.*, mailbox_name, mailbox, hosting_id, domain, family, shows_send, quota
    FROM holders JOIN mailboxes_of_hostings USING (mailbox_id);
"""

EMPTIED = ("mail_hostings", "mailboxes", "mailbox_accesses", "mailbox_links")
