// What the commands on master data have in common: who gives them, the cells that were typed, and what is
// said in the end.

#pragma once

#include <concepts>
#include <filesystem>
#include <functional>
#include <iosfwd>
#include <map>
#include <optional>
#include <string>
#include <type_traits>

#include "collector/actions/master_data.h"
#include "collector/commands/workspace.h"

namespace collector::commands {

struct PersonOptions {
  std::filesystem::path config;
  std::string reason = {};  // Stands beside the change.
  bool preview = false;     // Say what would happen, and change nothing.
  bool json = false;
};

// What was typed, by column; what was not typed is not there.
using Cells = std::map<std::string, std::string>;

// The cell if it was typed.
void take(const Cells& cells, const std::string& column, std::string& text);

// yes or no, if it was typed; invalid_argument for anything else.
[[nodiscard]] base::Status take_flag(const Cells& cells, const std::string& column, bool& flag);

// A moment, if it was typed; the empty text means none.
[[nodiscard]] base::Status take_moment(const Cells& cells, const std::string& column,
                                       std::optional<timing::UtcMs>& moment);

// Runs `act` in one transaction, in the name of the person who gave the command; with a preview it is rolled
// back at the end.
[[nodiscard]] base::Status in_transaction(
    const PersonOptions& options,
    const std::function<base::Status(store::Transaction&, const actions::Actor&)>& act);

// The same for an `act` that gives a Result of a value.
template <class Act>
auto by_person(const PersonOptions& options, Act act)
    -> std::invoke_result_t<Act, store::Transaction&, const actions::Actor&> {
  using Given = std::invoke_result_t<Act, store::Transaction&, const actions::Actor&>;
  std::optional<Given> given;
  const auto done =
      in_transaction(options, [&](store::Transaction& tx, const actions::Actor& actor) -> base::Status {
        given = act(tx, actor);
        if (!*given) return std::unexpected{given->error()};
        return {};
      });
  if (!done) return std::unexpected{done.error()};
  return *std::move(given);
}

// What `read` gives, in a transaction that only reads.
template <class Read>
auto look(const std::filesystem::path& config, Read read) -> std::invoke_result_t<Read, store::Transaction&> {
  auto workspace = open_workspace(config);
  if (!workspace) return std::unexpected{workspace.error()};
  std::optional<std::invoke_result_t<Read, store::Transaction&>> given;
  const auto done = workspace->database.read([&](store::Transaction& tx) -> base::Status {
    given = read(tx);
    if (!*given) return std::unexpected{given->error()};
    return {};
  });
  if (!done) return std::unexpected{done.error()};
  return *std::move(given);
}

// "customer bakery: added", or as JSON; the exit code.
int say(const base::Result<actions::Done>& done, const std::string& noun, const PersonOptions& options,
        std::ostream& out, std::ostream& err);

// Behind a preview that was said in words.
void say_preview(const PersonOptions& options, std::ostream& out);

// "2026-01-01T00:00:00.000Z"; an open bound is `open`.
std::string bound_text(const std::optional<timing::UtcMs>& bound, const std::string& open = "");

}  // namespace collector::commands
