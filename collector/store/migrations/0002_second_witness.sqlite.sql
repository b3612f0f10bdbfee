-- What facts carry since the second witness: how sure a session is, by which clocks, and between which times a gap lies.
-- The defaults are what an older agent's fact says: it read the service's trace only, and nothing is known of the rest.
ALTER TABLE session ADD COLUMN witness TEXT NOT NULL DEFAULT 'service'  -- which of AnyDesk's two writers it was read from
  CHECK (witness IN ('service', 'window', 'other'));
ALTER TABLE session ADD COLUMN doubts TEXT NOT NULL DEFAULT '';  -- words with commas between, in the order of the fact
ALTER TABLE session ADD COLUMN abandon_cause TEXT NOT NULL DEFAULT '';  -- empty: not abandoned, or not known
ALTER TABLE session ADD COLUMN duration_boot_ms INTEGER;  -- NULL: not measured
ALTER TABLE session ADD COLUMN duration_boot_uncertainty_ms INTEGER NOT NULL DEFAULT 0;
ALTER TABLE session ADD COLUMN clock_jumped INTEGER NOT NULL DEFAULT 0 CHECK (clock_jumped IN (0, 1));
ALTER TABLE session ADD COLUMN over_length INTEGER NOT NULL DEFAULT 0 CHECK (over_length IN (0, 1));
ALTER TABLE session ADD COLUMN overnight INTEGER NOT NULL DEFAULT 0 CHECK (overnight IN (0, 1));
ALTER TABLE session ADD COLUMN remote_id_withheld INTEGER NOT NULL DEFAULT 0 CHECK (remote_id_withheld IN (0, 1));
ALTER TABLE session ADD COLUMN window_pid INTEGER NOT NULL DEFAULT 0;  -- 0: not known
ALTER TABLE session ADD COLUMN reconnects INTEGER NOT NULL DEFAULT 0;
ALTER TABLE session ADD COLUMN boot_id TEXT NOT NULL DEFAULT '';  -- of the fact in force; empty: not known

-- The times of the last line before it and of the first behind it; NULL: none was read.
ALTER TABLE gap ADD COLUMN from_utc_ms INTEGER;
ALTER TABLE gap ADD COLUMN to_utc_ms INTEGER;
