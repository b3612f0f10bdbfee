#include "collector/commands/desk_work.h"

#include <boost/json.hpp>
#include <ostream>

namespace collector::commands {

namespace json = boost::json;

base::Status decide_in(store::Connection& database, bool preview, const store::Connection::Work& work) {
  bool worked = false;
  const auto done = database.transaction([&](store::Transaction& tx) -> base::Status {
    if (auto one = work(tx); !one) return one;
    worked = true;
    if (preview) return base::fail(base::ErrorCode::cancelled, "only a preview");
    return {};
  });
  if (preview && worked) return {};
  return done;
}

int for_each_session(store::Connection& database, const std::vector<std::int64_t>& sessions, bool preview,
                     bool as_json, const std::string& done,
                     const std::function<base::Status(store::Transaction&, std::int64_t)>& work,
                     std::ostream& out, std::ostream& err) {
  json::array list;
  int code = 0;
  for (const auto id : sessions) {
    const auto status = decide_in(database, preview, [&](store::Transaction& tx) { return work(tx, id); });
    if (!status) code = report(err, status.error());
    list.push_back(
        json::object{{"session", id},
                     {"done", status.has_value() && !preview},
                     {"error", status ? json::value(nullptr) : json::value(status.error().message)}});
    if (status && !as_json) out << "session " << id << ": " << (preview ? "would be " : "") << done << '\n';
  }
  if (as_json) out << json::serialize(list) << '\n';
  return code;
}

}  // namespace collector::commands
