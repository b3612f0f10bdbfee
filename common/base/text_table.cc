#include "common/base/text_table.h"

#include <algorithm>

#include "common/base/utf8.h"

namespace base {

std::size_t text_width(std::string_view text) {
  return static_cast<std::size_t>(
      std::ranges::count_if(text, [](char c) { return (static_cast<unsigned char>(c) & 0xc0) != 0x80; }));
}

std::string cell_text(std::string_view text, std::size_t width_max) {
  std::string clean;
  for (const char c : to_valid_utf8(text)) {
    const auto byte = static_cast<unsigned char>(c);
    clean.push_back(byte < 0x20 || byte == 0x7f ? ' ' : c);
  }
  if (text_width(clean) <= width_max) return clean;
  std::string cut;
  std::string_view rest = clean;
  for (std::size_t used = 0; used + 1 < width_max; ++used) {
    const auto length = utf8_length(rest);
    cut += rest.substr(0, length);
    rest.remove_prefix(length);
  }
  return cut + "\xe2\x80\xa6";
}

void TextTable::add(const std::vector<std::string>& cells) {
  std::vector<std::string> row;
  for (std::size_t i = 0; i < columns_.size(); ++i) {
    row.push_back(i < cells.size() ? cell_text(cells[i], columns_[i].width_max) : std::string{});
  }
  rows_.push_back(std::move(row));
}

std::string TextTable::text() const {
  std::vector<std::size_t> widths;
  for (std::size_t i = 0; i < columns_.size(); ++i) {
    std::size_t width = text_width(columns_[i].heading);
    for (const auto& row : rows_) width = std::max(width, text_width(row[i]));
    widths.push_back(width);
  }
  std::string out;
  const auto line = [&](const auto& cell_of) {
    std::string one;
    for (std::size_t i = 0; i < columns_.size(); ++i) {
      const std::string& cell = cell_of(i);
      const std::string blanks(widths[i] - text_width(cell), ' ');
      one += (i == 0 ? "" : "  ") + (columns_[i].align == Align::right ? blanks + cell : cell + blanks);
    }
    one.erase(one.find_last_not_of(' ') + 1);
    out += one + '\n';
  };
  line([&](std::size_t i) -> const std::string& { return columns_[i].heading; });
  for (const auto& row : rows_) {
    line([&](std::size_t i) -> const std::string& { return row[i]; });
  }
  return out;
}

}  // namespace base
