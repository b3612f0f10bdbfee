-- Lists the newest version of every mail template.
SELECT mail_template_id, kind, language, version, subject, body_text, body_html, who, why, created_ms
FROM mail_template t WHERE version =
  (SELECT MAX(version) FROM mail_template o WHERE o.kind = t.kind AND lower(o.language) = lower(t.language))
ORDER BY kind, language
