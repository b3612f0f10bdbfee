// Inside this room only: the columns of a session, in the order in which every statement selects them.

#pragma once

#include "collector/store/query.h"
#include "collector/store/sessions.h"

namespace collector::store {

// Sets `row` by each next() of a statement whose first columns are those of session_find.sql.
void read_session(Query& query, SessionRow& row);

}  // namespace collector::store
