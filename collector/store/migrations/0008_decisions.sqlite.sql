-- What people decide about sessions, sessions that a person entered, series, and which sessions are billed.

-- A session that a person entered has no agent. SQLite cannot drop that constraint: the table is made anew (the program
-- has foreign keys off meanwhile and checks them before the commit).
CREATE TABLE session_new (
  session_id INTEGER PRIMARY KEY, agent_id TEXT REFERENCES agent,  -- NULL: a person entered it
  session_key TEXT NOT NULL,
  workstation TEXT NOT NULL, anydesk_id TEXT NOT NULL, remote_id TEXT NOT NULL, kind TEXT NOT NULL,
  outcome TEXT NOT NULL, requested_ms INTEGER, started_ms INTEGER, ended_ms INTEGER, last_seen_ms INTEGER,
  end_reason TEXT NOT NULL, clock_backwards INTEGER NOT NULL, revision INTEGER NOT NULL,
  last_record_id INTEGER NOT NULL,
  witness TEXT NOT NULL DEFAULT 'service'  -- which of AnyDesk's two writers it was read from
    CHECK (witness IN ('service', 'window', 'other')),
  doubts TEXT NOT NULL DEFAULT '',  -- words with commas between, in the order of the fact
  abandon_cause TEXT NOT NULL DEFAULT '',  -- empty: not abandoned, or not known
  duration_boot_ms INTEGER,  -- NULL: not measured
  duration_boot_uncertainty_ms INTEGER NOT NULL DEFAULT 0,
  clock_jumped INTEGER NOT NULL DEFAULT 0 CHECK (clock_jumped IN (0, 1)),
  over_length INTEGER NOT NULL DEFAULT 0 CHECK (over_length IN (0, 1)),
  overnight INTEGER NOT NULL DEFAULT 0 CHECK (overnight IN (0, 1)),
  remote_id_withheld INTEGER NOT NULL DEFAULT 0 CHECK (remote_id_withheld IN (0, 1)),
  window_pid INTEGER NOT NULL DEFAULT 0,  -- 0: not known
  reconnects INTEGER NOT NULL DEFAULT 0,
  boot_id TEXT NOT NULL DEFAULT '',  -- of the fact in force; empty: not known
  UNIQUE (agent_id, session_key)) STRICT;
INSERT INTO session_new (session_id, agent_id, session_key, workstation, anydesk_id, remote_id, kind, outcome,
  requested_ms, started_ms, ended_ms, last_seen_ms, end_reason, clock_backwards, revision, last_record_id, witness,
  doubts, abandon_cause, duration_boot_ms, duration_boot_uncertainty_ms, clock_jumped, over_length, overnight,
  remote_id_withheld, window_pid, reconnects, boot_id)
SELECT session_id, agent_id, session_key, workstation, anydesk_id, remote_id, kind, outcome,
  requested_ms, started_ms, ended_ms, last_seen_ms, end_reason, clock_backwards, revision, last_record_id, witness,
  doubts, abandon_cause, duration_boot_ms, duration_boot_uncertainty_ms, clock_jumped, over_length, overnight,
  remote_id_withheld, window_pid, reconnects, boot_id
FROM session;
DROP TABLE session;
ALTER TABLE session_new RENAME TO session;
CREATE INDEX session_by_remote
  ON session (remote_id, (COALESCE(started_ms, requested_ms, ended_ms, last_seen_ms)));
CREATE INDEX session_by_key ON session (session_key);

CREATE TABLE decision (  -- append-only; the newest of a session is in force, and says all that was decided so far
  session_id INTEGER NOT NULL REFERENCES session, number INTEGER NOT NULL CHECK (number > 0),
  decided_ms INTEGER NOT NULL, who TEXT NOT NULL, why TEXT NOT NULL,
  released TEXT NOT NULL,  -- codes of the review reasons that are accepted, with commas between
  held INTEGER NOT NULL CHECK (held IN (0, 1)), withdrawn INTEGER NOT NULL CHECK (withdrawn IN (0, 1)),
  no_charge INTEGER CHECK (no_charge IN (0, 1)),  -- NULL, here and below: nothing was decided about it
  charge_min INTEGER CHECK (charge_min BETWEEN 0 AND 1440), comment TEXT,
  technician_id INTEGER REFERENCES technician, customer_id INTEGER REFERENCES customer,
  terminal_id INTEGER REFERENCES terminal, contract_id INTEGER REFERENCES contract,
  started_ms INTEGER, ended_ms INTEGER,  -- stated where the capture knows none
  work_type TEXT, PRIMARY KEY (session_id, number)) STRICT;

ALTER TABLE attribution ADD COLUMN decision_number INTEGER NOT NULL DEFAULT 0;  -- the newest it knew; 0: there was none
ALTER TABLE attribution ADD COLUMN stated_start_ms INTEGER;  -- in place of the session's own, which is not known
ALTER TABLE attribution ADD COLUMN stated_end_ms INTEGER;
ALTER TABLE attribution ADD COLUMN work_type TEXT NOT NULL DEFAULT '';

-- 1: a person changed something about the session since it was attributed.
ALTER TABLE session_watch ADD COLUMN asked INTEGER NOT NULL DEFAULT 0;

CREATE TABLE series (  -- append-only: sessions that are charged as one
  series_id INTEGER PRIMARY KEY, customer_id INTEGER NOT NULL REFERENCES customer, made_ms INTEGER NOT NULL,
  who TEXT NOT NULL) STRICT;

CREATE TABLE series_member (  -- append-only; the newest row of a session says which series it is in
  series_member_id INTEGER PRIMARY KEY, session_id INTEGER NOT NULL REFERENCES session,
  series_id INTEGER REFERENCES series,  -- NULL: it left the one it was in
  changed_ms INTEGER NOT NULL, who TEXT NOT NULL, why TEXT NOT NULL) STRICT;
CREATE INDEX series_member_by_session ON series_member (session_id, series_member_id);
CREATE INDEX series_member_by_series ON series_member (series_id);

CREATE TABLE series_dismissal (  -- append-only: two sessions that are not to be suggested as one series
  first_session_id INTEGER NOT NULL REFERENCES session, second_session_id INTEGER NOT NULL REFERENCES session,
  dismissed_ms INTEGER NOT NULL, who TEXT NOT NULL, PRIMARY KEY (first_session_id, second_session_id)) STRICT;

CREATE TABLE billed_session (  -- append-only: frozen, since it stands in a document
  session_id INTEGER PRIMARY KEY REFERENCES session, document TEXT NOT NULL, billed_ms INTEGER NOT NULL) STRICT;

CREATE TRIGGER decision_no_update BEFORE UPDATE ON decision
BEGIN SELECT RAISE(ABORT, 'decision is append-only: UPDATE is refused'); END;
CREATE TRIGGER decision_no_delete BEFORE DELETE ON decision
BEGIN SELECT RAISE(ABORT, 'decision is append-only: DELETE is refused'); END;
CREATE TRIGGER series_no_update BEFORE UPDATE ON series
BEGIN SELECT RAISE(ABORT, 'series is append-only: UPDATE is refused'); END;
CREATE TRIGGER series_no_delete BEFORE DELETE ON series
BEGIN SELECT RAISE(ABORT, 'series is append-only: DELETE is refused'); END;
CREATE TRIGGER series_member_no_update BEFORE UPDATE ON series_member
BEGIN SELECT RAISE(ABORT, 'series_member is append-only: UPDATE is refused'); END;
CREATE TRIGGER series_member_no_delete BEFORE DELETE ON series_member
BEGIN SELECT RAISE(ABORT, 'series_member is append-only: DELETE is refused'); END;
CREATE TRIGGER series_dismissal_no_update BEFORE UPDATE ON series_dismissal
BEGIN SELECT RAISE(ABORT, 'series_dismissal is append-only: UPDATE is refused'); END;
CREATE TRIGGER series_dismissal_no_delete BEFORE DELETE ON series_dismissal
BEGIN SELECT RAISE(ABORT, 'series_dismissal is append-only: DELETE is refused'); END;
CREATE TRIGGER billed_session_no_update BEFORE UPDATE ON billed_session
BEGIN SELECT RAISE(ABORT, 'billed_session is append-only: UPDATE is refused'); END;
CREATE TRIGGER billed_session_no_delete BEFORE DELETE ON billed_session
BEGIN SELECT RAISE(ABORT, 'billed_session is append-only: DELETE is refused'); END;
