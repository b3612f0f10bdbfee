-- Loads the technicians.
SELECT technician_id, number, name, email, active, grade FROM technician ORDER BY technician_id
