// A support firm in an SQLite file: 20 workstations, 2,000 customers, 10,000 sessions a day.
//
// The first day is the product's own work: sealed facts and comments go in, the pipeline does the rest.
// Further days are that day again, row for row, later by whole days and under ids, keys and subjects of their
// own, so that a history of years takes minutes to make. What only people read again (bodies of records,
// steps of decisions, raw mails) stays out of the copies.

#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "collector/pipeline/pipeline.h"
#include "collector/store/connection.h"
#include "common/timing/clock.h"

namespace bench {

inline constexpr std::int64_t kSessionsADay = 10'000;
inline constexpr int kWorkstations = 20;
inline constexpr int kCustomers = 2'000;
// Every 50th session is this customer's: 200 a day, all on one contract. The others have five a day.
inline constexpr int kBusiest = 0;

template <class T>
T must(base::Result<T> result) {
  if (!result) throw std::runtime_error{result.error().message};
  if constexpr (!std::is_void_v<T>) return *std::move(result);
}

class SetClock final : public timing::Clock {
 public:
  timing::UtcMs utc() const override { return now; }
  std::int64_t boot_ms() const override { return 0; }
  std::int32_t utc_offset_min() const override { return 0; }
  std::string boot_id() const override { return "bench"; }

  timing::UtcMs now;
};

class Firm {
 public:
  // A new file with master data, and the facts and comments of the first day, which nobody has looked at.
  explicit Firm(const std::filesystem::path& file);
  // So many customers in place of those, and as many sessions in that day, each of another customer. It
  // cannot be multiplied.
  Firm(const std::filesystem::path& file, int customers, std::int64_t sessions);

  // `days` in all, of which there is one. What the steps of the pipeline have done so far is done in the
  // copies, too. No connection may be open but this one's.
  void multiply(std::int64_t days);

  // A session of `customer` that began at `start` and lasted 754 s: its record and its comment are committed.
  // Its key.
  std::string receive(int customer, timing::UtcMs start);

  collector::store::Connection connect() const;
  // Nobody sends what it composes.
  collector::pipeline::Pipeline pipeline() const;
  // Midnight after the last day there is.
  timing::UtcMs today() const;
  std::int64_t contract_of(int customer) const { return contracts_.at(static_cast<std::size_t>(customer)); }
  const std::filesystem::path& file() const { return file_; }

  static collector::pipeline::Settings settings();
  static collector::store::StartOfDay start_of_day();

  std::unique_ptr<SetClock> clock = std::make_unique<SetClock>();

 private:
  void furnish(collector::store::Transaction& tx);
  void first_day(collector::store::Transaction& tx);
  void append(collector::store::Transaction& tx, int workstation, const std::vector<std::string>& bodies);

  void make();

  std::filesystem::path file_;
  int customers_ = kCustomers;
  std::int64_t sessions_ = kSessionsADay;
  std::int64_t days_ = 1;
  std::int64_t received_ = 0;
  std::vector<std::int64_t> next_seq_ = std::vector<std::int64_t>(kWorkstations, 1);
  std::vector<std::int64_t> contracts_;
};

}  // namespace bench
