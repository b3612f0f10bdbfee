#include "collector/rule_text/parse.h"

#include <algorithm>
#include <boost/json.hpp>

#include "collector/rule_text/key_twice.h"
#include "collector/rule_text/rule_text.h"

namespace collector::rule_text {

namespace {

using base::ErrorCode;
using base::fail;

std::string place_of(std::string_view text, std::size_t at) {
  const auto before = text.substr(0, at);
  const auto line = std::ranges::count(before, '\n') + 1;
  const auto begin = before.rfind('\n');
  const auto column = begin == std::string_view::npos ? at + 1 : at - begin;
  return "line " + std::to_string(line) + ", column " + std::to_string(column);
}

}  // namespace

base::Result<boost::json::value> parse(std::string_view text) {
  if (text.size() > kTextBytesMax) {
    return fail(ErrorCode::invalid_argument, "the text has " + std::to_string(text.size()) +
                                                 " bytes; it may have up to " +
                                                 std::to_string(kTextBytesMax));
  }
  boost::json::parser parser;
  boost::system::error_code ec;
  const auto read = parser.write_some(text.data(), text.size(), ec);
  if (!ec && read < text.size()) {
    return fail(ErrorCode::invalid_argument, place_of(text, read) + ": text stands behind the end");
  }
  if (ec)
    return fail(ErrorCode::invalid_argument, place_of(text, read) + ": this is no JSON: " + ec.message());
  if (const auto name = key_twice(text)) {
    return fail(ErrorCode::invalid_argument, "'" + *name + "' stands twice; it may stand once");
  }
  return parser.release();
}

}  // namespace collector::rule_text
