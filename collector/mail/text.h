// Making foreign text harmless, and numbers readable. Pure.

#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace collector::mail {

// Valid UTF-8 without control characters: a byte that is no UTF-8 becomes U+FFFD; CR, LF, tab and every other
// control character becomes one blank, runs of blanks become one, blanks at the ends go; characters that turn
// the direction of the text or are invisible line ends (U+061C, U+200E, U+200F, U+2028 to U+202E, U+2066 to
// U+2069, U+FEFF) go. Longer texts are cut at `max_chars` characters, the cut shown as "...".
std::string one_line(std::string_view text, std::size_t max_chars = 300);

// The same, but line ends (LF, CR or CRLF) are kept as LF, empty lines at the ends go.
std::string many_lines(std::string_view text, std::size_t max_chars = 4000);

// One line for a header: "=?" is parted by a blank, for readers that are too kind take it for the beginning
// of an encoded word (RFC 2047) wherever it stands, and there a line end could be written.
std::string header_line(std::string_view text, std::size_t max_chars = 300);

// & < > " ' as character references, LF as <br>.
std::string html_escape(std::string_view text);

// 4215 -> "1:10:15"; hours are not bounded. A negative duration, which no session has, shows its sign.
std::string duration_text(std::int64_t seconds);

// A clean text with letters that run from right to left gets an isolate around each of its lines (U+2068,
// U+2069), so that it does not turn around what stands beside it; any other text is returned as it is.
std::string isolated(std::string text);

}  // namespace collector::mail
