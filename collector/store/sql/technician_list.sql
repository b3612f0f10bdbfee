-- Loads the technicians.
SELECT technician_id, number, name, email, active FROM technician ORDER BY technician_id
