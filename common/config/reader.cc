#include "common/config/reader.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <fstream>
#include <iterator>
#include <set>

// Debian's package is compiled against exceptions; parse errors arrive as one.
#include <toml++/toml.h>
#include <system_error>

#include "common/base/nearest.h"

namespace config {

using base::ErrorCode;
using base::fail;

struct Reader::State {
  std::string name;
  toml::table table;
  std::set<std::string> known;
  std::vector<std::pair<std::uint32_t, std::string>> problems;  // line, sentence

  const toml::node* find(std::string_view key) {
    known.emplace(key);
    return table.at_path(key).node();
  }

  void complain(const toml::node& node, std::string_view key, const std::string& what) {
    problems.emplace_back(node.source().begin.line, "'" + std::string{key} + "' " + what);
  }

  // Every leaf nobody asked for, by its full name.
  void find_unknown(const toml::table& in, const std::string& prefix) {
    for (const auto& [key, node] : in) {
      const std::string full = prefix + std::string{key.str()};
      if (known.contains(full)) continue;
      if (const auto* inner = node.as_table(); inner && is_section(full)) {
        find_unknown(*inner, full + ".");
        continue;
      }
      const auto near = base::nearest(full, {known.begin(), known.end()});
      problems.emplace_back(key.source().begin.line,
                            "'" + full + "' is no option" + (near ? "; did you mean '" + *near + "'?" : ""));
    }
  }

  bool is_section(const std::string& name_of_table) const {
    const auto next = known.lower_bound(name_of_table + ".");
    return next != known.end() && next->starts_with(name_of_table + ".");
  }
};

Reader::Reader(std::unique_ptr<State> state) : state_{std::move(state)} {}
Reader::Reader(Reader&&) noexcept = default;
Reader& Reader::operator=(Reader&&) noexcept = default;
Reader::~Reader() = default;

base::Result<Reader> Reader::from_text(std::string_view text, std::string_view name) {
  auto state = std::make_unique<State>();
  state->name = name;
  try {
    state->table = toml::parse(text, name);
  } catch (const toml::parse_error& e) {
    return fail(ErrorCode::invalid_argument, std::string{name} + ":" + std::to_string(e.source().begin.line) +
                                                 ": " + std::string{e.description()});
  }
  return Reader{std::move(state)};
}

base::Result<Reader> Reader::from_file(const std::filesystem::path& path) {
  std::ifstream in{path, std::ios::binary};
  // Not `<< rdbuf()`: that calls an empty file a failure.
  std::string text;
  std::array<char, 4096> part{};
  while (in.read(part.data(), std::ssize(part)) || in.gcount() > 0) {
    text.append(part.data(), static_cast<std::size_t>(in.gcount()));
  }
  if (!in.is_open() || in.bad()) {
    const int why = errno;
    const auto code = why == EACCES ? ErrorCode::permission_denied : ErrorCode::not_found;
    return fail(
        code, "cannot read the configuration " + path.string() + ": " + std::generic_category().message(why));
  }
  return from_text(text, path.string());
}

void Reader::text(std::string_view key, std::string& value) {
  const auto* node = state_->find(key);
  if (node == nullptr) return;
  if (const auto* found = node->as_string()) {
    value = found->get();
  } else {
    state_->complain(*node, key, "must be text in quotation marks");
  }
}

void Reader::texts(std::string_view key, std::vector<std::string>& value) {
  const auto* node = state_->find(key);
  if (node == nullptr) return;
  std::vector<std::string> found;
  const auto* array = node->as_array();
  bool all_text = array != nullptr;
  if (array != nullptr) {
    for (const auto& item : *array) {
      if (const auto* piece = item.as_string()) {
        found.push_back(piece->get());
      } else {
        all_text = false;
      }
    }
  }
  if (all_text) {
    value = std::move(found);
  } else {
    state_->complain(*node, key, "must be a list of texts, [\"one\", \"two\"]");
  }
}

void Reader::flag(std::string_view key, bool& value) {
  const auto* node = state_->find(key);
  if (node == nullptr) return;
  if (const auto* found = node->as_boolean()) {
    value = found->get();
  } else {
    state_->complain(*node, key, "must be true or false");
  }
}

void Reader::integer(std::string_view key, std::int64_t& value, std::int64_t min, std::int64_t max) {
  const auto* node = state_->find(key);
  if (node == nullptr) return;
  const auto* found = node->as_integer();
  if (found != nullptr && found->get() >= min && found->get() <= max) {
    value = found->get();
  } else {
    state_->complain(*node, key,
                     "must be a whole number from " + std::to_string(min) + " to " + std::to_string(max));
  }
}

void Reader::choice(std::string_view key, std::string& value, const std::vector<std::string>& allowed) {
  const auto* node = state_->find(key);
  if (node == nullptr) return;
  const auto* found = node->as_string();
  for (const auto& one : allowed) {
    if (found != nullptr && found->get() == one) {
      value = one;
      return;
    }
  }
  std::string list;
  for (const auto& one : allowed) list += (list.empty() ? "\"" : ", \"") + one + "\"";
  std::string what = "must be one of " + list;
  if (found != nullptr) {
    if (const auto near = base::nearest(found->get(), allowed)) what += "; did you mean \"" + *near + "\"?";
  }
  state_->complain(*node, key, what);
}

std::vector<std::string> Reader::tables(std::string_view key) {
  std::vector<std::string> names;
  const auto* parent = state_->table.at_path(key).as_table();
  if (parent == nullptr) return names;
  for (const auto& [name, node] : *parent) {
    const std::string_view text = name.str();
    const bool plain = !text.empty() && std::ranges::all_of(text, [](char c) {
      return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
    });
    if (plain && node.is_table()) {
      names.emplace_back(text);
      continue;
    }
    const auto full = std::string{key} + "." + std::string{text};
    state_->known.emplace(full);  // It is told here, and not as unknown again.
    state_->complain(node, full,
                     node.is_table() ? "has a name of other letters than a to z, digits, '-' and '_'"
                                     : "must be a section, [" + full + "]");
  }
  return names;  // The table keeps them in order.
}

base::Status Reader::finish() {
  state_->find_unknown(state_->table, "");
  if (state_->problems.empty()) return {};
  std::ranges::sort(state_->problems);  // By line.
  std::string all;
  for (const auto& [line, sentence] : state_->problems) {
    if (!all.empty()) all += '\n';
    all += state_->name + ":" + std::to_string(line) + ": " + sentence;
  }
  return fail(ErrorCode::invalid_argument, all);
}

}  // namespace config
