-- Finds a technician by number.
SELECT technician_id FROM technician WHERE number = :number
