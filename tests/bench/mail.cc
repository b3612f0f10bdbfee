// bench_mail FOLDER MAILS
//
// What it costs to tell MAILS customers, each of one session: composed by the pipeline and handed to a real
// SMTP server on this machine (python3-aiosmtpd), at the same time, as `serve` does, through SQLite as the
// product sets it up. In FOLDER, which holds nothing of this afterwards. Says what memory that took beside
// what a tenth as many do. Exit code 1 if it is more than docs/performance.md promises.

#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <functional>
#include <memory>
#include <stdexcept>
#include <string>
#include <thread>

#include "collector/mail/smtp_transport.h"
#include "collector/pipeline/send_mails.h"
#include "tests/bench/firm.h"
#include "tests/support/smtp/real_server.h"

namespace {

using namespace std::chrono_literals;
using namespace bench;
namespace pipeline = collector::pipeline;
namespace store = collector::store;

constexpr double kSecondsMax = 60;          // For 10,000.
constexpr double kMemoryGrowthMibMax = 16;  // From 1,000 to 10,000.

double peak_mib() {
  rusage usage{};
  ::getrusage(RUSAGE_SELF, &usage);
  return static_cast<double>(usage.ru_maxrss) / 1024;
}

struct Told {
  double seconds = 0;
  double before_mib = 0;
  double peak_mib = 0;
};

// Composes on one thread and sends on another until every mail is taken.
Told tell(const std::string& url, const SetClock& clock, std::uint16_t port, std::int64_t mails) {
  collector::mail::SmtpOptions options;
  options.host = "127.0.0.1";
  options.port = port;
  options.tls = collector::mail::Tls::none;
  options.ehlo_name = "bench.example";
  pipeline::Sender sender{
      must(store::Connection::open(url)),
      {},
      std::make_unique<collector::mail::SmtpTransport>(must(collector::mail::SmtpTransport::make(options))),
      clock};
  Told told{.before_mib = peak_mib()};
  const auto begun = std::chrono::steady_clock::now();
  {
    const std::jthread composing{[&] {
      pipeline::Pipeline composer{must(store::Connection::open(url)), Firm::settings(), Firm::start_of_day(),
                                  clock};
      must(composer.run());
    }};
    for (std::int64_t sent = 0; sent < mails;) {
      const auto tried = must(sender.run());
      sent += tried;
      if (tried == 0) std::this_thread::yield();
    }
  }
  told.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - begun).count();
  told.peak_mib = peak_mib();
  return told;
}

// In a process of its own, whose memory is its own.
void apart(const std::function<void()>& act) {
  const auto child = ::fork();
  if (child == 0) {
    try {
      act();
    } catch (const std::exception& e) {
      std::fprintf(stderr, "%s\n", e.what());
      std::_Exit(1);
    }
    std::_Exit(0);
  }
  int status = 0;
  ::waitpid(child, &status, 0);
  if (!WIFEXITED(status) || WEXITSTATUS(status) != 0) throw std::runtime_error{"a part of it failed"};
}

// Of so many customers as many are told as there are mails: what the customers themselves take is the same
// however many are told.
Told measured(const std::filesystem::path& folder, std::int64_t customers, std::int64_t mails) {
  const auto file = folder / "mails.db", when = folder / "when", result = folder / "result";
  std::filesystem::create_directories(folder);
  apart([&] {  // A session each, posted, its window about to close.
    Firm firm{file, static_cast<int>(customers), mails};
    firm.clock->now = firm.today() + 1h;
    must(firm.pipeline().run());
    std::ofstream{when} << timing::to_ms(firm.clock->now + 2h) << std::flush;
  });
  const support::smtp::RealServer server{folder};
  apart([&] {
    SetClock clock;
    std::int64_t now = 0;
    std::ifstream{when} >> now;
    clock.now = timing::from_ms(now);
    const auto told = tell("sqlite:" + file.string(), clock, server.port(), mails);
    std::ofstream{result} << told.seconds << ' ' << told.before_mib << ' ' << told.peak_mib << std::flush;
  });
  apart([&] {  // The next one is made of this process, with all the memory that it ever had.
    const auto kept = static_cast<std::int64_t>(server.kept().size());
    if (kept != mails) throw std::runtime_error{"the server has " + std::to_string(kept) + " mails"};
  });
  Told told;
  std::ifstream{result} >> told.seconds >> told.before_mib >> told.peak_mib;
  std::printf("%6lld mails   %.1f s by the clock, %.0f a second; peak memory %.1f MiB (%.1f MiB before)\n",
              static_cast<long long>(mails), told.seconds, static_cast<double>(mails) / told.seconds,
              told.peak_mib, told.before_mib);
  std::filesystem::remove_all(folder);
  return told;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 3) {
    std::fputs("bench_mail FOLDER MAILS\n", stderr);
    return 2;
  }
  const std::filesystem::path folder = argv[1];
  const auto mails = std::atoll(argv[2]);
  std::setvbuf(stdout, nullptr, _IOLBF, 0);
  const auto few = measured(folder / "few", mails, mails / 10);
  const auto many = measured(folder / "many", mails, mails);
  const double per_10000 = many.seconds * 10'000 / static_cast<double>(mails);
  const double growth = many.peak_mib - few.peak_mib;
  std::printf(
      "mail           10,000 mails in %.1f s (at most %.0f); ten times as many take %.1f MiB more (at most "
      "%.0f)\n",
      per_10000, kSecondsMax, growth, kMemoryGrowthMibMax);
  return per_10000 <= kSecondsMax && growth <= kMemoryGrowthMibMax ? 0 : 1;
}
