#include "collector/commands/stored_json.h"

#include <boost/json.hpp>

namespace collector::commands {

namespace json = boost::json;

json::value stored_value(const std::string& text) {
  boost::system::error_code error;
  auto value = json::parse(text, error);
  return error ? json::value(text) : value;
}

std::vector<std::string> stored_strings(const std::string& text) {
  const auto value = stored_value(text);
  if (!value.is_array()) return {text};
  std::vector<std::string> strings;
  for (const auto& one : value.get_array())
    strings.push_back(one.is_string() ? std::string{one.get_string()} : json::serialize(one));
  return strings;
}

std::vector<json::object> stored_objects(const std::string& text) {
  const auto value = stored_value(text);
  std::vector<json::object> objects;
  if (value.is_array()) {
    for (const auto& one : value.get_array()) {
      objects.push_back(one.is_object() ? one.get_object()
                                        : json::object{{"what", ""}, {"detail", json::serialize(one)}});
    }
  } else {
    objects.push_back(json::object{{"what", ""}, {"detail", text}});
  }
  return objects;
}

std::string string_in(const json::object& object, std::string_view name) {
  const auto* found = object.if_contains(name);
  return found != nullptr && found->is_string() ? std::string{found->get_string()} : std::string{};
}

}  // namespace collector::commands
