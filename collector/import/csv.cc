#include "collector/import/csv.h"

#include <algorithm>

namespace collector::import {

using base::ErrorCode;
using base::fail;

namespace {

std::string trimmed_lower(std::string_view text) {
  const auto is_blank = [](char c) { return c == ' ' || c == '\t'; };
  while (!text.empty() && is_blank(text.front())) text.remove_prefix(1);
  while (!text.empty() && is_blank(text.back())) text.remove_suffix(1);
  std::string lower{text};
  std::ranges::transform(lower, lower.begin(),
                         [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
  return lower;
}

class Reader {
 public:
  Reader(std::string_view text, char separator) : text_{text}, separator_{separator} {}

  bool at_end() const { return at_ == text_.size(); }

  base::Result<CsvRow> row() {
    CsvRow row{.line = line_, .fields = {}};
    for (;;) {
      auto field = at_ < text_.size() && text_[at_] == '"' ? quoted() : base::Result<std::string>{plain()};
      if (!field) return std::unexpected{field.error()};
      row.fields.push_back(std::move(*field));
      if (at_ < text_.size() && text_[at_] == separator_) {
        ++at_;
        continue;
      }
      end_of_line();
      return row;
    }
  }

 private:
  std::string plain() {
    const auto begin = at_;
    while (at_ < text_.size() && text_[at_] != separator_ && text_[at_] != '\n' && text_[at_] != '\r') ++at_;
    return std::string{text_.substr(begin, at_ - begin)};
  }

  base::Result<std::string> quoted() {
    const int opened = line_;
    std::string field;
    for (++at_; at_ < text_.size(); ++at_) {
      if (text_[at_] == '\n') ++line_;
      if (text_[at_] != '"') {
        field.push_back(text_[at_]);
      } else if (at_ + 1 < text_.size() && text_[at_ + 1] == '"') {
        field.push_back('"');
        ++at_;
      } else {
        ++at_;
        if (at_ < text_.size() && text_[at_] != separator_ && text_[at_] != '\n' && text_[at_] != '\r') {
          return fail(ErrorCode::invalid_argument,
                      "line " + std::to_string(line_) + ": text stands behind a closing quotation mark");
        }
        return field;
      }
    }
    return fail(ErrorCode::invalid_argument,
                "line " + std::to_string(opened) + ": a quotation mark is opened and never closed");
  }

  void end_of_line() {
    if (at_ < text_.size() && text_[at_] == '\r') ++at_;
    if (at_ < text_.size() && text_[at_] == '\n') ++at_;
    ++line_;
  }

  std::string_view text_;
  char separator_;
  std::size_t at_ = 0;
  int line_ = 1;
};

}  // namespace

base::Result<CsvTable> parse_csv(std::string_view text) {
  if (text.starts_with("\xef\xbb\xbf")) text.remove_prefix(3);
  if (text.find('\0') != std::string_view::npos) {
    return fail(ErrorCode::invalid_argument, "the file has NUL bytes: is it UTF-16? Save it as UTF-8");
  }
  const auto first_line = text.substr(0, text.find('\n'));
  const bool semicolons =
      first_line.find(';') != std::string_view::npos && first_line.find(',') == std::string_view::npos;
  Reader reader{text, semicolons ? ';' : ','};

  CsvTable table;
  while (!reader.at_end()) {
    auto row = reader.row();
    if (!row) return std::unexpected{row.error()};
    if (row->fields.size() == 1 && trimmed_lower(row->fields[0]).empty()) continue;
    if (table.header.empty()) {
      for (const auto& name : row->fields) table.header.push_back(trimmed_lower(name));
    } else {
      table.rows.push_back(std::move(*row));
    }
  }
  if (table.header.empty())
    return fail(ErrorCode::invalid_argument, "the file is empty: the first line names the columns");
  return table;
}

}  // namespace collector::import
