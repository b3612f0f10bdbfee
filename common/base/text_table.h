// A table for a terminal: a heading, rows, columns as wide as they need to be.

#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace base {

// How many terminal columns `text` takes: one for each UTF-8 character. Wide
// East Asian characters count as one and shift a column; nothing breaks.
std::size_t text_width(std::string_view text);

// `text` without control characters, cut to `width_max` with an ellipsis.
std::string cell_text(std::string_view text, std::size_t width_max);

class TextTable {
 public:
  enum class Align { left, right };
  struct Column {
    std::string heading;
    Align align = Align::left;
    std::size_t width_max = 40;
  };

  explicit TextTable(std::vector<Column> columns) : columns_{std::move(columns)} {}

  // One cell for each column; foreign text is made safe by cell_text().
  void add(const std::vector<std::string>& cells);
  // Every line ends with LF; no line has blanks at its end.
  std::string text() const;
  bool empty() const { return rows_.empty(); }

 private:
  std::vector<Column> columns_;
  std::vector<std::vector<std::string>> rows_;
};

}  // namespace base
