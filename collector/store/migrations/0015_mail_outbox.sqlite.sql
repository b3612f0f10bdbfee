-- Mails of several kinds: to whom each goes, through which account, every attempt, what came back, and why one waits.

ALTER TABLE mail ADD COLUMN kind TEXT NOT NULL DEFAULT 'sessions' CHECK (kind <> '');  -- sessions, partner_copy, notice
ALTER TABLE mail ADD COLUMN partner_id INTEGER REFERENCES partner;  -- whom a copy goes to
ALTER TABLE mail ADD COLUMN account TEXT NOT NULL DEFAULT 'default';
ALTER TABLE mail ADD COLUMN sender TEXT NOT NULL DEFAULT '';  -- of the envelope; empty: composed before this was kept
ALTER TABLE mail ADD COLUMN bounced_ms INTEGER;  -- when we learned that it was not delivered after all
ALTER TABLE mail ADD COLUMN bounce TEXT NOT NULL DEFAULT '';  -- what was said then
CREATE INDEX mail_to_send ON mail (account, next_try_ms) WHERE state = 'composed';
CREATE INDEX mail_by_customer ON mail (customer_id, mail_id);

CREATE TABLE mail_item_new (  -- one thing to be told to somebody; queued in the transaction that makes it so
  mail_item_id INTEGER PRIMARY KEY, kind TEXT NOT NULL CHECK (kind <> ''),
  customer_id INTEGER NOT NULL REFERENCES customer, partner_id INTEGER REFERENCES partner,
  session_id INTEGER REFERENCES session, entry_id INTEGER REFERENCES entry, notice_id INTEGER REFERENCES notice,
  window_closes_ms INTEGER NOT NULL, mail_id INTEGER REFERENCES mail, created_ms INTEGER NOT NULL,
  dropped_ms INTEGER,  -- it was no longer so before it was told
  CHECK (mail_id IS NULL OR dropped_ms IS NULL),
  CHECK ((kind IN ('sessions', 'partner_copy')) = (entry_id IS NOT NULL)),
  CHECK ((entry_id IS NULL) = (session_id IS NULL)),
  CHECK ((kind = 'partner_copy') = (partner_id IS NOT NULL)),
  CHECK ((kind = 'notice') = (notice_id IS NOT NULL)),
  UNIQUE (entry_id, kind), UNIQUE (notice_id)) STRICT;
INSERT INTO mail_item_new (mail_item_id, kind, customer_id, session_id, entry_id, window_closes_ms, mail_id, created_ms, dropped_ms)
SELECT mail_item_id, 'sessions', customer_id, session_id, entry_id, window_closes_ms, mail_id, created_ms, dropped_ms
FROM mail_item;
DROP TABLE mail_item;
ALTER TABLE mail_item_new RENAME TO mail_item;
CREATE INDEX mail_item_open ON mail_item (customer_id) WHERE mail_id IS NULL AND dropped_ms IS NULL;
CREATE INDEX mail_item_by_mail ON mail_item (mail_id);
CREATE INDEX mail_item_by_session ON mail_item (session_id);

CREATE TABLE mail_attempt (  -- append-only: one for each time a mail was handed to a server, or was about to be
  mail_attempt_id INTEGER PRIMARY KEY, mail_id INTEGER NOT NULL REFERENCES mail, account TEXT NOT NULL,
  started_ms INTEGER NOT NULL, ended_ms INTEGER NOT NULL, outcome TEXT NOT NULL,
  answer TEXT NOT NULL) STRICT;  -- the server's, or what failed
CREATE INDEX mail_attempt_by_mail ON mail_attempt (mail_id, mail_attempt_id);

CREATE TABLE mail_hold (  -- why what is due for a customer is not composed yet
  customer_id INTEGER NOT NULL REFERENCES customer, kind TEXT NOT NULL CHECK (kind IN ('sessions', 'notice')),
  reason TEXT NOT NULL CHECK (reason IN ('review', 'error', 'flushed')), detail TEXT NOT NULL,
  session_id INTEGER REFERENCES session,  -- in review
  since_ms INTEGER NOT NULL, until_ms INTEGER NOT NULL,  -- when nothing is waited for any more
  look_ms INTEGER NOT NULL,  -- when it is looked at again
  directory_version INTEGER NOT NULL,  -- or when there is another one
  PRIMARY KEY (customer_id, kind)) STRICT;

CREATE TABLE mail_pause (  -- accounts whose server does not take mails at present
  account TEXT PRIMARY KEY, since_ms INTEGER NOT NULL, until_ms INTEGER NOT NULL,
  failures INTEGER NOT NULL, answer TEXT NOT NULL) STRICT;

CREATE TRIGGER mail_attempt_no_update BEFORE UPDATE ON mail_attempt
BEGIN SELECT RAISE(ABORT, 'mail_attempt is append-only: UPDATE is refused'); END;
CREATE TRIGGER mail_attempt_no_delete BEFORE DELETE ON mail_attempt
BEGIN SELECT RAISE(ABORT, 'mail_attempt is append-only: DELETE is refused'); END;
