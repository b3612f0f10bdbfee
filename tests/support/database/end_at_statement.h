// Ends this process at one of the statements that it gives a database, as a power cut would: for a child that
// a test forked. Works on SQLite and on PostgreSQL, and counts what both are given.

#pragma once

#include <cstdint>

namespace support {

// Counts from now on, on connections that are opened from now on. At statement `number` (the first is 1) the
// process ends with kEndedAtStatement before the database hears of it; 0: only counts. What a trigger runs
// counts as well.
void end_at_statement(std::int64_t number);
inline constexpr int kEndedAtStatement = 99;

// Given since then.
std::int64_t statements_given();

// The transaction that commits as the `number`th (the first is 1) is not heard of, once, on connections that
// are opened from now on: PostgreSQL commits it and the connection is lost before the answer; SQLite, which
// has no such thing, refuses it. 0: none.
void lose_commit(std::int64_t number);
// How many commits are still to come until then; 0 or less: it was lost.
std::int64_t commits_to_lose();

}  // namespace support
