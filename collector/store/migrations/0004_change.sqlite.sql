-- Who changed what, when and why: every change by a person, as a chain (docs/formats/change.md).
CREATE TABLE change (  -- append-only; number begins at 1, no gaps
  number INTEGER PRIMARY KEY CHECK (number > 0), changed_ms INTEGER NOT NULL, who TEXT NOT NULL, action TEXT NOT NULL,
  object TEXT NOT NULL, object_key TEXT NOT NULL, before TEXT NOT NULL, after TEXT NOT NULL, why TEXT NOT NULL,
  hash TEXT NOT NULL) STRICT;
CREATE INDEX change_by_object ON change (object, object_key, number);

-- How much of the chain is in the collector's log.
CREATE TABLE change_state (only_row INTEGER PRIMARY KEY CHECK (only_row = 1), logged_number INTEGER NOT NULL) STRICT;
INSERT INTO change_state VALUES (1, 0);

CREATE TRIGGER change_no_update BEFORE UPDATE ON change
BEGIN SELECT RAISE(ABORT, 'change is append-only: UPDATE is refused'); END;
CREATE TRIGGER change_no_delete BEFORE DELETE ON change
BEGIN SELECT RAISE(ABORT, 'change is append-only: DELETE is refused'); END;
