-- Notes where the chain of changes stands.
UPDATE change_state SET number = :number, head = :head
