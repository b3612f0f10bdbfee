// What text the store keeps.
//
// PostgreSQL holds neither NUL characters nor anything that is not UTF-8. So
// that a database can move from one dialect to the other, SQLite is held to
// the same rule: every store function refuses such text with invalid_argument.

#pragma once

#include <string>
#include <string_view>

namespace collector::store {

// True for valid UTF-8 (RFC 3629: shortest forms, no surrogates, up to
// U+10FFFF) without NUL.
bool is_storable(std::string_view text);

// The same text with each byte that is not storable replaced by U+FFFD. For
// text from outside that must not stop the pipeline.
std::string storable(std::string_view text);

}  // namespace collector::store
