-- Takes a mail domain from its customer.
DELETE FROM customer_domain WHERE domain = :domain
