// Reasons and steps as the pipeline stored them (pipeline/explanation.h), read
// without trust: a later version, or a person with a database tool, may have
// written something else.

#pragma once

#include <boost/json/value.hpp>
#include <string>
#include <string_view>
#include <vector>

namespace collector::commands {

// The value; the text itself, as a string, if it is no JSON.
boost::json::value stored_value(const std::string& text);

// The strings of an array, what else is in it as JSON text; the text itself, alone, if it is no array.
std::vector<std::string> stored_strings(const std::string& text);

// The objects of an array; one object with the text as `detail` if it is none.
std::vector<boost::json::object> stored_objects(const std::string& text);

// The string called `name`, else empty.
std::string string_in(const boost::json::object& object, std::string_view name);

}  // namespace collector::commands
