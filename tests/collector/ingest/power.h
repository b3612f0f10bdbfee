// A collector's store on a disk that may lose its power or fail, and agents whose records are known.

#pragma once

#include <map>
#include <memory>
#include <optional>
#include <random>
#include <string>
#include <vector>

#include "collector/ingest/committer.h"
#include "collector/store/records.h"
#include "tests/collector/ingest/sender.h"
#include "tests/support/power/vfs.h"

namespace collector::ingest {

// One start of a collector: its connections, the schema, the committer.
class Running {
 public:
  // What the collector does when it starts. The store's errors.
  [[nodiscard]] static base::Result<std::unique_ptr<Running>> start(const std::string& url);

  store::Connection reading;  // The one that answers where a stream stands.
  Committer committer;

 private:
  Running(store::Connection read, store::Connection write)
      : reading{std::move(read)}, committer{std::move(write), [] {}} {}
};

// Agents that send what they have, and remember what they were told. Decided by the seed.
class Load {
 public:
  Load(std::uint64_t seed, int agents);

  // Enrols whoever is not yet; an error is the store's.
  [[nodiscard]] base::Status enrol_all(Running& running);

  // Some batches at once, of one agent or several: new ones, old ones again, one that comes too early. Waits
  // for all answers. An error is the store's; then the agents must connect again.
  [[nodiscard]] base::Status step(Running& running);

  // Asks where the streams stand, as an agent does that connects, and holds that against what was said. An
  // error is the store's.
  [[nodiscard]] base::Status connect_again(Running& running);

  // Every record that was acknowledged is stored once, chains and heads fit, counters say the same, and the
  // file is sound. What is wrong, as a sentence; empty if nothing is.
  std::string look_for_damage(Running& running) const;

  std::uint64_t acknowledged() const;

 private:
  struct Agent {
    Sender sender;
    std::vector<crypto::Digest> hashes;  // Of the records 1, 2, ... that were ever sent last.
    std::uint64_t told = 0;              // Acknowledged.
    std::uint64_t tried = 0;             // Sent.
    bool enrolled = false;
    std::optional<Incoming> last;
  };
  struct Offer {
    Agent* agent = nullptr;
    Incoming incoming;
    record::v1::Ack::Outcome expected;
  };

  std::uint64_t random(std::uint64_t bound) { return random_() % bound; }
  Offer new_batch(Agent& agent);
  std::vector<Offer> make_offers();
  std::string damage_of(const std::vector<store::RecordRow>& rows, const Agent& agent) const;

  std::mt19937_64 random_;
  std::vector<Agent> agents_;
};

// A file name whose folder is real, because the store makes the file itself; what is in it is on the disk.
std::string url_on_disk(const std::string& name);

// Hands the connections that are opened meanwhile a PRAGMA, behind the store's own.
class EveryConnection {
 public:
  EveryConnection();
  ~EveryConnection();
  EveryConnection(const EveryConnection&) = delete;
  EveryConnection& operator=(const EveryConnection&) = delete;
  // To all that are open.
  static void tell(const std::string& pragma);
  // To the one that was opened last.
  static void tell_newest(const std::string& pragma);
};

struct Life {
  int cuts = 0;
  std::uint64_t acknowledged = 0;
  std::string damage;  // Empty: everything held.
};

// One life of a store: `cuts` times the power goes somewhere, and it must open unaided. `careless`: commits
// do not wait for the disk.
Life live_through_cuts(std::uint64_t seed, int cuts, bool careless = false);

// A first start and some batches, again and again; each time the power goes at one call, 1 and what `next`
// says, until nothing is left to cut.
Life cut_first_day_at_every(std::uint64_t (*next)(std::uint64_t));

}  // namespace collector::ingest
