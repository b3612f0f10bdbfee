#include "tests/e2e/firm.h"

#include <filesystem>
#include <fstream>
#include <stdexcept>

#include "tests/source_root.h"
#include "tests/support/trace/machine.h"

namespace e2e {

namespace {

using std::chrono::minutes;
using std::chrono::seconds;
using support::trace::Course;
using support::trace::Machine;
using support::trace::Type;

const std::filesystem::path kDemo = std::filesystem::path{SOURCE_ROOT} / "tests/data/demo";
constexpr std::int64_t kMinute_ms = 60'000;
constexpr int kTerminals = 14;  // 410100201 and following belong to customers with a contract.

// About a kilobyte and a half of what AnyDesk writes when nothing happens.
constexpr int kNoiseLines_kb = 2;

void add_session(Machine& pc, Days& days, timing::UtcMs at, int number) {
  const std::string id = std::to_string(410100201 + number % kTerminals);
  const bool refused = number % 9 == 4;
  pc.outgoing({.at = at,
               .typed = id,
               .id = id,
               .type = number % 5 == 1   ? Type::file_transfer
                       : number % 7 == 2 ? Type::vpn
                                         : Type::desktop,
               .course = refused ? Course::refused : Course::completed,
               .duration_ms = (number % 11 == 3 ? 17 : 1 + number % 8) * kMinute_ms + number,
               .reason = refused ? "Session closed by remote side: desk_rt_user_close."
                                 : "IPC socket closed normally.",
               .direct = number % 3 != 0,
               .wait_ms = 4000 + number % 50 * 100});
  if (refused) return;
  days.comments +=
      "410900001," + id + ',' + timing::to_rfc3339(at + seconds{10}) + ",looked after the machine\n";
}

}  // namespace

void import_firm(const support::Site& site) {
  support::Command files{"import"};
  for (const char* name :
       {"technicians", "customers", "terminals", "support_points", "templates", "contracts"}) {
    files.push_back(kDemo / (std::string{name} + ".csv"));
  }
  const auto done = site.collector(files);
  if (done.exit_code != 0) throw std::runtime_error{"import: " + done.err};
}

std::string demo_trace() {
  return support::read_file(kDemo / "support-day.trace");
}

std::string demo_comments() {
  return support::read_file(kDemo / "comments.csv");
}

Days busy_days(int days, int sessions_a_day, int noise_kb, seconds later) {
  Days made{.trace = {}, .comments = "anydesk_id,remote_id,start,comment\n"};
  auto day = timing::from_rfc3339("2026-11-02T06:00:00.000Z").value() + later;
  int number = 0;
  for (int i = 0; i < days; ++i, day += std::chrono::hours{24}) {
    Machine pc{{.system = support::trace::System::linux_deb, .major = 7, .minor = 1, .patch = 0},
               "410900001",
               static_cast<std::uint64_t>(1000 + i)};
    pc.start(day);
    for (int j = 0; j < sessions_a_day; ++j, ++number) {
      const auto at = day + minutes{5 + 12 * j};
      add_session(pc, made, at, number);
      for (int k = 0; k < noise_kb * kNoiseLines_kb; ++k) pc.relay_noise(at + seconds{3 * k});
    }
    pc.stop(day + minutes{30 + 12 * sessions_a_day});
    made.trace += pc.service_trace();
  }
  return made;
}

void import_text(const support::Site& site, const std::string& name, const std::string& text) {
  const auto file = site.folder() / name;
  std::ofstream{file, std::ios::binary} << text;
  const auto done = site.collector({"import", file});
  if (done.exit_code != 0) throw std::runtime_error{"import: " + done.err};
}

}  // namespace e2e
