#include "collector/mail/parse.h"

#include <algorithm>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "collector/mail/mark.h"
#include "common/base/nearest.h"

namespace collector::mail {

namespace {

using base::ErrorCode;
using base::fail;

// Names are in lower case, with '_' for blanks.
std::string as_written(std::string name) {
  std::ranges::transform(name, name.begin(), [](char c) {
    if (c == ' ') return '_';
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  });
  return name;
}

// "'custmer' is no known token; did you mean 'customer'?"
template <class Known>
base::Error unknown(std::span<const Known> all, const std::string& name, const std::string& shown,
                    std::string_view before, const char* what, std::vector<std::string> others = {}) {
  for (const auto& known : all) others.emplace_back(known.name);
  std::string message = shown + " is no known " + what;
  if (const auto near = base::nearest(as_written(name), others)) {
    message += "; did you mean %" + std::string{before} + *near + "%?";
  }
  return {ErrorCode::invalid_argument, message};
}

template <class Known>
const Known* find(std::span<const Known> all, std::string_view name) {
  const auto found = std::ranges::find(all, name, &Known::name);
  return found == all.end() ? nullptr : &*found;
}

class Parser {
 public:
  Parser(Kind kind, Part part) : kind_(kind), part_(part) { open_.emplace_back(); }

  base::Status add(const std::vector<Mark>& marks, std::size_t line) {
    line_ = line;
    for (const auto& mark : marks) {
      if (auto done = add(mark); !done) return fail(where(line), done.error());
    }
    return {};
  }

  // "html line 7"
  std::string where(std::size_t line) const {
    return std::string{to_string(part_)} + " line " + std::to_string(line);
  }

  // Everything was read.
  base::Result<Pieces> take() {
    if (open_.size() == 1) return std::move(open_.front().pieces);
    const auto& block = open_.back();
    return fail(ErrorCode::invalid_argument,
                where(block.line) + ": " + block.mark + " is not closed; %end% is missing");
  }

 private:
  // A block that is not closed yet; the first one is the part itself.
  struct Open {
    Scopes scope = kInMail;
    std::size_t line = 0;
    std::string mark;  // "%if exhausted%", for messages.
    std::optional<Choice> choice;
    bool is_otherwise = false;
    Pieces pieces;  // So far, of the branch at hand.
  };

  base::Status add(const Mark& mark) {
    switch (mark.is) {
      case Mark::Is::literal: put(mark.text); return {};
      case Mark::Is::value: return value(mark.text);
      case Mark::Is::each: return each(mark.text);
      case Mark::Is::when: return when(mark);
      case Mark::Is::otherwise: return otherwise();
      case Mark::Is::end: return end();
    }
    return {};
  }

  void put(decltype(Piece::is) is) {
    open_.back().pieces.push_back(Piece{.is = std::move(is), .line = line_});
  }

  base::Status value(const std::string& name) {
    const auto* known = find(known_tokens(), name);
    const auto shown = "%" + name + "%";
    if (known == nullptr) {
      if (name == "if" || name == "each")
        return fail(ErrorCode::invalid_argument,
                    shown + " lacks a name, as in %" + name + (name == "if" ? " exhausted%" : " session%"));
      return std::unexpected{unknown(known_tokens(), name, shown, "", "token", {"else", "end"})};
    }
    if (auto fits = check(*known, shown); !fits) return fits;
    if (known->token >= Token::logo && known->token <= Token::logo_height && part_ != Part::html)
      return fail(ErrorCode::invalid_argument, shown + " is known only in html");
    put(known->token);
    return {};
  }

  base::Status each(const std::string& name) {
    const auto* known = find(known_loops(), name);
    const auto shown = "%each " + name + "%";
    if (known == nullptr) return std::unexpected{unknown(known_loops(), name, shown, "each ", "loop")};
    if ((known->kinds & bit_of(kind_)) == 0) return wrong_kind(shown, known->kinds);
    if (part_ == Part::subject)
      return fail(ErrorCode::invalid_argument, shown + " cannot stand in the subject, which is one line");
    if (open_.back().scope != kInMail)
      return fail(ErrorCode::invalid_argument, shown + " cannot stand inside another %each ...%");
    return open({.scope = known->scope,
                 .line = line_,
                 .mark = shown,
                 .choice = {},
                 .is_otherwise = false,
                 .pieces = {}});
  }

  base::Status when(const Mark& mark) {
    const auto* known = find(known_conditions(), mark.text);
    const std::string before = mark.negated ? "if not " : "if ";
    const auto shown = "%" + before + mark.text + "%";
    if (known == nullptr)
      return std::unexpected{unknown(known_conditions(), mark.text, shown, before, "condition")};
    if (auto fits = check(*known, shown); !fits) return fits;
    return open(
        {.scope = open_.back().scope,
         .line = line_,
         .mark = shown,
         .choice =
             Choice{.condition = known->condition, .negated = mark.negated, .then = {}, .otherwise = {}},
         .is_otherwise = false,
         .pieces = {}});
  }

  base::Status otherwise() {
    auto& block = open_.back();
    if (!block.choice) return fail(ErrorCode::invalid_argument, "%else% belongs to no %if ...%");
    if (block.is_otherwise)
      return fail(ErrorCode::invalid_argument,
                  "a second %else% of " + block.mark + " in line " + std::to_string(block.line));
    block.is_otherwise = true;
    block.choice->then = std::exchange(block.pieces, {});
    return {};
  }

  base::Status end() {
    if (open_.size() == 1) return fail(ErrorCode::invalid_argument, "%end% closes nothing");
    auto block = std::move(open_.back());
    open_.pop_back();
    if (block.choice) {
      (block.is_otherwise ? block.choice->otherwise : block.choice->then) = std::move(block.pieces);
      open_.back().pieces.push_back(Piece{.is = *std::move(block.choice), .line = block.line});
    } else {
      open_.back().pieces.push_back(
          Piece{.is = Repetition{.scope = block.scope, .body = std::move(block.pieces)}, .line = block.line});
    }
    return {};
  }

  base::Status open(Open block) {
    if (open_.size() > kNestingMax)
      return fail(ErrorCode::invalid_argument,
                  block.mark + " stands inside more than " + std::to_string(kNestingMax) + " others");
    open_.push_back(std::move(block));
    return {};
  }

  // What is known in the whole mail is known inside the loops, too.
  template <class Known>
  base::Status check(const Known& known, const std::string& shown) const {
    if ((known.kinds & bit_of(kind_)) == 0) return wrong_kind(shown, known.kinds);
    if ((known.scopes & (open_.back().scope | kInMail)) != 0) return {};
    return fail(ErrorCode::invalid_argument, shown + " is known only " + describe(reachable(known.scopes)));
  }

  // Of the places, those that this kind of mail has.
  Scopes reachable(Scopes scopes) const {
    for (const auto& loop : known_loops()) {
      if ((loop.kinds & bit_of(kind_)) == 0) scopes &= ~loop.scope;
    }
    return scopes;
  }

  static base::Status wrong_kind(const std::string& shown, Kinds kinds) {
    return fail(ErrorCode::invalid_argument, shown + " is known only in " + describe_kinds(kinds));
  }

  Kind kind_;
  Part part_;
  std::size_t line_ = 1;
  std::vector<Open> open_;
};

}  // namespace

base::Result<Pieces> parse(Kind kind, Part part, std::string_view text) {
  Parser parser{kind, part};
  for (std::size_t line = 1; !text.empty(); ++line) {
    const auto end = std::min(text.find('\n'), text.size() - 1) + 1;
    const auto marks = marks_of(text.substr(0, end));
    if (!marks) return fail(parser.where(line), marks.error());
    if (auto added = parser.add(*marks, line); !added) return std::unexpected{added.error()};
    text.remove_prefix(end);
  }
  return parser.take();
}

}  // namespace collector::mail
