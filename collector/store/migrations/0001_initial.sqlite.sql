-- The first schema. Every time is UTC milliseconds since 1970 (…_ms), every flag 0 or 1, every digest, key and
-- record body lower-case hexadecimal text (docs/decisions/0006). Tables marked append-only refuse UPDATE and DELETE.

-- identity ------------------------------------------------------------------------------------------------------
CREATE TABLE app_user (
  user_id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, role TEXT NOT NULL CHECK (role IN ('administrator')),
  password_hash TEXT NOT NULL, created_ms INTEGER NOT NULL) STRICT;

CREATE TABLE enrolment_token (
  token_id INTEGER PRIMARY KEY, secret_hash TEXT NOT NULL UNIQUE, workstation TEXT NOT NULL,
  created_ms INTEGER NOT NULL, expires_ms INTEGER NOT NULL) STRICT;

CREATE TABLE agent (
  agent_id TEXT PRIMARY KEY, workstation TEXT NOT NULL, token_id INTEGER NOT NULL UNIQUE REFERENCES enrolment_token,
  record_key TEXT NOT NULL UNIQUE, hostname TEXT NOT NULL, os TEXT NOT NULL, version TEXT NOT NULL,
  enrolled_ms INTEGER NOT NULL, revoked_ms INTEGER, last_seen_ms INTEGER) STRICT;

-- ingest --------------------------------------------------------------------------------------------------------
CREATE TABLE stream (
  agent_id TEXT NOT NULL REFERENCES agent, epoch INTEGER NOT NULL, committed_seq INTEGER NOT NULL, head TEXT NOT NULL,
  PRIMARY KEY (agent_id, epoch)) STRICT;

CREATE TABLE batch (  -- append-only
  batch_id INTEGER PRIMARY KEY, agent_id TEXT NOT NULL, epoch INTEGER NOT NULL, first_seq INTEGER NOT NULL,
  record_count INTEGER NOT NULL, prev_head TEXT NOT NULL, head TEXT NOT NULL, key_id TEXT NOT NULL, sig TEXT NOT NULL,
  received_ms INTEGER NOT NULL, UNIQUE (agent_id, epoch, first_seq)) STRICT;

CREATE TABLE record (  -- append-only
  record_id INTEGER PRIMARY KEY, batch_id INTEGER NOT NULL REFERENCES batch, agent_id TEXT NOT NULL,
  epoch INTEGER NOT NULL, seq INTEGER NOT NULL, hash TEXT NOT NULL, body TEXT NOT NULL, received_ms INTEGER NOT NULL,
  UNIQUE (agent_id, epoch, seq)) STRICT;

CREATE TABLE ingest_counter (
  agent_id TEXT NOT NULL, outcome TEXT NOT NULL, n INTEGER NOT NULL, last_ms INTEGER NOT NULL,
  last_detail TEXT NOT NULL,
  PRIMARY KEY (agent_id, outcome)) STRICT;

-- directory -----------------------------------------------------------------------------------------------------
CREATE TABLE directory_state (only_row INTEGER PRIMARY KEY CHECK (only_row = 1), version INTEGER NOT NULL) STRICT;
INSERT INTO directory_state VALUES (1, 0);

CREATE TABLE customer (
  customer_id INTEGER PRIMARY KEY, code TEXT NOT NULL UNIQUE, name TEXT NOT NULL, email TEXT NOT NULL,
  language TEXT NOT NULL) STRICT;

CREATE TABLE terminal (
  terminal_id INTEGER PRIMARY KEY, customer_id INTEGER NOT NULL REFERENCES customer, address TEXT NOT NULL,
  description TEXT NOT NULL, valid_from_ms INTEGER, valid_to_ms INTEGER) STRICT;
CREATE INDEX terminal_address ON terminal (address);

CREATE TABLE technician (
  technician_id INTEGER PRIMARY KEY, number INTEGER NOT NULL UNIQUE CHECK (number > 0), name TEXT NOT NULL,
  email TEXT NOT NULL, active INTEGER NOT NULL CHECK (active IN (0, 1))) STRICT;

CREATE TABLE support_point (
  support_point_id INTEGER PRIMARY KEY, technician_id INTEGER NOT NULL REFERENCES technician,
  workstation TEXT NOT NULL, anydesk_id TEXT NOT NULL, valid_from_ms INTEGER, valid_to_ms INTEGER,
  CHECK ((workstation = '') <> (anydesk_id = ''))) STRICT;

CREATE TABLE template (  -- append-only: a change is a new version
  template_id INTEGER PRIMARY KEY, name TEXT NOT NULL, version INTEGER NOT NULL, free_s INTEGER NOT NULL,
  first_block_s INTEGER NOT NULL, grace_s INTEGER NOT NULL, increment_s INTEGER NOT NULL,
  boundary TEXT NOT NULL CHECK (boundary IN ('start', 'after')),
  grace_scope TEXT NOT NULL CHECK (grace_scope IN ('first', 'every')), max_charge_min INTEGER,
  UNIQUE (name, version)) STRICT;

CREATE TABLE contract (
  contract_id INTEGER PRIMARY KEY, customer_id INTEGER NOT NULL REFERENCES customer, name TEXT NOT NULL,
  model TEXT NOT NULL CHECK (model IN ('prepaid', 'indefinite')), template_id INTEGER NOT NULL REFERENCES template,
  start_day TEXT NOT NULL, end_day TEXT, time_zone TEXT NOT NULL, mail_window_min INTEGER NOT NULL,
  mail_no_charge INTEGER NOT NULL CHECK (mail_no_charge IN (0, 1)), UNIQUE (customer_id, name)) STRICT;

-- comments ------------------------------------------------------------------------------------------------------
CREATE TABLE session_comment (  -- append-only
  comment_id INTEGER PRIMARY KEY, remote_id TEXT NOT NULL, anydesk_id TEXT NOT NULL, started_ms INTEGER NOT NULL,
  text TEXT NOT NULL, text_sha256 TEXT NOT NULL, source TEXT NOT NULL, imported_ms INTEGER NOT NULL,
  UNIQUE (source, remote_id, anydesk_id, started_ms, text_sha256)) STRICT;
CREATE INDEX session_comment_by_remote ON session_comment (remote_id, started_ms);

-- sessions: what the facts add up to; written only by the assemble step -----------------------------------------
CREATE TABLE session (
  session_id INTEGER PRIMARY KEY, agent_id TEXT NOT NULL REFERENCES agent, session_key TEXT NOT NULL,
  workstation TEXT NOT NULL, anydesk_id TEXT NOT NULL, remote_id TEXT NOT NULL, kind TEXT NOT NULL,
  outcome TEXT NOT NULL, requested_ms INTEGER, started_ms INTEGER, ended_ms INTEGER, last_seen_ms INTEGER,
  end_reason TEXT NOT NULL, clock_backwards INTEGER NOT NULL, revision INTEGER NOT NULL,
  last_record_id INTEGER NOT NULL,
  UNIQUE (agent_id, session_key)) STRICT;
CREATE INDEX session_by_remote
  ON session (remote_id, (COALESCE(started_ms, requested_ms, ended_ms, last_seen_ms)));

CREATE TABLE session_record (  -- append-only: which records a session came from
  session_id INTEGER NOT NULL REFERENCES session, record_id INTEGER NOT NULL REFERENCES record,
  PRIMARY KEY (session_id, record_id)) STRICT;

CREATE TABLE gap (  -- append-only
  gap_id INTEGER PRIMARY KEY, record_id INTEGER NOT NULL UNIQUE REFERENCES record, agent_id TEXT NOT NULL,
  source TEXT NOT NULL, after_offset INTEGER NOT NULL, bytes_lost_min INTEGER NOT NULL, cause TEXT NOT NULL,
  observed_ms INTEGER NOT NULL) STRICT;

CREATE TABLE undecoded_record (  -- append-only: records whose body this version cannot read, kept for a later one
  record_id INTEGER PRIMARY KEY REFERENCES record, reason TEXT NOT NULL) STRICT;

-- attribution and rating ----------------------------------------------------------------------------------------
CREATE TABLE attribution (  -- append-only; the newest row of a session is the one in force
  attribution_id INTEGER PRIMARY KEY, session_id INTEGER NOT NULL REFERENCES session, session_revision INTEGER NOT NULL,
  comment_id INTEGER REFERENCES session_comment, directory_version INTEGER NOT NULL,
  comments_seen_id INTEGER NOT NULL,  -- the newest comment there was: later ones were not considered
  disposition TEXT NOT NULL CHECK (disposition IN ('ready', 'review', 'pending_comment')),
  technician_id INTEGER, technician_rule TEXT NOT NULL, customer_id INTEGER, terminal_id INTEGER, contract_id INTEGER,
  no_charge INTEGER NOT NULL CHECK (no_charge IN (0, 1)), override_min INTEGER, text TEXT NOT NULL,
  reasons TEXT NOT NULL, steps TEXT NOT NULL, created_ms INTEGER NOT NULL) STRICT;
CREATE INDEX attribution_by_session ON attribution (session_id, attribution_id);

-- The sessions that are not settled: attribution, or the reversal of an entry, may have to look at them. Derived, so that
-- an idle pipeline does not read every session there ever was; a settled session has no row.
CREATE TABLE session_watch (session_id INTEGER PRIMARY KEY REFERENCES session) STRICT;

CREATE TABLE charge (  -- append-only
  charge_id INTEGER PRIMARY KEY, attribution_id INTEGER NOT NULL UNIQUE REFERENCES attribution,
  session_id INTEGER NOT NULL REFERENCES session, contract_id INTEGER NOT NULL REFERENCES contract,
  template_id INTEGER NOT NULL REFERENCES template, rating_version INTEGER NOT NULL, seconds INTEGER NOT NULL,
  minutes INTEGER NOT NULL CHECK (minutes >= 0), steps TEXT NOT NULL, created_ms INTEGER NOT NULL) STRICT;
CREATE INDEX charge_by_session ON charge (session_id, charge_id);

-- ledger --------------------------------------------------------------------------------------------------------
CREATE TABLE entry (  -- append-only; a balance is the sum of minutes
  entry_id INTEGER PRIMARY KEY, contract_id INTEGER NOT NULL REFERENCES contract,
  kind TEXT NOT NULL CHECK (kind IN ('grant', 'consumption', 'accrual', 'reversal')), minutes INTEGER NOT NULL,
  session_id INTEGER REFERENCES session, charge_id INTEGER REFERENCES charge,
  reverses_entry_id INTEGER UNIQUE REFERENCES entry, reason TEXT NOT NULL, created_ms INTEGER NOT NULL) STRICT;
CREATE UNIQUE INDEX entry_one_for_a_charge ON entry (charge_id)
  WHERE reverses_entry_id IS NULL AND charge_id IS NOT NULL;
CREATE INDEX entry_by_contract ON entry (contract_id, entry_id);
CREATE INDEX entry_by_session ON entry (session_id);
CREATE INDEX entry_by_charge ON entry (charge_id);

-- mail ----------------------------------------------------------------------------------------------------------
CREATE TABLE mail (
  mail_id INTEGER PRIMARY KEY, customer_id INTEGER NOT NULL REFERENCES customer, message_id TEXT NOT NULL UNIQUE,
  recipient TEXT NOT NULL, subject TEXT NOT NULL, raw TEXT NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('composed', 'sending', 'sent', 'uncertain', 'failed')),
  attempts INTEGER NOT NULL,
  next_try_ms INTEGER NOT NULL, last_error TEXT NOT NULL, created_ms INTEGER NOT NULL, sent_ms INTEGER) STRICT;
CREATE INDEX mail_by_state ON mail (state, next_try_ms);

CREATE TABLE mail_item (  -- one session to be told to one customer; queued in the transaction of its entry
  mail_item_id INTEGER PRIMARY KEY, customer_id INTEGER NOT NULL REFERENCES customer,
  session_id INTEGER NOT NULL REFERENCES session, entry_id INTEGER NOT NULL UNIQUE REFERENCES entry,
  window_closes_ms INTEGER NOT NULL, mail_id INTEGER REFERENCES mail, created_ms INTEGER NOT NULL,
  dropped_ms INTEGER,  -- its entry was reversed before it was told
  CHECK (mail_id IS NULL OR dropped_ms IS NULL)) STRICT;
CREATE INDEX mail_item_open ON mail_item (customer_id) WHERE mail_id IS NULL AND dropped_ms IS NULL;
CREATE INDEX mail_item_by_mail ON mail_item (mail_id);
CREATE INDEX mail_item_by_session ON mail_item (session_id);

-- pipeline ------------------------------------------------------------------------------------------------------
CREATE TABLE pipeline_cursor (step TEXT PRIMARY KEY, position INTEGER NOT NULL) STRICT;
INSERT INTO pipeline_cursor VALUES ('assemble', 0);

-- append-only tables -------------------------------------------------------------------------------------------
CREATE TRIGGER batch_no_update BEFORE UPDATE ON batch
BEGIN SELECT RAISE(ABORT, 'batch is append-only: UPDATE is refused'); END;
CREATE TRIGGER batch_no_delete BEFORE DELETE ON batch
BEGIN SELECT RAISE(ABORT, 'batch is append-only: DELETE is refused'); END;
CREATE TRIGGER record_no_update BEFORE UPDATE ON record
BEGIN SELECT RAISE(ABORT, 'record is append-only: UPDATE is refused'); END;
CREATE TRIGGER record_no_delete BEFORE DELETE ON record
BEGIN SELECT RAISE(ABORT, 'record is append-only: DELETE is refused'); END;
CREATE TRIGGER session_comment_no_update BEFORE UPDATE ON session_comment
BEGIN SELECT RAISE(ABORT, 'session_comment is append-only: UPDATE is refused'); END;
CREATE TRIGGER session_comment_no_delete BEFORE DELETE ON session_comment
BEGIN SELECT RAISE(ABORT, 'session_comment is append-only: DELETE is refused'); END;
CREATE TRIGGER session_record_no_update BEFORE UPDATE ON session_record
BEGIN SELECT RAISE(ABORT, 'session_record is append-only: UPDATE is refused'); END;
CREATE TRIGGER session_record_no_delete BEFORE DELETE ON session_record
BEGIN SELECT RAISE(ABORT, 'session_record is append-only: DELETE is refused'); END;
CREATE TRIGGER gap_no_update BEFORE UPDATE ON gap
BEGIN SELECT RAISE(ABORT, 'gap is append-only: UPDATE is refused'); END;
CREATE TRIGGER gap_no_delete BEFORE DELETE ON gap
BEGIN SELECT RAISE(ABORT, 'gap is append-only: DELETE is refused'); END;
CREATE TRIGGER undecoded_record_no_update BEFORE UPDATE ON undecoded_record
BEGIN SELECT RAISE(ABORT, 'undecoded_record is append-only: UPDATE is refused'); END;
CREATE TRIGGER undecoded_record_no_delete BEFORE DELETE ON undecoded_record
BEGIN SELECT RAISE(ABORT, 'undecoded_record is append-only: DELETE is refused'); END;
CREATE TRIGGER template_no_update BEFORE UPDATE ON template
BEGIN SELECT RAISE(ABORT, 'template is append-only: UPDATE is refused'); END;
CREATE TRIGGER template_no_delete BEFORE DELETE ON template
BEGIN SELECT RAISE(ABORT, 'template is append-only: DELETE is refused'); END;
CREATE TRIGGER attribution_no_update BEFORE UPDATE ON attribution
BEGIN SELECT RAISE(ABORT, 'attribution is append-only: UPDATE is refused'); END;
CREATE TRIGGER attribution_no_delete BEFORE DELETE ON attribution
BEGIN SELECT RAISE(ABORT, 'attribution is append-only: DELETE is refused'); END;
CREATE TRIGGER charge_no_update BEFORE UPDATE ON charge
BEGIN SELECT RAISE(ABORT, 'charge is append-only: UPDATE is refused'); END;
CREATE TRIGGER charge_no_delete BEFORE DELETE ON charge
BEGIN SELECT RAISE(ABORT, 'charge is append-only: DELETE is refused'); END;
CREATE TRIGGER entry_no_update BEFORE UPDATE ON entry
BEGIN SELECT RAISE(ABORT, 'entry is append-only: UPDATE is refused'); END;
CREATE TRIGGER entry_no_delete BEFORE DELETE ON entry
BEGIN SELECT RAISE(ABORT, 'entry is append-only: DELETE is refused'); END;
