-- What trust needs: tokens of several uses, agents in quarantine, alarms, and the collector's own log with its
-- checkpoints.

-- A token may be used more than once now, so an agent's token is no longer its own alone. SQLite cannot drop that
-- constraint: the table is made anew (the program has foreign keys off meanwhile and checks them before the commit).
CREATE TABLE agent_new (
  agent_id TEXT PRIMARY KEY, workstation TEXT NOT NULL, token_id INTEGER NOT NULL REFERENCES enrolment_token,
  record_key TEXT NOT NULL UNIQUE, hostname TEXT NOT NULL, os TEXT NOT NULL, version TEXT NOT NULL,
  enrolled_ms INTEGER NOT NULL, revoked_ms INTEGER, last_seen_ms INTEGER,
  quarantined_ms INTEGER,  -- NULL: its batches are taken
  quarantine_reason TEXT NOT NULL DEFAULT '',
  trust_digest TEXT NOT NULL DEFAULT '',  -- of the CA certificates it said it trusts; empty: it did not say
  certificate_until_ms INTEGER,  -- of the newest certificate it was given; NULL: given before this was noted
  held_until_ms INTEGER,  -- of the certificate it showed when it last said hello; NULL: not noted yet
  held_authority TEXT NOT NULL DEFAULT '',  -- SHA-256 of the CA certificate that one is from
  replaces TEXT  -- the agent whose place on the workstation this one took; NULL: none
) STRICT;
INSERT INTO agent_new (agent_id, workstation, token_id, record_key, hostname, os, version, enrolled_ms, revoked_ms,
  last_seen_ms)
SELECT agent_id, workstation, token_id, record_key, hostname, os, version, enrolled_ms, revoked_ms, last_seen_ms
FROM agent;
DROP TABLE agent;
ALTER TABLE agent_new RENAME TO agent;

ALTER TABLE enrolment_token ADD COLUMN label TEXT NOT NULL DEFAULT '';
ALTER TABLE enrolment_token ADD COLUMN uses_max INTEGER NOT NULL DEFAULT 1 CHECK (uses_max > 0);
ALTER TABLE enrolment_token ADD COLUMN uses INTEGER NOT NULL DEFAULT 0 CHECK (uses BETWEEN 0 AND uses_max);
ALTER TABLE enrolment_token ADD COLUMN revoked_ms INTEGER;
ALTER TABLE enrolment_token ADD COLUMN replaces TEXT;  -- the agent that a use of it replaces; NULL: none
UPDATE enrolment_token SET uses = (SELECT COUNT(*) FROM agent a WHERE a.token_id = enrolment_token.token_id);

ALTER TABLE stream ADD COLUMN logged_seq INTEGER NOT NULL DEFAULT 0;  -- the newest head of it in log_leaf

-- Why a session is watched, so that a pipeline with a thousand sessions in review does not read all of them each time.
-- Those that are watched already are looked at for all reasons.
ALTER TABLE session_watch ADD COLUMN changed INTEGER NOT NULL DEFAULT 1;  -- 1: not attributed as it stands
ALTER TABLE session_watch ADD COLUMN pending INTEGER NOT NULL DEFAULT 1;  -- 1: it may be waiting for its comment
ALTER TABLE session_watch ADD COLUMN posted INTEGER NOT NULL DEFAULT 1;  -- 1: it may have an entry that is to be reversed
CREATE INDEX session_watch_changed ON session_watch (session_id) WHERE changed = 1;
CREATE INDEX session_watch_pending ON session_watch (session_id) WHERE pending = 1;
CREATE INDEX session_watch_posted ON session_watch (session_id) WHERE posted = 1;

-- Grows with every change of who may speak, so that open connections are looked at again.
CREATE TABLE trust_state (only_row INTEGER PRIMARY KEY CHECK (only_row = 1), version INTEGER NOT NULL) STRICT;
INSERT INTO trust_state VALUES (1, 0);

CREATE TABLE alarm (  -- append-only
  alarm_id INTEGER PRIMARY KEY, agent_id TEXT NOT NULL, kind TEXT NOT NULL, epoch INTEGER NOT NULL, seq INTEGER NOT NULL,
  detail TEXT NOT NULL, evidence TEXT NOT NULL,  -- the signed bytes that raised it, as hexadecimal text
  raised_ms INTEGER NOT NULL) STRICT;
CREATE INDEX alarm_by_agent ON alarm (agent_id);

-- A machine that is enrolled again reads its traces again: its sessions are known by their keys.
CREATE INDEX session_by_key ON session (session_key);

CREATE TABLE log_leaf (  -- append-only: the collector's own log (docs/formats/record.md); leaf_index begins at 0, no gaps
  leaf_index INTEGER PRIMARY KEY CHECK (leaf_index >= 0), agent_id TEXT NOT NULL, epoch INTEGER NOT NULL,
  committed_seq INTEGER NOT NULL, head TEXT NOT NULL, logged_ms INTEGER NOT NULL) STRICT;
CREATE INDEX log_leaf_by_stream ON log_leaf (agent_id, epoch, committed_seq);

CREATE TABLE checkpoint (  -- append-only
  tree_size INTEGER PRIMARY KEY CHECK (tree_size > 0), root TEXT NOT NULL,
  note TEXT NOT NULL,  -- the signed checkpoint, as C2SP tlog-checkpoint writes it
  signed_ms INTEGER NOT NULL) STRICT;

CREATE TRIGGER alarm_no_update BEFORE UPDATE ON alarm
BEGIN SELECT RAISE(ABORT, 'alarm is append-only: UPDATE is refused'); END;
CREATE TRIGGER alarm_no_delete BEFORE DELETE ON alarm
BEGIN SELECT RAISE(ABORT, 'alarm is append-only: DELETE is refused'); END;
CREATE TRIGGER log_leaf_no_update BEFORE UPDATE ON log_leaf
BEGIN SELECT RAISE(ABORT, 'log_leaf is append-only: UPDATE is refused'); END;
CREATE TRIGGER log_leaf_no_delete BEFORE DELETE ON log_leaf
BEGIN SELECT RAISE(ABORT, 'log_leaf is append-only: DELETE is refused'); END;
CREATE TRIGGER checkpoint_no_update BEFORE UPDATE ON checkpoint
BEGIN SELECT RAISE(ABORT, 'checkpoint is append-only: UPDATE is refused'); END;
CREATE TRIGGER checkpoint_no_delete BEFORE DELETE ON checkpoint
BEGIN SELECT RAISE(ABORT, 'checkpoint is append-only: DELETE is refused'); END;
