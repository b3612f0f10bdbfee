#include "collector/mail/html_place.h"

#include <algorithm>
#include <optional>
#include <string>
#include <utility>

#include "collector/mail/html_scan.h"

namespace collector::mail {

namespace {

using base::ErrorCode;
using base::fail;
using At = HtmlScan::At;

const KnownToken& known(Token token) {
  return *std::ranges::find(known_tokens(), token, &KnownToken::token);
}

class Check {
 public:
  base::Status all(const Pieces& pieces) {
    for (const auto& piece : pieces) {
      line_ = piece.line;
      if (auto done = one(piece); !done) return done;
    }
    return {};
  }

  base::Status end() const {
    if (place_.at() == At::text) return {};
    return wrong("the HTML ends " + std::string{describe(place_.at())});
  }

 private:
  base::Status one(const Piece& piece) {
    if (const auto* literal = std::get_if<std::string>(&piece.is)) {
      for (const char c : *literal) {
        if (auto flaw = place_.read(c)) return wrong(*std::move(flaw));
      }
      return {};
    }
    if (const auto* token = std::get_if<Token>(&piece.is)) return value(known(*token));
    if (auto flaw = place_.part()) return wrong(*std::move(flaw));
    const auto before = place_;
    if (const auto* loop = std::get_if<Repetition>(&piece.is)) {
      if (auto done = all(loop->body); !done) return done;
      return same(before, piece.line);
    }
    const auto& choice = std::get<Choice>(piece.is);
    for (const auto* branch : {&choice.then, &choice.otherwise}) {
      if (auto done = all(*branch); !done) return done;
      if (auto done = same(before, piece.line); !done) return done;
    }
    return {};
  }

  base::Status value(const KnownToken& token) {
    if (place_.at() == At::text || place_.at() == At::title) return {};
    const std::string name = "%" + std::string{token.name} + "%";
    const std::string there{describe(place_.at())};
    if (!token.in_tag) return wrong(name + " cannot stand " + there + ", only between tags");
    if (place_.at() != At::double_quoted)
      return wrong(name + " may stand between tags or inside double quotes, not " + there);
    place_.put(token.token == Token::logo ? "cid:" : "1");
    return {};
  }

  // A block's branch has ended.
  base::Status same(const HtmlScan& before, std::size_t line) {
    line_ = line;
    if (place_.at() == before.at() && !place_.is_same(before))
      return wrong("a block that begins inside a tag ends inside another, or in another of its attributes");
    if (describe(place_.at()) != describe(before.at()))
      return wrong("a block that begins " + std::string{describe(before.at())} + " ends " +
                   std::string{describe(place_.at())});
    if (auto flaw = place_.part()) return wrong(*std::move(flaw));
    if (place_.at() == before.at()) return {};
    return wrong(
        "a block that begins between the attributes of a tag ends inside one, or the other way round");
  }

  base::Status wrong(std::string what) const {
    return fail(ErrorCode::invalid_argument, "html line " + std::to_string(line_) + ": " + std::move(what));
  }

  HtmlScan place_;
  std::size_t line_ = 1;
};

}  // namespace

base::Status check_html(const Pieces& pieces) {
  Check check;
  if (auto done = check.all(pieces); !done) return done;
  return check.end();
}

}  // namespace collector::mail
