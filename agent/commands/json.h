// A JSON text, written from left to right.

#pragma once

#include <concepts>
#include <optional>
#include <string>
#include <string_view>

#include "common/base/json_text.h"
#include "common/timing/utc.h"

namespace agent::commands {

// Puts the commas. Names and texts are quoted; the caller closes what it opens.
class Json {
 public:
  Json& begin_object() { return open('{'); }
  Json& end_object() { return close('}'); }
  Json& begin_array() { return open('['); }
  Json& end_array() { return close(']'); }
  Json& name(std::string_view text) {
    comma();
    text_ += base::json_quote(text) + ":";
    fresh_ = true;
    return *this;
  }
  Json& value(std::string_view text) { return raw(base::json_quote(text)); }
  Json& value(const char* text) { return value(std::string_view{text}); }
  Json& value(bool yes) { return raw(yes ? "true" : "false"); }
  template <std::integral Number>
  Json& value(Number number) {
    return raw(std::to_string(number));
  }
  Json& value(timing::UtcMs time) { return value(timing::to_rfc3339(time)); }
  template <class T>
  Json& value(const std::optional<T>& maybe) {
    return maybe ? value(*maybe) : raw("null");
  }
  // `"name":value`
  template <class T>
  Json& put(std::string_view field, const T& of) {
    name(field);
    return value(of);
  }
  // null for an empty text.
  Json& put_text(std::string_view field, std::string_view text) {
    name(field);
    return text.empty() ? raw("null") : value(text);
  }

  const std::string& text() const { return text_; }

 private:
  Json& raw(std::string_view text) {
    comma();
    text_ += text;
    fresh_ = false;
    return *this;
  }
  Json& open(char bracket) {
    comma();
    text_ += bracket;
    fresh_ = true;
    return *this;
  }
  Json& close(char bracket) {
    text_ += bracket;
    fresh_ = false;
    return *this;
  }
  void comma() {
    if (!fresh_) text_ += ',';
  }

  std::string text_;
  bool fresh_ = true;  // Nothing to be separated from stands before.
};

}  // namespace agent::commands
