-- Finds a technician by number.
SELECT technician_id, number, name, email, active, grade FROM technician WHERE number = :number
