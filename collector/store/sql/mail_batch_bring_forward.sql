-- An item wants an earlier end of the customer's window: it closes for all his readers whose mails wait for nothing else.
UPDATE mail_batch SET closes_ms = :closes_ms, look_ms = :closes_ms
WHERE customer_id = :customer_id AND kind <> 'notice' AND held_by = '' AND closes_ms > :closes_ms
