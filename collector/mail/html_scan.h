// The HTML of a template character by character, as a browser cuts it into tags and text. Inside this room.

#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "collector/mail/html_rules.h"

namespace collector::mail {

// Where in the HTML what was read so far ends. The states are those of the HTML standard's tokenizer, as far
// as they matter here; what it reads in a way of its own (a quote in the name of an attribute) is refused.
class HtmlScan {
 public:
  enum class At {
    text,
    title,    // Inside <title>: text, in which tags have no meaning.
    opening,  // Behind '<'.
    name,     // Of an element.
    declaration,
    between,  // In a tag, where an attribute may begin.
    attribute,
    behind_attribute,
    before_value,
    double_quoted,
    single_quoted,
    unquoted,
    comment,
    style,
  };

  // The next one. What is wrong, if something is: then the rest is not read.
  std::optional<std::string> read(char c);
  // A value stands here that is ours and harmless; `as` is what it looks like.
  void put(std::string_view as) { attribute_.value += as; }
  // A block begins, or a branch of it ends: what cannot be said of this place, if so.
  std::optional<std::string> part();

  At at() const { return at_; }
  // The same place as another: not in another tag or attribute.
  bool is_same(const HtmlScan& other) const;

 private:
  std::optional<std::string> read_tag(char c);
  std::optional<std::string> read_raw(char c);
  void open(char c);
  std::optional<std::string> end_name(char c);
  std::optional<std::string> begin_attribute(char c);
  std::optional<std::string> end_attribute(char c);
  std::optional<std::string> end_tag();
  void comment(char c);

  At at_ = At::text;
  std::size_t tags_ = 0;        // Begun.
  std::size_t attributes_ = 0;  // Begun.
  std::string element_;         // With a '/' in front at the end of one.
  Attribute attribute_;
  std::string raw_;  // What a comment, a style or a title holds so far, in lower case.
};

// "inside a tag"
std::string_view describe(HtmlScan::At at);

}  // namespace collector::mail
