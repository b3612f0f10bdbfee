-- Adds a version of a mail template.
INSERT INTO mail_template (kind, language, version, subject, body_text, body_html, who, why, created_ms)
VALUES (:kind, :language, :version, :subject, :body_text, :body_html, :who, :why, :created_ms)
RETURNING mail_template_id
