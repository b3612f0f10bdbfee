#include "collector/mail/html_scan.h"

#include <utility>

namespace collector::mail {

namespace {

using At = HtmlScan::At;

bool is_blank(char c) {
  return c == ' ' || c == '\n' || c == '\t';
}

bool is_letter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

char lower(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

// Whether `text` ends in what could become `end`.
bool ends_in_the_middle_of(std::string_view text, std::string_view end) {
  for (auto n = end.size() - 1; n > 0; --n) {
    if (text.ends_with(end.substr(0, n))) return true;
  }
  return false;
}

}  // namespace

std::optional<std::string> HtmlScan::read(char c) {
  switch (at_) {
    case At::text:
      if (c == '<') at_ = At::opening;
      return std::nullopt;
    case At::opening: open(c); return std::nullopt;
    case At::declaration:
      if (element_ == "!-" && c == '-') {
        at_ = At::comment;
      } else if (element_ == "!" && c == '-') {
        element_ = "!-";
      } else {
        element_ = "!declaration";
        if (c == '>') at_ = At::text;
      }
      return std::nullopt;
    case At::comment: comment(c); return std::nullopt;
    case At::style:
    case At::title: return read_raw(c);
    default: return read_tag(c);
  }
}

// Behind '<', which is text before anything but these.
void HtmlScan::open(char c) {
  raw_.clear();
  element_.clear();
  if (is_letter(c) || c == '/') {
    ++tags_;
    element_ = lower(c);
    at_ = At::name;
  } else if (c == '!' || c == '?') {
    ++tags_;
    element_ = c;
    at_ = At::declaration;
  } else if (c != '<') {
    at_ = At::text;
  }
}

// "-->" and "--!>" end one; so does '>' or "->" at once.
void HtmlScan::comment(char c) {
  raw_ += c;
  if (c != '>') return;
  if (raw_ == ">" || raw_ == "->" || raw_.ends_with("-->") || raw_.ends_with("--!>")) at_ = At::text;
}

// Ends with its own end tag only.
std::optional<std::string> HtmlScan::read_raw(char c) {
  const std::string element = at_ == At::style ? "style" : "title";
  if (!raw_.ends_with("</" + element) || (!is_blank(c) && c != '/' && c != '>')) {
    raw_ += lower(c);
    return std::nullopt;
  }
  if (at_ == At::style) {
    if (auto flaw = css_flaw(raw_)) return flaw;
  }
  element_ = "/" + element;
  at_ = At::between;
  return read_tag(c);
}

std::optional<std::string> HtmlScan::read_tag(char c) {
  switch (at_) {
    case At::name:
      if (is_blank(c) || c == '>' || (c == '/' && element_ != "/")) return end_name(c);
      element_ += lower(c);
      return std::nullopt;
    case At::between:
      if (c == '>') return end_tag();
      return is_blank(c) || c == '/' ? std::nullopt : begin_attribute(c);
    case At::attribute:
    case At::behind_attribute:
      if (c == '=') {
        at_ = At::before_value;
      } else if (c == '>' || c == '/') {
        return end_attribute(c);
      } else if (is_blank(c)) {
        at_ = At::behind_attribute;
      } else if (at_ == At::behind_attribute) {
        if (auto flaw = end_attribute(' ')) return flaw;
        return begin_attribute(c);
      } else if (c == '"' || c == '\'' || c == '<') {
        return std::string{"a "} + c + " stands in the name of an attribute";
      } else {
        attribute_.name += lower(c);
      }
      return std::nullopt;
    case At::before_value:
      if (c == '"' || c == '\'') {
        at_ = c == '"' ? At::double_quoted : At::single_quoted;
      } else if (c == '>') {
        return end_attribute(c);
      } else if (!is_blank(c)) {
        at_ = At::unquoted;
        return read_tag(c);
      }
      return std::nullopt;
    case At::double_quoted:
    case At::single_quoted:
      if (c == (at_ == At::double_quoted ? '"' : '\'')) return end_attribute(' ');
      attribute_.value += c;
      return std::nullopt;
    default: break;
  }
  // Unquoted.
  if (is_blank(c) || c == '>') return end_attribute(c);
  if (c == '"' || c == '\'' || c == '<' || c == '=' || c == '`')
    return std::string{"a "} + c + " stands in a value without quotes";
  attribute_.value += c;
  return std::nullopt;
}

std::optional<std::string> HtmlScan::end_name(char c) {
  if (is_forbidden_element(element_)) return "<" + element_ + "> cannot be used in a mail";
  at_ = At::between;
  return c == '>' ? end_tag() : std::nullopt;
}

std::optional<std::string> HtmlScan::begin_attribute(char c) {
  if (c == '"' || c == '\'' || c == '<' || c == '=')
    return std::string{"a "} + c + " stands where an attribute begins";
  ++attributes_;
  attribute_ = {};
  attribute_.element = element_;
  attribute_.name = lower(c);
  at_ = At::attribute;
  return std::nullopt;
}

std::optional<std::string> HtmlScan::end_attribute(char c) {
  at_ = At::between;
  if (auto flaw = attribute_flaw(attribute_)) return flaw;
  return c == '>' ? end_tag() : std::nullopt;
}

std::optional<std::string> HtmlScan::end_tag() {
  at_ = At::text;
  if (element_ == "style") at_ = At::style;
  if (element_ == "title") at_ = At::title;
  raw_.clear();
  return std::nullopt;
}

std::optional<std::string> HtmlScan::part() {
  switch (at_) {
    case At::text:
    case At::between: return std::nullopt;
    case At::title:
      if (!ends_in_the_middle_of(raw_, "</title>")) return std::nullopt;
      break;
    case At::comment:
      if (!raw_.empty() && !ends_in_the_middle_of(raw_, "--!>")) return std::nullopt;
      break;
    case At::double_quoted:
    case At::single_quoted: attribute_.has_blocks = true; return std::nullopt;
    case At::style: return "a block cannot stand inside <style>";
    default: break;
  }
  return "a block cannot begin or end in the middle of a tag's name, of an attribute or of an end";
}

bool HtmlScan::is_same(const HtmlScan& other) const {
  if (at_ != other.at_) return false;
  if (at_ == At::text || at_ == At::title || at_ == At::comment) return true;
  const bool quoted = at_ == At::double_quoted || at_ == At::single_quoted;
  return tags_ == other.tags_ && (!quoted || attributes_ == other.attributes_);
}

std::string_view describe(HtmlScan::At at) {
  switch (at) {
    case At::text: return "between tags";
    case At::title: return "inside <title>";
    case At::comment: return "inside a comment";
    case At::style: return "inside <style>";
    default: return "inside a tag";
  }
}

}  // namespace collector::mail
