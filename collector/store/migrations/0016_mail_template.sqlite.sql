-- What mails say, as people saved it. What comes with the program is not in here.

CREATE TABLE mail_template (  -- append-only; the newest version of a kind and language holds
  mail_template_id INTEGER PRIMARY KEY,
  kind TEXT NOT NULL CHECK (kind IN ('sessions', 'partner_copy', 'notice')),
  language TEXT NOT NULL, version INTEGER NOT NULL CHECK (version > 0),
  subject TEXT NOT NULL, body_text TEXT NOT NULL, body_html TEXT NOT NULL,
  who TEXT NOT NULL, why TEXT NOT NULL, created_ms INTEGER NOT NULL,
  UNIQUE (kind, language, version)) STRICT;

CREATE TRIGGER mail_template_no_update BEFORE UPDATE ON mail_template
BEGIN SELECT RAISE(ABORT, 'mail_template is append-only: UPDATE is refused'); END;
CREATE TRIGGER mail_template_no_delete BEFORE DELETE ON mail_template
BEGIN SELECT RAISE(ABORT, 'mail_template is append-only: DELETE is refused'); END;
