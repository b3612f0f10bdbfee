-- Rating again by a person's word, what billed sessions ought to have cost, and sessions whose comment may have gone to
-- another one.

CREATE TABLE rerating (  -- append-only; the newest that covers a moment of a contract says by which rule it is rated
  rerating_id INTEGER PRIMARY KEY, contract_id INTEGER NOT NULL REFERENCES contract,
  from_ms INTEGER NOT NULL, to_ms INTEGER NOT NULL CHECK (from_ms < to_ms),
  template_id INTEGER REFERENCES template,  -- NULL: the rule stays, it is only applied anew
  decided_ms INTEGER NOT NULL, who TEXT NOT NULL, why TEXT NOT NULL) STRICT;
CREATE INDEX rerating_by_contract ON rerating (contract_id, rerating_id);

ALTER TABLE charge ADD COLUMN rerating_id INTEGER NOT NULL DEFAULT 0;  -- the newest that it knew; 0: there was none
CREATE INDEX charge_by_contract ON charge (contract_id, at_ms);

-- 1: sessions beside it changed, so that its comment may be another one's now.
ALTER TABLE session_watch ADD COLUMN neighbour INTEGER NOT NULL DEFAULT 0;
CREATE INDEX session_watch_neighbour ON session_watch (session_id) WHERE neighbour = 1;

CREATE TABLE adjustment (  -- append-only: what a billed session is to be charged for instead; the newest of a session counts
  adjustment_id INTEGER PRIMARY KEY, session_id INTEGER NOT NULL REFERENCES session,
  charge_id INTEGER NOT NULL REFERENCES charge,  -- that was billed
  comment_id INTEGER REFERENCES session_comment,  -- that came after; NULL: a person says it
  comments_seen_id INTEGER NOT NULL,  -- the newest that it could know
  technician_id INTEGER REFERENCES technician, no_charge INTEGER NOT NULL CHECK (no_charge IN (0, 1)),
  override_min INTEGER CHECK (override_min BETWEEN 0 AND 1440), text TEXT NOT NULL,
  reasons TEXT NOT NULL,  -- codes, with commas between: why it cannot be posted as it is
  steps TEXT NOT NULL,
  waits INTEGER NOT NULL CHECK (waits IN (0, 1)),  -- 1: a person must decide
  minutes INTEGER, amount INTEGER,  -- what all that is charged together would cost; NULL: not worked out
  who TEXT NOT NULL,  -- empty: the collector
  why TEXT NOT NULL, created_ms INTEGER NOT NULL) STRICT;
CREATE INDEX adjustment_by_session ON adjustment (session_id, adjustment_id);
CREATE INDEX adjustment_by_charge ON adjustment (charge_id, adjustment_id);

CREATE TABLE adjustment_decision (  -- append-only
  adjustment_id INTEGER PRIMARY KEY REFERENCES adjustment,
  released INTEGER NOT NULL CHECK (released IN (0, 1)),  -- 0: what was billed stays
  who TEXT NOT NULL, why TEXT NOT NULL, decided_ms INTEGER NOT NULL) STRICT;

CREATE TABLE adjustment_posting (  -- append-only: that the ledger has it
  adjustment_id INTEGER PRIMARY KEY REFERENCES adjustment,
  charge_id INTEGER NOT NULL REFERENCES charge,
  minutes INTEGER NOT NULL, amount INTEGER NOT NULL,  -- what it adds to what was charged
  entry_id INTEGER REFERENCES entry,  -- NULL: nothing
  posted_ms INTEGER NOT NULL) STRICT;
CREATE INDEX adjustment_posting_by_charge ON adjustment_posting (charge_id, adjustment_id);

CREATE TRIGGER rerating_no_update BEFORE UPDATE ON rerating
BEGIN SELECT RAISE(ABORT, 'rerating is append-only: UPDATE is refused'); END;
CREATE TRIGGER rerating_no_delete BEFORE DELETE ON rerating
BEGIN SELECT RAISE(ABORT, 'rerating is append-only: DELETE is refused'); END;
CREATE TRIGGER adjustment_no_update BEFORE UPDATE ON adjustment
BEGIN SELECT RAISE(ABORT, 'adjustment is append-only: UPDATE is refused'); END;
CREATE TRIGGER adjustment_no_delete BEFORE DELETE ON adjustment
BEGIN SELECT RAISE(ABORT, 'adjustment is append-only: DELETE is refused'); END;
CREATE TRIGGER adjustment_decision_no_update BEFORE UPDATE ON adjustment_decision
BEGIN SELECT RAISE(ABORT, 'adjustment_decision is append-only: UPDATE is refused'); END;
CREATE TRIGGER adjustment_decision_no_delete BEFORE DELETE ON adjustment_decision
BEGIN SELECT RAISE(ABORT, 'adjustment_decision is append-only: DELETE is refused'); END;
CREATE TRIGGER adjustment_posting_no_update BEFORE UPDATE ON adjustment_posting
BEGIN SELECT RAISE(ABORT, 'adjustment_posting is append-only: UPDATE is refused'); END;
CREATE TRIGGER adjustment_posting_no_delete BEFORE DELETE ON adjustment_posting
BEGIN SELECT RAISE(ABORT, 'adjustment_posting is append-only: DELETE is refused'); END;
