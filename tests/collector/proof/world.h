// Two agents that have sent three batches of three records each, a log with a checkpoint behind each round,
// and hands that change the database as nobody should be able to.

#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "collector/proof/verify.h"
#include "collector/store/changes.h"
#include "collector/store/connection.h"
#include "common/crypto/ed25519.h"
#include "common/record/agent_id.h"

namespace collector::proof {

// One agent, with everything it has ever sent: what is needed to forge it.
struct Sender {
  record::AgentId agent;
  std::string workstation;
  crypto::SigningKey key;
  std::vector<std::vector<std::string>> batches;  // Bodies.

  std::string hex() const { return agent.hex(); }
};

inline constexpr int kSenders = 2;
inline constexpr int kRounds = 3;
inline constexpr int kInBatch = 3;
inline const std::string kOrigin = "collector.example.com/log";

class World {
 public:
  // In an empty database; `folder` for checkpoint.txt.
  World(const std::string& url, std::filesystem::path folder);

  const Sender& sender(int n) const { return senders_[static_cast<std::size_t>(n)]; }
  Sender& sender(int n) { return senders_[static_cast<std::size_t>(n)]; }
  const crypto::SigningKey& log_key() const { return log_key_; }
  std::filesystem::path checkpoint_file() const { return folder_ / "checkpoint.txt"; }

  // Sends one more batch of each agent.
  void round(store::Connection& database);
  // Notes `n` more changes by a person, as change_of() says.
  void note(store::Connection& database, int n);
  // One step of a new Log, as after a start.
  void log(store::Connection& database);

  Keys keys() const;
  VerifyOptions options() const { return {.log = keys().log}; }

 private:
  std::filesystem::path folder_;
  crypto::SigningKey log_key_;
  std::vector<Sender> senders_;
  std::int64_t now_ = 1'790'000'000'000;
  std::int64_t noted_ = 0;
};

// What the change with this number says.
store::Change change_of(std::int64_t number);

// The hash of the row behind the one with the hash `previous`; empty: of the first one.
crypto::Digest chained(const store::ChangeRow& row, const std::string& previous);

// A new folder of this test program.
std::filesystem::path own_folder(const std::string& name);

// Statements outside any transaction, with all guards off: triggers, foreign keys.
void tamper(const std::string& url, const std::string& sql);

// Statements that write the stream of `sender` anew as `bodies` say, chained and signed with `key`. The log
// is not touched.
std::string forge(const Sender& sender, const std::vector<std::vector<std::string>>& bodies,
                  const crypto::SigningKey& key);

// What verify says of the database, kind by kind: "record_changed anna 1/2" (epoch/seq), one line each.
std::string told(const Report& report);
Report verify(const std::string& url, const VerifyOptions& options);
// The same of a bundle made of it.
Report verify_by_bundle(const std::string& url, const VerifyOptions& options, const Keys& keys,
                        const std::string& only_agent = "");

}  // namespace collector::proof
