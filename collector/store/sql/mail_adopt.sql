-- Gives the waiting mails of an account that is no more to another one.
UPDATE mail SET account = :account WHERE account = :former AND state IN ('composed', 'sending')
