// `deskledger-agent parse`: the outgoing sessions that trace files tell of.

#pragma once

#include <iosfwd>
#include <string>
#include <vector>

namespace agent::commands {

enum class ParseFormat { text, jsonl };

struct ParseOptions {
  ParseFormat format = ParseFormat::text;
  // Files of one machine; "-" is standard input.
  std::vector<std::string> files;
};

inline constexpr int kParsedAll = 0;   // Every file was read.
inline constexpr int kParsedSome = 1;  // At least one could not be; the others were.
inline constexpr int kParseUsage = 2;  // No file was named, or output failed.

// Writes one JSON object a line (jsonl), or a table (text), for each outgoing
// attempt in order of request; all files together are one machine's. A file
// that cannot be read, or that is no trace, is one line on `err` that names it
// and says what to do. Files are only read, a block at a time. Returns the exit
// code.
int run_parse(const ParseOptions& options, std::istream& in, std::ostream& out, std::ostream& err);

}  // namespace agent::commands
