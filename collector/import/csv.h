// Reads comma-separated text (RFC 4180) and remembers the line of every row,
// so that a bad row can be named. Fields may be quoted, quotes doubled, line
// ends LF or CRLF, a UTF-8 byte order mark is skipped. A semicolon separates
// instead of a comma when the header has semicolons and no comma, as office
// programs of many countries write it.

#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "common/base/result.h"

namespace collector::import {

struct CsvRow {
  int line = 0;  // Where the row begins, counted from 1.
  std::vector<std::string> fields;
};

struct CsvTable {
  std::vector<std::string> header;  // Trimmed, lower case.
  std::vector<CsvRow> rows;         // Without blank lines.
};

// invalid_argument with the line for an unclosed quotation mark, text behind
// a closing one, a NUL byte, or no header at all. Rows of another length than
// the header are kept: the reader of the table names them.
[[nodiscard]] base::Result<CsvTable> parse_csv(std::string_view text);

}  // namespace collector::import
