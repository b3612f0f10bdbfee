// Sends what is in the outbox to the collector, for ever: each record once as
// far as its effect goes, in order, with bounded memory and no age limit.
//
// docs/formats/wire.md tells the conversation. When the connection breaks, or
// the collector is away for days, it tries again with full jitter (a random
// wait up to 1 s, 2 s, 4 s ... 60 s) and goes on behind what the collector says
// is durable. Nothing is ever dropped.

#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <filesystem>
#include <random>
#include <string>

#include "agent/identity/identity.h"
#include "agent/outbox/outbox.h"
#include "common/async/event.h"
#include "common/base/result.h"
#include "common/timing/clock.h"

namespace agent::uplink {

struct Options {
  std::filesystem::path directory;  // Of the identity.
  std::string agent_version;
  std::string os;
  std::string hostname;
};

class Conversation;

// Lives on one executor. The outbox is touched on `worker` only, which must
// run one thing at a time and be the only user of the outbox.
class Uplink {
 public:
  Uplink(boost::asio::any_io_executor executor, boost::asio::any_io_executor worker, outbox::Outbox& outbox,
         Options options, const timing::Clock& clock);

  // Runs until its task is cancelled.
  [[nodiscard]] boost::asio::awaitable<void> run();

  // There are new records.
  void wake() { wake_.set(); }

 private:
  // One connection, from dialling to its end; never succeeds for good.
  [[nodiscard]] boost::asio::awaitable<base::Error> talk();
  [[nodiscard]] boost::asio::awaitable<void> note(std::string name, std::string value);
  std::chrono::milliseconds jittered(std::chrono::milliseconds limit);

  boost::asio::any_io_executor executor_;
  boost::asio::any_io_executor worker_;
  outbox::Outbox& outbox_;
  Options options_;
  const timing::Clock& clock_;
  async::Event wake_;
  std::minstd_rand random_;
};

}  // namespace agent::uplink
