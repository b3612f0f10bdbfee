#include "collector/mail/template.h"

#include <algorithm>
#include <optional>

#include "collector/mail/html_place.h"
#include "collector/mail/parse.h"
#include "common/base/utf8.h"

namespace collector::mail {

namespace {

using base::ErrorCode;
using base::fail;

constexpr std::array<std::string_view, kParts> kNames{"subject", "text", "html"};

std::optional<std::string> flaw(Part part, std::string_view text) {
  if (text.size() > kPartBytesMax) return "has more than " + std::to_string(kPartBytesMax) + " bytes";
  if (!base::is_utf8(text)) return "is not UTF-8";
  const auto control = [](char c) { return (c >= 0 && c < 0x20 && c != '\n' && c != '\t') || c == 0x7F; };
  if (std::ranges::any_of(text, control)) return "has a control character";
  if (text.find_first_not_of(" \t\n") == text.npos) return "is empty";
  if (part == Part::subject && text.find('\n') != text.npos) return "has more than one line";
  return std::nullopt;
}

bool is_blank(const Pieces& pieces) {
  return std::ranges::all_of(pieces, [](const Piece& piece) {
    const auto* literal = std::get_if<std::string>(&piece.is);
    return literal != nullptr && literal->find_first_not_of(" \t\n") == std::string::npos;
  });
}

// Whether, whatever the conditions are, something of `pieces` satisfies `told`.
template <class Told>
bool always(const Pieces& pieces, const Told& told) {
  return std::ranges::any_of(pieces, [&](const Piece& piece) {
    if (told(piece)) return true;
    const auto* choice = std::get_if<Choice>(&piece.is);
    return choice != nullptr && always(choice->then, told) && always(choice->otherwise, told);
  });
}

bool tells_each(const Piece& piece, Scopes scope) {
  const auto* loop = std::get_if<Repetition>(&piece.is);
  return loop != nullptr && loop->scope == scope && !is_blank(loop->body);
}

// An exhausted block; also one for each contract.
bool tells_exhausted(const Piece& piece) {
  if (const auto* loop = std::get_if<Repetition>(&piece.is))
    return loop->scope == kInContract && always(loop->body, tells_exhausted);
  const auto* choice = std::get_if<Choice>(&piece.is);
  return choice != nullptr && choice->condition == Condition::exhausted &&
         !is_blank(choice->negated ? choice->otherwise : choice->then);
}

base::Status check_told(Kind kind, Part part, const Pieces& pieces) {
  const auto lacks = [&](const std::string& what) {
    return fail(ErrorCode::invalid_argument,
                std::string{to_string(part)} + " can come out without " + what +
                    ", so somebody would not be told; put it outside any other %if ...%");
  };
  if (kind == Kind::notice) {
    if (!always(pieces, [](const Piece& p) { return tells_each(p, kInNotice); }))
      return lacks("%each notice% ... %end%");
    return {};
  }
  if (!always(pieces, [](const Piece& p) { return tells_each(p, kInSession); }))
    return lacks("%each session% ... %end%");
  if (kind == Kind::sessions && !always(pieces, tells_exhausted)) return lacks("%if exhausted% ... %end%");
  return {};
}

}  // namespace

std::string_view to_string(Part part) {
  return kNames[static_cast<std::size_t>(part)];
}

TemplateTexts normalised(const TemplateTexts& texts) {
  TemplateTexts out;
  for (std::size_t p = 0; p < kParts; ++p) {
    const auto& text = texts.part[p];
    for (std::size_t i = 0; i < text.size(); ++i) {
      if (text[i] != '\r' || i + 1 == text.size() || text[i + 1] != '\n') out.part[p] += text[i];
    }
  }
  auto& subject = out[Part::subject];
  while (subject.ends_with('\n')) subject.pop_back();
  return out;
}

base::Result<Templates> Templates::load(Kind kind, const TemplateTexts& texts) {
  Templates loaded;
  loaded.kind_ = kind;
  const auto clean = normalised(texts);
  for (std::size_t i = 0; i < kParts; ++i) {
    const auto part = static_cast<Part>(i);
    if (const auto what = flaw(part, clean[part]))
      return fail(ErrorCode::invalid_argument, std::string{to_string(part)} + " " + *what);
    auto pieces = parse(kind, part, clean[part]);
    if (!pieces) return std::unexpected{pieces.error()};
    loaded.pieces_[i] = *std::move(pieces);
    if (part == Part::subject) continue;
    if (auto told = check_told(kind, part, loaded.pieces_[i]); !told) return std::unexpected{told.error()};
  }
  if (auto places = check_html(loaded.pieces(Part::html)); !places) return std::unexpected{places.error()};
  return loaded;
}

}  // namespace collector::mail
