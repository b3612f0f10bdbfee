-- What a charge was made of beside the version of its rule, so that it can be worked out again whatever is changed later
-- (collector/pipeline/charge_inputs.h). Empty: it was made before this was kept, or has no sessions any more.

ALTER TABLE charge ADD COLUMN inputs TEXT NOT NULL DEFAULT '';
