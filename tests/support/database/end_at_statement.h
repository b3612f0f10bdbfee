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

}  // namespace support
