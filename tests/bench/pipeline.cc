// bench_pipeline FOLDER SESSIONS HISTORY
//
// What the collector's pipeline costs, through SQLite as the product sets it up. In FOLDER, which must have
// room for about two kilobytes a session, and holds nothing of this afterwards:
//   SESSIONS attributed, rated and posted, rated again as they were, and rated by another rule; the balance
//   of a contract among HISTORY ledger entries; one new session, from its committed record to its entry and
//   its queued mail, with HISTORY sessions there and with 10,000.
// Exit code 1 if it is more than docs/performance.md promises.

#include <fcntl.h>
#include <unistd.h>

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <filesystem>
#include <map>
#include <string>

#include "collector/pipeline/due.h"
#include "collector/pipeline/steps.h"
#include "collector/store/directory.h"
#include "collector/store/ledger.h"
#include "collector/store/reratings.h"
#include "collector/store/templates.h"
#include "tests/bench/figures.h"
#include "tests/bench/firm.h"
#include "tests/bench/sqlite_counters.h"

namespace {

using namespace std::chrono_literals;
using namespace bench;
using collector::pipeline::Step;
namespace pipeline = collector::pipeline;
namespace store = collector::store;

// For a million, whichever way they are rated.
constexpr double kRateAndPostSecondsMax = 60;
constexpr double kBalanceMsMax = 5;
constexpr double kGrowthMax = 1.25;
constexpr int kNewSessions = 200;

double seconds_on(clockid_t clock) {
  timespec now{};
  clock_gettime(clock, &now);
  return static_cast<double>(now.tv_sec) + static_cast<double>(now.tv_nsec) / 1e9;
}

struct Span {
  double cpu_s = 0;
  double wall_s = 0;
  std::int64_t rows = 0;
};

template <class Act>
Span timed(Act act) {
  const double cpu = seconds_on(CLOCK_THREAD_CPUTIME_ID), wall = seconds_on(CLOCK_MONOTONIC);
  act();
  return {.cpu_s = seconds_on(CLOCK_THREAD_CPUTIME_ID) - cpu, .wall_s = seconds_on(CLOCK_MONOTONIC) - wall};
}

// Goes from step to step as the product's Pipeline does, up to `last`; what each took. The look for the next
// step is part of the step that is found.
std::map<Step, Span> run_steps(const Firm& firm, Step last) {
  auto connection = firm.connect();
  collector::directory::Directory directory;
  must(connection.read([&](store::Transaction& tx) -> base::Status {
    directory = must(store::load_directory(tx, Firm::start_of_day()));
    return {};
  }));
  const auto settings = Firm::settings();
  const auto now = firm.clock->now;
  std::map<Step, Span> spans;
  for (;;) {
    Step step = Step::none;
    std::int64_t rows = 0;
    const auto span = timed([&] {
      must(connection.read([&](store::Transaction& tx) -> base::Status {
        step = must(pipeline::next_step(tx, settings, now, Step::none, false));
        return {};
      }));
      if (step == Step::none || step > last) return;
      must(connection.transaction([&](store::Transaction& tx) -> base::Status {
        rows =
            must(step == Step::assemble    ? pipeline::assemble(tx)
                 : step == Step::attribute ? pipeline::attribute(tx, directory, settings, now)
                 : step == Step::rate      ? pipeline::rate(tx, directory, now)
                                      : pipeline::post(tx, directory, settings, Firm::start_of_day(), now));
        return {};
      }));
    });
    if (step == Step::none || step > last) return spans;
    auto& sum = spans[step];
    sum = {.cpu_s = sum.cpu_s + span.cpu_s, .wall_s = sum.wall_s + span.wall_s, .rows = sum.rows + rows};
  }
}

// A person has everything rated again: by a version of a rule, or by the one it has.
std::map<Step, Span> rate_again(const Firm& firm, std::optional<std::int64_t> template_id) {
  {
    auto connection = firm.connect();
    must(connection.transaction([&](store::Transaction& tx) -> base::Status {
      for (int n = 0; n < kCustomers; ++n) {
        must(store::add_rerating(tx, {.contract_id = firm.contract_of(n),
                                      .from = timing::UtcMs{},
                                      .to = firm.today(),
                                      .template_id = template_id,
                                      .decided = firm.clock->now,
                                      .who = "bench",
                                      .why = "bench"}));
      }
      must(store::bump_directory_version(tx));
      return {};
    }));
  }
  return run_steps(firm, Step::post);
}

// What a million would take by the clock, in seconds.
double print_rated(const char* what, std::map<Step, Span> spans, std::int64_t sessions) {
  const auto &rate = spans[Step::rate], &post = spans[Step::post];
  const double seconds = (rate.wall_s + post.wall_s) * 1e6 / static_cast<double>(sessions);
  std::printf(
      "rated %-9s %lld sessions: rate %.1f s, post %.1f s by the clock, %.1f s, %.1f s of the processor; "
      "a million: %.0f s (at most %.0f)\n",
      what, static_cast<long long>(sessions), rate.wall_s, post.wall_s, rate.cpu_s, post.cpu_s, seconds,
      kRateAndPostSecondsMax);
  return seconds;
}

bool rate_all(const std::filesystem::path& folder, std::int64_t sessions) {
  Firm firm{folder / "again.db"};
  firm.clock->now = firm.today() + 1h;
  run_steps(firm, Step::assemble);
  firm.multiply(sessions / kSessionsADay);
  firm.clock->now = firm.today() + 1h;
  auto spans = run_steps(firm, Step::post);
  std::printf("attributed      %lld sessions: %.1f s by the clock, %.1f s of the processor\n",
              static_cast<long long>(sessions), spans[Step::attribute].wall_s, spans[Step::attribute].cpu_s);
  auto longest = print_rated("at first", std::move(spans), sessions);
  longest = std::max(longest, print_rated("again", rate_again(firm, std::nullopt), sessions));
  std::int64_t template_id = 0;
  {
    auto connection = firm.connect();
    must(connection.transaction([&](store::Transaction& tx) -> base::Status {
      collector::rating::Rule half_hours;
      half_hours.increment_s = 1800;
      template_id = must(store::add_template_version(tx, "half hours", half_hours)).id;
      return {};
    }));
  }
  longest = std::max(longest, print_rated("otherwise", rate_again(firm, template_id), sessions));
  std::filesystem::remove_all(folder / "again.db");
  return longest <= kRateAndPostSecondsMax;
}

// The whole first day through the product, then `days` of it.
Firm with_history(const std::filesystem::path& file, std::int64_t days) {
  Firm firm{file};
  firm.clock->now = firm.today() + 1h;
  must(firm.pipeline().run());
  firm.clock->now += 2h;
  must(firm.pipeline().run());
  firm.multiply(days);
  firm.clock->now = firm.today() + 8h;
  return firm;
}

// Out of the system's cache, as far as nothing of it is still to be written.
void forget(const std::filesystem::path& file) {
  const int fd = ::open(file.c_str(), O_RDONLY | O_CLOEXEC);
  ::fdatasync(fd);
  ::posix_fadvise(fd, 0, 0, POSIX_FADV_DONTNEED);
  ::close(fd);
}

double balance_ms(store::Connection& connection, std::int64_t contract_id) {
  const auto span = timed([&] {
    must(connection.read([&](store::Transaction& tx) -> base::Status {
      return must(store::accounts_of(tx, contract_id)).empty()
                 ? base::fail(base::ErrorCode::internal, "no accounts")
                 : base::Status{};
    }));
  });
  return span.wall_s * 1e3;
}

bool balances(const Firm& firm) {
  std::vector<double> warm, cold;
  {
    auto connection = firm.connect();
    for (int n = 0; n < kCustomers; ++n) {
      warm.push_back(balance_ms(connection, firm.contract_of(n)));
      if (n % 10 == 0) warm.push_back(balance_ms(connection, firm.contract_of(kBusiest)));
    }
  }
  for (int n = 0; n < 200; ++n) {
    auto connection = firm.connect();
    forget(firm.file());
    cold.push_back(balance_ms(connection, firm.contract_of(n % 4 == 0 ? kBusiest : n * 10)));
  }
  auto connection = firm.connect();
  std::int64_t entries = 0;
  const auto summed = timed([&] {
    must(connection.read([&](store::Transaction& tx) -> base::Status {
      entries = std::ssize(must(store::entries_of_contract(tx, firm.contract_of(kBusiest))));
      return {};
    }));
  });
  std::printf(
      "balance        p50 %.3f ms, p99 %.3f ms (at most %.0f); file out of the cache p50 %.2f ms, p99 %.2f "
      "ms; "
      "reading the busiest contract's %lld entries %.0f ms\n",
      median(warm), percentile(warm, 99), kBalanceMsMax, median(cold), percentile(cold, 99),
      static_cast<long long>(entries), summed.wall_s * 1e3);
  return percentile(warm, 99) <= kBalanceMsMax;
}

// One firm's new sessions, each measured until its mail is queued, and until it is told.
class NewSessions {
 public:
  explicit NewSessions(Firm& firm)
      : firm_{firm}, pipeline_{firm.pipeline()}, database_{sqlite_connections().back()} {
    must(pipeline_.run());
  }

  void take(int customer, timing::UtcMs start) {
    firm_.receive(customer, start);
    work_of(database_);
    const auto span = timed([&] { must(pipeline_.run()); });
    const auto work = work_of(database_);
    cpu_us.push_back(span.cpu_s * 1e6);
    wall_us.push_back(span.wall_s * 1e6);
    steps.push_back(static_cast<double>(work.steps));
    pages.push_back(static_cast<double>(work.pages));
    statements.push_back(static_cast<double>(work.statements));
    scanned.push_back(static_cast<double>(work.scanned));
    firm_.clock->now += 61min;
    const auto told = timed([&] { must(pipeline_.run()); });
    told_us.push_back(told.cpu_s * 1e6);
    told_steps.push_back(static_cast<double>(work_of(database_).steps));
  }

  void print(const char* what) {
    std::printf(
        "%-14s processor %.0f us, clock %.0f us, %.0f statements, %.0f steps of SQLite, %.0f rows in scans, "
        "%.0f "
        "pages read; told: %.0f us, %.0f steps\n",
        what, median(cpu_us), median(wall_us), median(statements), median(steps), median(scanned),
        median(pages), median(told_us), median(told_steps));
  }

  std::vector<double> cpu_us, wall_us, steps, pages, statements, scanned, told_us, told_steps;

 private:
  Firm& firm_;
  pipeline::Pipeline pipeline_;
  sqlite3* database_;
};

bool new_sessions(Firm& small, Firm& large) {
  bool met = true;
  const auto compare = [&](const char* whose, auto customer) {
    {
      // The product keeps what it knows of a contract's notices as its ledger grows; days that were copied
      // have left nothing there, so each contract gets its own by a first session.
      NewSessions first_of_few{small}, first_of_many{large};
      for (int n = 0; n < kNewSessions; ++n) {
        first_of_few.take(customer(n), small.clock->now - 45min);
        first_of_many.take(customer(n), large.clock->now - 45min);
      }
    }
    NewSessions few{small}, many{large};
    for (int n = 0; n < kNewSessions; ++n) {
      few.take(customer(n), small.clock->now - 30min);
      many.take(customer(n), large.clock->now - 30min);
    }
    few.print("  few");
    many.print("  many");
    const double cpu = median(many.cpu_us) / median(few.cpu_us),
                 steps = median(many.steps) / median(few.steps);
    const double told = median(many.told_us) / median(few.told_us);
    std::printf(
        "new session    %s: many to few %.2f by processor time, %.2f by steps of SQLite (at most %.2f); told "
        "%.2f\n",
        whose, cpu, steps, kGrowthMax, told);
    if (cpu > kGrowthMax || steps > kGrowthMax) met = false;
  };
  compare("of any customer", [](int n) { return 1 + n * 7 % (kCustomers - 1); });
  compare("of the busiest", [](int) { return kBusiest; });
  return met;
}

void late_sessions(Firm& firm) {
  NewSessions late{firm};
  for (int n = 0; n < 20; ++n) late.take(kBusiest, firm.today() - 30 * 24h + n * 7min + 3min);
  late.print("late by 30 d");
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 4) {
    std::fputs("bench_pipeline FOLDER SESSIONS HISTORY\n", stderr);
    return 2;
  }
  const std::filesystem::path folder = argv[1];
  const auto sessions = std::atoll(argv[2]), history = std::atoll(argv[3]);
  std::setvbuf(stdout, nullptr, _IOLBF, 0);
  bool met = rate_all(folder, sessions);
  sqlite_connections();
  auto small = with_history(folder / "few.db", 1);
  auto large = with_history(folder / "many.db", history / kSessionsADay);
  std::printf("history        %lld sessions, %.1f GB\n", static_cast<long long>(history),
              static_cast<double>(std::filesystem::file_size(large.file())) / 1e9);
  met = balances(large) && met;
  met = new_sessions(small, large) && met;
  late_sessions(large);
  for (const auto* name : {"few.db", "many.db"}) {
    for (const auto* end : {"", "-wal", "-shm"}) std::filesystem::remove(folder / (std::string{name} + end));
  }
  return met ? 0 : 1;
}
