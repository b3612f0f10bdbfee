-- Finds one version of a mail template.
SELECT mail_template_id, kind, language, version, subject, body_text, body_html, who, why, created_ms
FROM mail_template WHERE kind = :kind AND lower(language) = :language AND version = :version
