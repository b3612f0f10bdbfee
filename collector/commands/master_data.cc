#include "collector/commands/master_data.h"

#include <boost/json.hpp>
#include <ostream>

#include "collector/commands/moment.h"
#include "collector/commands/person.h"

namespace collector::commands {

namespace json = boost::json;

void take(const Cells& cells, const std::string& column, std::string& text) {
  if (const auto found = cells.find(column); found != cells.end()) text = found->second;
}

base::Status take_flag(const Cells& cells, const std::string& column, bool& flag) {
  const auto found = cells.find(column);
  if (found == cells.end()) return {};
  flag = found->second == "yes";
  if (flag || found->second == "no") return {};
  return base::fail(base::ErrorCode::invalid_argument, column + " '" + found->second + "' must be yes or no");
}

base::Status take_moment(const Cells& cells, const std::string& column,
                         std::optional<timing::UtcMs>& moment) {
  const auto found = cells.find(column);
  if (found == cells.end()) return {};
  moment.reset();
  if (found->second.empty()) return {};
  return set_moment(moment, found->second, column);
}

base::Status in_transaction(
    const PersonOptions& options,
    const std::function<base::Status(store::Transaction&, const actions::Actor&)>& act) {
  auto workspace = open_workspace(options.config);
  if (!workspace) return std::unexpected{workspace.error()};
  const auto actor = this_actor(options.reason);
  bool seen = false;
  const auto done = workspace->database.transaction([&](store::Transaction& tx) -> base::Status {
    if (auto acted = act(tx, actor); !acted) return acted;
    seen = options.preview;
    // The only way to undo a transaction is to fail it.
    return seen ? base::fail(base::ErrorCode::cancelled, "nothing is to be committed") : base::Status{};
  });
  return seen ? base::Status{} : done;
}

void say_preview(const PersonOptions& options, std::ostream& out) {
  if (options.preview) out << "This was a preview: nothing was changed.\n";
}

int say(const base::Result<actions::Done>& done, const std::string& noun, const PersonOptions& options,
        std::ostream& out, std::ostream& err) {
  if (!done) return report(err, done.error());
  if (options.json) {
    out << json::serialize(json::object{{"key", done->key},
                                        {"created", done->created},
                                        {"changed", done->changed},
                                        {"committed", !options.preview}})
        << '\n';
    return 0;
  }
  out << noun << ' ' << done->key << ": "
      << (done->created   ? "added"
          : done->changed ? "changed"
                          : "as before")
      << '\n';
  say_preview(options, out);
  return 0;
}

std::string bound_text(const std::optional<timing::UtcMs>& bound, const std::string& open) {
  return bound ? timing::to_rfc3339(*bound) : open;
}

}  // namespace collector::commands
