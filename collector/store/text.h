// What text the store keeps.
//
// PostgreSQL holds neither NUL characters nor anything that is not UTF-8. So
// that a database can move from one dialect to the other, SQLite is held to
// the same rule: every store function refuses such text with invalid_argument.

#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace collector::store {

// Longer text cannot be a key: PostgreSQL's indexes hold about 2700 bytes for all
// columns of one. The store refuses it, in both dialects, with invalid_argument:
// session_key, remote_id, anydesk_id, a comment's source, and the codes, names
// and addresses by which master data is found.
inline constexpr std::size_t key_bytes_max = 500;

// True for valid UTF-8 (RFC 3629: shortest forms, no surrogates, up to
// U+10FFFF) without NUL.
bool is_storable(std::string_view text);

// The same text with each byte that is not storable replaced by U+FFFD. For
// text from outside that must not stop the pipeline.
std::string storable(std::string_view text);

}  // namespace collector::store
