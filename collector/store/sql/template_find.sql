-- Finds the name of a template version.
SELECT name, version FROM template WHERE template_id = :template_id
