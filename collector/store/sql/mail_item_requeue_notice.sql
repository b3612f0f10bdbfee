-- A notice that was taken out before anybody was told is to be told after all.
UPDATE mail_item SET dropped_ms = NULL, window_closes_ms = :closes_ms WHERE notice_id = :notice_id AND dropped_ms IS NOT NULL
