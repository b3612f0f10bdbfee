-- Lists all versions of a mail template, the newest first.
SELECT mail_template_id, kind, language, version, subject, body_text, body_html, who, why, created_ms
FROM mail_template WHERE kind = :kind AND lower(language) = :language ORDER BY version DESC
