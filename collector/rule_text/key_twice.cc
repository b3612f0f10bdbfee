#include "collector/rule_text/key_twice.h"

#include <boost/json/basic_parser_impl.hpp>
#include <set>
#include <vector>

namespace collector::rule_text {

namespace {

using boost::json::string_view;
using boost::system::error_code;

// What the parser tells of a text: only names matter here.
struct Names {
  static constexpr std::size_t max_object_size = static_cast<std::size_t>(-1);
  static constexpr std::size_t max_array_size = static_cast<std::size_t>(-1);
  static constexpr std::size_t max_key_size = static_cast<std::size_t>(-1);
  static constexpr std::size_t max_string_size = static_cast<std::size_t>(-1);

  std::vector<std::set<std::string>> open;  // The objects around this place, and their names so far.
  std::string name;                         // What of the present name has been read.
  std::optional<std::string> twice;

  bool on_object_begin(error_code&) {
    open.emplace_back();
    return true;
  }
  bool on_object_end(std::size_t, error_code&) {
    open.pop_back();
    return true;
  }
  bool on_key_part(string_view part, std::size_t, error_code&) {
    name += part;
    return true;
  }
  bool on_key(string_view part, std::size_t, error_code& ec) {
    name += part;
    if (!open.back().insert(name).second) {
      twice = name;
      ec = boost::system::errc::make_error_code(boost::system::errc::file_exists);
      return false;
    }
    name.clear();
    return true;
  }

  bool on_document_begin(error_code&) { return true; }
  bool on_document_end(error_code&) { return true; }
  bool on_array_begin(error_code&) { return true; }
  bool on_array_end(std::size_t, error_code&) { return true; }
  bool on_string_part(string_view, std::size_t, error_code&) { return true; }
  bool on_string(string_view, std::size_t, error_code&) { return true; }
  bool on_number_part(string_view, error_code&) { return true; }
  bool on_int64(std::int64_t, string_view, error_code&) { return true; }
  bool on_uint64(std::uint64_t, string_view, error_code&) { return true; }
  bool on_double(double, string_view, error_code&) { return true; }
  bool on_bool(bool, error_code&) { return true; }
  bool on_null(error_code&) { return true; }
  bool on_comment_part(string_view, error_code&) { return true; }
  bool on_comment(string_view, error_code&) { return true; }
};

}  // namespace

std::optional<std::string> key_twice(std::string_view json) {
  boost::json::basic_parser<Names> parser{boost::json::parse_options{}};
  error_code ec;
  parser.write_some(false, json.data(), json.size(), ec);
  return parser.handler().twice;
}

}  // namespace collector::rule_text
