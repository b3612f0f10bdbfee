-- Lists the newest gaps.
SELECT gap_id, record_id, agent_id, source, after_offset, bytes_lost_min, cause, observed_ms, from_utc_ms,
  to_utc_ms
FROM gap ORDER BY gap_id DESC LIMIT :limit
