-- Who changed what, when and why: every change by a person, as a chain (docs/formats/change.md).
CREATE TABLE change (  -- append-only; number begins at 1, no gaps
  number BIGINT PRIMARY KEY CHECK (number > 0), changed_ms BIGINT NOT NULL, who TEXT NOT NULL, action TEXT NOT NULL,
  object TEXT NOT NULL, object_key TEXT NOT NULL, before TEXT NOT NULL, after TEXT NOT NULL, why TEXT NOT NULL,
  hash TEXT NOT NULL);
CREATE INDEX change_by_object ON change (object, object_key, number);

-- How much of the chain is in the collector's log.
CREATE TABLE change_state (only_row BIGINT PRIMARY KEY CHECK (only_row = 1), logged_number BIGINT NOT NULL);
INSERT INTO change_state VALUES (1, 0);

CREATE TRIGGER change_append_only BEFORE UPDATE OR DELETE ON change
  FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER change_no_truncate BEFORE TRUNCATE ON change
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
