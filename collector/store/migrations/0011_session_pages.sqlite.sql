-- What lists of sessions are filtered and paged by (session_page_*.sql, session_interval_*.sql).
CREATE INDEX session_by_moment ON session ((COALESCE(started_ms, requested_ms, ended_ms, last_seen_ms, 0)), session_id);
CREATE INDEX session_longer_than_a_day ON session (started_ms) WHERE ended_ms - started_ms > 86400000;
CREATE INDEX attribution_by_customer ON attribution (customer_id, contract_id);
CREATE INDEX attribution_with_stated_times ON attribution (stated_start_ms)
  WHERE COALESCE(stated_start_ms, stated_end_ms) IS NOT NULL;
CREATE INDEX decision_withdrawn ON decision (session_id) WHERE withdrawn = 1;
CREATE INDEX entry_hold ON entry (charge_id) WHERE kind = 'hold';
