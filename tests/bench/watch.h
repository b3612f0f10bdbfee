// What is committed at the collector, and whether the agent is connected.

#pragma once

#include <boost/json.hpp>
#include <stdexcept>
#include <string>

#include "agent/identity/identity.h"
#include "collector/store/records.h"
#include "tests/support/site/site.h"

namespace bench {

class Watch {
 public:
  explicit Watch(const support::Site& site)
      : agent_{agent::identity::load(site.agent_data()).value().agent_id.bytes()},
        database_{collector::store::Connection::open("sqlite:" + site.database().string()).value()} {}

  std::int64_t committed_seq() {
    std::int64_t seq = 0;
    const auto read = database_.read([&](collector::store::Transaction& tx) -> base::Status {
      const auto stream = collector::store::load_stream(tx, agent_, 1);
      if (!stream) return std::unexpected{stream.error()};
      seq = *stream ? (*stream)->committed_seq : 0;
      return {};
    });
    if (!read) throw std::runtime_error{read.error().message};
    return seq;
  }

 private:
  std::string agent_;
  collector::store::Connection database_;
};

inline bool connected(const support::Site& site) {
  const auto status = site.agent_status();
  const auto* note = status.at("notes").as_object().if_contains("connection");
  return note != nullptr && note->as_object().at("value").as_string().starts_with("connected");
}

}  // namespace bench
