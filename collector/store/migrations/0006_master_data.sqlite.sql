-- Master data: what else is known of customers, their contacts and mail domains, technicians' grades, partners, and who
-- owned a terminal when.
ALTER TABLE customer ADD COLUMN rank TEXT NOT NULL DEFAULT '';  -- a label for people; decides nothing
ALTER TABLE customer ADD COLUMN tax_id TEXT NOT NULL DEFAULT '';
ALTER TABLE customer ADD COLUMN street TEXT NOT NULL DEFAULT '';
ALTER TABLE customer ADD COLUMN city TEXT NOT NULL DEFAULT '';
ALTER TABLE customer ADD COLUMN country TEXT NOT NULL DEFAULT '';
ALTER TABLE customer ADD COLUMN state TEXT NOT NULL DEFAULT '';
ALTER TABLE customer ADD COLUMN postal_code TEXT NOT NULL DEFAULT '';
ALTER TABLE customer ADD COLUMN phone TEXT NOT NULL DEFAULT '';
ALTER TABLE customer ADD COLUMN fax TEXT NOT NULL DEFAULT '';
CREATE INDEX customer_by_name ON customer (name);

CREATE TABLE customer_domain (  -- of whom mail from it is; lower case, without '@'
  domain TEXT PRIMARY KEY CHECK (domain <> '' AND domain NOT LIKE '%@%'),
  customer_id INTEGER NOT NULL REFERENCES customer) STRICT;
CREATE INDEX customer_domain_by_customer ON customer_domain (customer_id);

CREATE TABLE contact (
  contact_id INTEGER PRIMARY KEY, customer_id INTEGER NOT NULL REFERENCES customer,
  first_name TEXT NOT NULL, surname TEXT NOT NULL, email TEXT NOT NULL CHECK (email <> ''), phone TEXT NOT NULL,
  is_primary INTEGER NOT NULL CHECK (is_primary IN (0, 1)), UNIQUE (customer_id, email)) STRICT;
CREATE UNIQUE INDEX contact_primary ON contact (customer_id) WHERE is_primary = 1;
CREATE INDEX contact_by_email ON contact (email);

ALTER TABLE technician ADD COLUMN grade TEXT NOT NULL DEFAULT '';  -- what rating rules call it; empty: none

CREATE TABLE partner (
  partner_id INTEGER PRIMARY KEY, code TEXT NOT NULL UNIQUE, name TEXT NOT NULL, email TEXT NOT NULL,
  language TEXT NOT NULL) STRICT;
CREATE INDEX partner_by_name ON partner (name);

-- A terminal's rows are its history: whose it was, and from when to when. One that was a mistake is withdrawn: it stays,
-- and counts for nothing.
ALTER TABLE terminal ADD COLUMN withdrawn_ms INTEGER;

CREATE TRIGGER terminal_one_owner_insert BEFORE INSERT ON terminal
WHEN NEW.withdrawn_ms IS NULL AND EXISTS (
    SELECT 1 FROM terminal t WHERE t.address = NEW.address AND t.withdrawn_ms IS NULL
      AND COALESCE(t.valid_from_ms, -9223372036854775807) < COALESCE(NEW.valid_to_ms, 9223372036854775807)
      AND COALESCE(NEW.valid_from_ms, -9223372036854775807) < COALESCE(t.valid_to_ms, 9223372036854775807))
BEGIN SELECT RAISE(ABORT, 'terminal: an address has one owner at a time'); END;
CREATE TRIGGER terminal_one_owner_update BEFORE UPDATE ON terminal
WHEN NEW.withdrawn_ms IS NULL AND EXISTS (
    SELECT 1 FROM terminal t WHERE t.terminal_id <> NEW.terminal_id AND t.address = NEW.address AND t.withdrawn_ms IS NULL
      AND COALESCE(t.valid_from_ms, -9223372036854775807) < COALESCE(NEW.valid_to_ms, 9223372036854775807)
      AND COALESCE(NEW.valid_from_ms, -9223372036854775807) < COALESCE(t.valid_to_ms, 9223372036854775807))
BEGIN SELECT RAISE(ABORT, 'terminal: an address has one owner at a time'); END;
CREATE TRIGGER terminal_keeps_owner BEFORE UPDATE OF customer_id, address ON terminal
BEGIN SELECT RAISE(ABORT, 'terminal is a history: its owner and address stay, a new owner is a new row'); END;
CREATE TRIGGER terminal_stays_withdrawn BEFORE UPDATE ON terminal WHEN OLD.withdrawn_ms IS NOT NULL
BEGIN SELECT RAISE(ABORT, 'terminal is a history: a withdrawn row stays as it is'); END;
CREATE TRIGGER terminal_no_delete BEFORE DELETE ON terminal
BEGIN SELECT RAISE(ABORT, 'terminal is a history: DELETE is refused'); END;
