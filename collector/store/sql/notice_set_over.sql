-- Notes since when a notice is no longer so, or that it is so again.
UPDATE notice SET over_ms = :over_ms WHERE notice_id = :notice_id
