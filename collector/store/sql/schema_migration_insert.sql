-- Notes that a migration was applied.
INSERT INTO schema_migration (number, name, sha256, applied_ms) VALUES (:number, :name, :sha256, :applied_ms)
