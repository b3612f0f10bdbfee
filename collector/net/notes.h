// What is to be written down about agents, gathered in memory until AgentServer writes it: a flood of odd
// input costs one transaction now and then, and at most kLines lines of the journal.
//
// Lives on the network's thread; write() may run on any. What is gathered in the last moments before a kill
// is lost: counters of refusals and greetings, never a record.

#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <utility>

#include "collector/store/agents.h"
#include "collector/store/connection.h"
#include "common/base/result.h"
#include "common/timing/utc.h"

namespace collector::net {

class Notes {
 public:
  // One outcome that is no part of normal life. `agent_id` is empty if nobody we know did it. `detail` is for
  // people, from where it came among other things; it holds nothing secret and no body of a frame.
  void count(const std::string& agent_id, std::string_view outcome, const std::string& detail,
             timing::UtcMs when);

  // An agent said who it is. The newest word of each agent is kept.
  void hello(store::HelloRow row);

  bool empty() const { return counts_.empty() && hellos_.empty(); }

  // Tells the journal what was counted, and writes all of it.
  void log() const;
  [[nodiscard]] base::Status write(store::Transaction& tx) const;

  // Takes back what could not be written.
  void merge(Notes older);

  static constexpr int kLines = 20;

 private:
  struct Count {
    std::int64_t n = 0;
    timing::UtcMs last;
    std::string detail;
  };
  std::map<std::pair<std::string, std::string>, Count> counts_;  // By agent and outcome.
  std::map<std::string, store::HelloRow> hellos_;                // By agent.
};

}  // namespace collector::net
