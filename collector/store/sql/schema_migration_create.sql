-- Starts the history of migrations.
CREATE TABLE schema_migration (
  number BIGINT PRIMARY KEY, name TEXT NOT NULL, sha256 TEXT NOT NULL, applied_ms BIGINT NOT NULL)
