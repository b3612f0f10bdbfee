#include "tests/support/trace/scripts.h"

#include <cassert>

namespace support::trace {

namespace {

constexpr std::int64_t kSecond = 1000;
constexpr std::int64_t kMinute = 60 * kSecond;

timing::UtcMs utc(std::string_view text) {
  return timing::from_rfc3339(text).value();
}

Made windows_9_service() {
  Machine pc{{.system = System::windows, .major = 9, .minor = 0, .patch = 1}, "410900002", 1};
  pc.start(utc("2026-10-05T06:55:00.100Z"));
  pc.outgoing({.at = utc("2026-10-05T07:10:11.250Z"),
               .typed = "410 100 201",
               .id = "410100201",
               .duration_ms = 11 * kMinute + 203,
               .reason = "IPC socket closed normally."});
  pc.incoming(utc("2026-10-05T07:15:00.000Z"), "410800007", 3 * kMinute);
  pc.outgoing({.at = utc("2026-10-05T08:00:00.001Z"),
               .typed = "till@ad",
               .id = "410100202",
               .type = Type::file_transfer,
               .duration_ms = 95 * kSecond,
               .reason = "Session closed by remote side: desk_rt_user_close."});
  pc.outgoing({.at = utc("2026-10-05T09:30:00.500Z"),
               .typed = "410100203",
               .id = "410100203",
               .duration_ms = 42 * kMinute,
               .reason = "Net socket closed: win32_10054.",
               .direct = false});
  pc.stop(utc("2026-10-05T16:00:00.000Z"));
  return {pc.service_trace(), pc.expected()};
}

Made linux_6_service() {
  Machine pc{{.system = System::linux_deb, .major = 6, .minor = 3, .patch = 2}, "410900003", 2};
  pc.start(utc("2026-10-06T07:00:00.000Z"));
  pc.outgoing({.at = utc("2026-10-06T07:20:00.000Z"),
               .typed = "410 100 204",
               .id = "410100204",
               .course = Course::refused,
               .reason = "Session closed by remote side: display_server_not_supported.",
               .wait_ms = 1200});
  // Two sessions at once and an incoming one between their lines.
  pc.outgoing({.at = utc("2026-10-06T08:00:00.000Z"),
               .typed = "410100205",
               .id = "410100205",
               .duration_ms = 30 * kMinute});
  pc.outgoing({.at = utc("2026-10-06T08:10:00.000Z"),
               .typed = "410100206",
               .id = "410100206",
               .type = Type::vpn,
               .duration_ms = 5 * kMinute + 7});
  pc.incoming(utc("2026-10-06T08:12:00.000Z"), "410800008", 1 * kMinute);
  pc.stop(utc("2026-10-06T12:00:00.000Z"));
  return {pc.service_trace(), pc.expected()};
}

Machine linux_7() {
  Machine pc{{.system = System::linux_deb, .major = 7, .minor = 1, .patch = 0}, "410900004", 3};
  pc.start(utc("2026-10-07T07:00:00.000Z"));
  pc.outgoing({.at = utc("2026-10-07T07:05:00.000Z"),
               .typed = "410100207",
               .id = "410100207",
               .course = Course::offline,
               .reason = "Net socket error: result_relay_offline."});
  pc.outgoing({.at = utc("2026-10-07T07:06:00.000Z"),
               .typed = "410100207",
               .id = "410100207",
               .duration_ms = 20 * kMinute,
               .reason = "Net socket closed: errno_110."});
  // The power fails in mid-session; the file system leaves NUL bytes.
  pc.outgoing({.at = utc("2026-10-07T08:00:00.000Z"),
               .typed = "410100208",
               .id = "410100208",
               .course = Course::open});
  pc.kill_service(utc("2026-10-07T08:31:00.000Z"));
  pc.nul_hole(utc("2026-10-07T08:40:00.000Z"), 1300);
  pc.start(utc("2026-10-07T08:40:00.000Z"));
  pc.outgoing({.at = utc("2026-10-07T08:45:00.000Z"),
               .typed = "410100208",
               .id = "410100208",
               .course = Course::open});
  pc.relay_noise(utc("2026-10-07T08:55:00.000Z"));
  return pc;
}

Made macos_5_mixed() {
  Machine mac{
      {.system = System::macos, .major = 5, .minor = 4, .patch = 5, .installed = false}, "410900005", 4};
  mac.start(utc("2026-10-08T07:00:00.000Z"));
  mac.outgoing({.at = utc("2026-10-08T07:10:00.000Z"),
                .typed = "410100209",
                .id = "410100209",
                .duration_ms = 15 * kMinute});
  // An incoming session starts its backend in the same file while the outgoing one runs.
  mac.incoming(utc("2026-10-08T07:12:00.000Z"), "410800009", 2 * kMinute);
  mac.backend_start_block(utc("2026-10-08T07:12:01.000Z"));
  mac.stop(utc("2026-10-08T11:00:00.000Z"));
  return {mac.service_trace(), mac.expected()};
}

Made macos_8_clock() {
  Machine mac{
      {.system = System::macos, .major = 8, .minor = 1, .patch = 4, .installed = false}, "410900006", 5};
  mac.start(utc("2026-10-09T07:00:00.000Z"));
  mac.outgoing({.at = utc("2026-10-09T07:10:00.000Z"),
                .typed = "410100210",
                .id = "410100210",
                .duration_ms = 8 * kMinute});
  // The clock is set back by ten minutes in mid-session: an end before the start.
  mac.set_clock(utc("2026-10-09T08:02:00.000Z"), -10 * kMinute);
  mac.outgoing({.at = utc("2026-10-09T08:00:00.000Z"),
                .typed = "410100211",
                .id = "410100211",
                .duration_ms = 5 * kMinute});
  mac.outgoing({.at = utc("2026-10-09T09:00:00.000Z"),
                .typed = "410 100 212",
                .id = "410100212",
                .type = Type::vpn,
                .course = Course::refused,
                .wait_ms = 4000});
  mac.stop(utc("2026-10-09T12:00:00.000Z"));
  return {mac.service_trace(), {}};
}

// 2026-11-16, a technician's day on Linux. Own ID 410900001; requests in UTC:
//
//   07:02  410100201  desktop         25 s
//   07:15  410100202  desktop       9:40
//   07:40  410100203  desktop      10:30
//   08:05  410100204  desktop      11:00
//   08:30  410100205  desktop      20:00
//   09:05  410100206  desktop      34:12
//   09:20  410100207  desktop       2:30   (while the one before runs)
//   09:50  410100208  desktop     failed   (refused by the other side)
//   09:52  410100208  desktop       6:45   (tried again)
//   10:10  410100209  file transfer 4:20
//   10:30  410100210  desktop      61:05   (relayed)
//   12:30  410100211  desktop      75:00
//   14:00  410100201  desktop      12:20   (the first customer again; ended by the other side)
//   14:30  410100205  desktop         48 s (typed in groups)
//
// and two incoming sessions, 10:05 and 13:10, that nobody pays for.
Made support_day() {
  Machine pc{{.system = System::linux_deb, .major = 7, .minor = 1, .patch = 0}, "410900001", 16};
  const auto at = [](std::string_view clock) { return utc("2026-11-16T" + std::string{clock} + "Z"); };
  const auto desktop = [&](std::string_view clock, const std::string& id, std::int64_t duration_ms) {
    pc.outgoing({.at = at(clock), .typed = id, .id = id, .duration_ms = duration_ms});
  };
  pc.start(at("06:48:12.310"));
  desktop("07:02:10.114", "410100201", 25 * kSecond);
  desktop("07:15:31.902", "410100202", 9 * kMinute + 40 * kSecond);
  desktop("07:40:05.377", "410100203", 10 * kMinute + 30 * kSecond);
  desktop("08:05:44.650", "410100204", 11 * kMinute);
  desktop("08:30:20.008", "410100205", 20 * kMinute);
  desktop("09:05:02.731", "410100206", 34 * kMinute + 12 * kSecond);
  desktop("09:20:17.265", "410100207", 2 * kMinute + 30 * kSecond);
  pc.outgoing({.at = at("09:50:33.498"),
               .typed = "410100208",
               .id = "410100208",
               .course = Course::refused,
               .reason = "Session closed by remote side: desk_rt_user_close.",
               .wait_ms = 31'000});
  desktop("09:52:01.020", "410100208", 6 * kMinute + 45 * kSecond);
  pc.incoming(at("10:05:00.400"), "410800001", 3 * kMinute);
  pc.outgoing({.at = at("10:10:29.841"),
               .typed = "410100209",
               .id = "410100209",
               .type = Type::file_transfer,
               .duration_ms = 4 * kMinute + 20 * kSecond});
  pc.outgoing({.at = at("10:30:08.556"),
               .typed = "410100210",
               .id = "410100210",
               .duration_ms = 61 * kMinute + 5 * kSecond,
               .direct = false,
               .wait_ms = 14'000});
  pc.relay_noise(at("12:02:00.000"));
  desktop("12:30:49.187", "410100211", 75 * kMinute);
  pc.incoming(at("13:10:12.000"), "410800002", 7 * kMinute);
  pc.outgoing({.at = at("14:00:15.623"),
               .typed = "410100201",
               .id = "410100201",
               .duration_ms = 12 * kMinute + 20 * kSecond,
               .reason = "Session closed by remote side: desk_rt_user_close."});
  pc.outgoing(
      {.at = at("14:30:00.274"), .typed = "410 100 205", .id = "410100205", .duration_ms = 48 * kSecond});
  pc.stop(at("15:31:07.500"));
  return {pc.service_trace(), pc.expected()};
}

}  // namespace

const std::vector<Script>& scripts() {
  static const std::vector<Script> all{
      {"windows-9.0-service", "installed Windows: alias, file transfer, network loss, incoming", "traces"},
      {"linux-6.3-service", "refused attempt, two sessions at once, vpn", "traces"},
      {"linux-7.1-service", "offline attempt, power loss in mid-session, NUL hole, one still active",
       "traces"},
      {"linux-7.1-user", "the window's file of the same machine: no session can be claimed from it",
       "traces"},
      {"macos-5.4-mixed", "no thread names; service, window and a backend in one file", "traces"},
      {"macos-8.1-clock", "the clock is set back in mid-session", "traces"},
      {"support-day", "a technician's day for the demonstration", "demo"},
  };
  return all;
}

Made make(std::string_view name) {
  if (name == "windows-9.0-service") return windows_9_service();
  if (name == "linux-6.3-service") return linux_6_service();
  if (name == "linux-7.1-service") {
    const Machine pc = linux_7();
    return {pc.service_trace(), pc.expected()};
  }
  if (name == "linux-7.1-user") return {linux_7().window_trace(), {}};
  if (name == "macos-5.4-mixed") return macos_5_mixed();
  if (name == "macos-8.1-clock") return macos_8_clock();
  assert(name == "support-day");
  return support_day();
}

std::string make_large(std::size_t bytes) {
  std::string out;
  timing::UtcMs day = utc("2026-01-05T07:00:00.000Z");
  for (std::uint64_t seed = 100; out.size() < bytes; ++seed, day += std::chrono::hours{24}) {
    Machine pc{{.system = System::linux_deb, .major = 7, .minor = 1, .patch = 0}, "410900001", seed};
    pc.start(day);
    for (int i = 0; i < 200; ++i) {
      const timing::UtcMs at = day + std::chrono::minutes{2 + 3 * i};
      pc.relay_noise(at);
      pc.outgoing({.at = at, .typed = "410100201", .id = "410100201", .duration_ms = 2 * kMinute});
    }
    pc.stop(day + std::chrono::hours{11});
    out += pc.service_trace();
  }
  return out;
}

}  // namespace support::trace
