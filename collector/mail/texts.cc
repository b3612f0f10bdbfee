#include "collector/mail/texts.h"

#include <algorithm>
#include <array>

#include "collector/mail/embedded_templates.h"

namespace collector::mail {

namespace {

using base::ErrorCode;
using base::fail;

constexpr std::array<std::string_view, 3> kLanguages{"en", "el", "de"};

std::string heading(Part part) {
  return "=== " + std::string{to_string(part)} + " ===";
}

// Which part begins with the line; kParts if none does.
std::size_t part_begun(std::string_view line) {
  while (line.ends_with(' ') || line.ends_with('\r')) line.remove_suffix(1);
  std::size_t part = 0;
  while (part < kParts && line != heading(static_cast<Part>(part))) ++part;
  return part;
}

std::string_view embedded(Kind kind, std::size_t language) {
  using namespace shipped_templates;
  constexpr std::array<std::array<std::string_view, 3>, 3> kAll{
      {{sessions_en, sessions_el, sessions_de},
       {partner_copy_en, partner_copy_el, partner_copy_de},
       {notice_en, notice_el, notice_de}}};
  return kAll[static_cast<std::size_t>(kind)][language];
}

}  // namespace

base::Result<TemplateTexts> read_texts(std::string_view file) {
  if (file.starts_with("\xEF\xBB\xBF")) file.remove_prefix(3);  // Editors on Windows put it there.
  TemplateTexts texts;
  std::size_t begun = 0;  // How many parts.
  for (std::size_t line = 1; !file.empty(); ++line) {
    const auto end = std::min(file.find('\n'), file.size() - 1) + 1;
    const auto text = file.substr(0, end);
    file.remove_prefix(end);
    const auto wrong = [&](std::string what) {
      return fail(ErrorCode::invalid_argument, "line " + std::to_string(line) + ": " + std::move(what));
    };
    const auto part = part_begun(text.ends_with('\n') ? text.substr(0, text.size() - 1) : text);
    if (part < kParts) {
      if (part != begun)
        return wrong(
            heading(static_cast<Part>(part)) +
            (part < begun ? " is there twice" : " comes before " + heading(static_cast<Part>(begun))));
      ++begun;
    } else if (begun > 0) {
      texts.part[begun - 1] += text;
    } else if (!text.starts_with('#') && text.find_first_not_of(" \t\r\n") != text.npos) {
      return wrong("a template begins with the line " + heading(Part::subject));
    }
  }
  if (begun < kParts)
    return fail(ErrorCode::invalid_argument, "the line " + heading(static_cast<Part>(begun)) + " is missing");
  return normalised(texts);
}

std::string write_texts(const TemplateTexts& texts) {
  std::string out;
  for (std::size_t i = 0; i < kParts; ++i) {
    out += heading(static_cast<Part>(i)) + "\n" + texts.part[i];
    if (!out.ends_with('\n')) out += '\n';
  }
  return out;
}

std::span<const std::string_view> shipped_languages() {
  return kLanguages;
}

std::optional<TemplateTexts> shipped_texts(Kind kind, std::string_view language) {
  const auto found = std::ranges::find(kLanguages, language);
  if (found == kLanguages.end()) return std::nullopt;
  auto texts = read_texts(embedded(kind, static_cast<std::size_t>(found - kLanguages.begin())));
  if (!texts) return std::nullopt;
  return *std::move(texts);
}

}  // namespace collector::mail
