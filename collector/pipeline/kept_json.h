// Reading back what the pipeline itself wrote as JSON text for later (charge_inputs.h, notice_state.h). Its
// readers throw for anything else, as Boost.JSON's own do; read_kept() turns that into an error. Inside this
// room.

#pragma once

#include <boost/json.hpp>
#include <cstdint>
#include <exception>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>

#include "common/base/result.h"

namespace collector::pipeline {

inline std::string text_of(const boost::json::value& value) {
  return std::string{std::string_view{value.as_string()}};
}

inline boost::json::value number_or_null(const std::optional<std::int64_t>& number) {
  return number ? boost::json::value(*number) : boost::json::value(nullptr);
}

inline std::optional<std::int64_t> number_if_any(const boost::json::value& value) {
  return value.is_null() ? std::nullopt : std::optional{value.as_int64()};
}

// What `read` makes of the object that `text` is; corrupt, naming `what` it is, if it throws.
template <class Read>
auto read_kept(const std::string& what, const std::string& text, Read read)
    -> base::Result<std::invoke_result_t<Read, const boost::json::object&>> {
  try {
    return read(boost::json::parse(text).as_object());
  } catch (const std::exception& error) {
    return base::fail(base::ErrorCode::corrupt, what + ": " + error.what());
  }
}

}  // namespace collector::pipeline
