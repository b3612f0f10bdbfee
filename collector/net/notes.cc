#include "collector/net/notes.h"

#include "collector/store/text.h"
#include "common/base/hex.h"
#include "common/logging/log.h"

namespace collector::net {

void Notes::count(const std::string& agent_id, std::string_view outcome, const std::string& detail,
                  timing::UtcMs when) {
  auto& count = counts_[{agent_id, std::string{outcome}}];
  ++count.n;
  count.last = when;
  count.detail = store::storable(detail);
}

void Notes::hello(store::HelloRow row) {
  auto& kept = hellos_[row.agent_id];
  kept = std::move(row);
}

void Notes::log() const {
  int lines = 0;
  for (const auto& [whose, count] : counts_) {
    if (++lines > kLines) {
      logging::warning("and more; see: deskledger-collector agents",
                       {{"kinds", std::to_string(counts_.size() - kLines)}});
      return;
    }
    logging::warning("refused at the port",
                     {{"outcome", whose.second},
                      {"agent", whose.first.empty() ? "unknown" : base::to_hex(whose.first)},
                      {"times", std::to_string(count.n)},
                      {"detail", count.detail}});
  }
}

base::Status Notes::write(store::Transaction& tx) const {
  for (const auto& [agent_id, row] : hellos_) {
    if (auto noted = store::note_hello(tx, row); !noted) return noted;
  }
  for (const auto& [whose, count] : counts_) {
    auto counted = store::count_outcome(tx, whose.first, whose.second, count.detail, count.last, count.n);
    if (!counted) return counted;
  }
  return {};
}

void Notes::merge(Notes older) {
  for (auto& [whose, count] : older.counts_) {
    const auto [kept, is_new] = counts_.try_emplace(whose, count);
    if (!is_new) kept->second.n += count.n;
  }
  hellos_.merge(older.hellos_);
}

}  // namespace collector::net
