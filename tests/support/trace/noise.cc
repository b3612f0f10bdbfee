#include "tests/support/trace/noise.h"

namespace support::trace {

namespace {

using Ms = std::chrono::milliseconds;

// Pids of the processes beside service and window; Machine's and Day's are below.
constexpr std::uint32_t kOtherPids = 80'000;

}  // namespace

void Noise::plain(timing::UtcMs at) {
  machine_.service_writer().line(at, machine_.service_process(), 3, "anynet.main_relay_conn",
                                 "Keepalive " + number(1'000'000) + ".");
}

// No two pieces of it are alike.
std::string Noise::long_text() {
  const std::size_t bytes = 200 + machine_.random(line_bytes_max_);
  std::string text;
  for (std::uint64_t n = machine_.random(1'000'000'000); text.size() < bytes; n += 7)
    text += std::to_string(n) + " ";
  return text;
}

void Noise::private_line(timing::UtcMs at, Writer& writer, const Process& process, std::uint32_t fiber) {
  const auto line = [&](std::string_view module, const std::string& message) {
    writer.line(at, process, fiber, module, message);
  };
  switch (machine_.random(12)) {
    case 0:
      return line("anynet.relay_connector",
                  "Connecting to relay " + secret("relay-" + machine_.hex(8)) + ".net.anydesk.com (1/1)");
    case 1: return line("anynet.relay_connector", "Using IPv4: " + secret("203.0.113." + number(256)));
    case 2:
      return line("anynet.punch_connector", "Trying " + secret("2001:db8::" + machine_.hex(4) + ":17") + ".");
    case 3:
      return line("app.prepare_task", "Preparing files in 'C:\\Users\\" + secret("Zuzanna" + number(99)) +
                                          "\\Documents\\" + secret("Kundenliste-" + machine_.hex(6)) +
                                          ".xlsx'.");
    case 4: return line("app.local_file_transfer", "Download of '" + secret("lohn-" + machine_.hex(6)) + "'");
    case 5: return line("app.chat", "Received: " + secret("das Passwort ist " + machine_.hex(6)));
    case 6: return line("app.clipboard", "Offering text '" + secret("IBAN-" + machine_.hex(10)) + "'");
    case 7: return line("base.os", "Host name: " + secret("KASSE-" + machine_.hex(5)));
    case 8:
      return line("app.common_path", "initialized user = /home/" + secret("zacharias" + number(99)) +
                                         "/.anydesk, system = /etc/anydesk");
    case 9: return line("app.roster", "Item " + secret("57" + seven_digits()) + " is online.");
    case 10:
      return line("app.backend_session",
                  "Incoming session request: " + secret("Frau Ypsilanti" + number(99)) + " (" +
                      secret("58" + seven_digits()) + ")");
    default:
      // A message no version we know of writes: it is counted by its stem, and a stem is no message.
      return line("app.session", "Frobnicating " + secret("198.51.100." + number(256)) + " for " +
                                     secret("quentin" + number(99)));
  }
}

void Noise::odd_line(timing::UtcMs at, Writer& writer, const Process& process) {
  const auto line = [&](std::string_view module, const std::string& message) {
    writer.line(at, process, 3, module, message, machine_.random(2) == 0 ? "info" : "warning");
  };
  switch (machine_.random(9)) {
    case 0: return line("\xE0/\x82\x02", "Could not update WOL information.");
    case 1: return line("\xB0\xFC\xD2\xB0\xBF\x0E", "Caught execption: quitting.");
    case 2:
      return line("anynet.relay_connector",
                  "\xD0\xA1\xD0\xB5\xD1\x82\xD1\x8C \xD0\xBD\xD0\xB5\xD0\xB4\xD0\xBE\xD1\x81\xD1\x82\xD1\x83"
                  "\xD0\xBF\xD0\xBD\xD0\xB0 (101)");
    case 3: return line("base.error", "\xFF\xFE bad \xC0\x80 bytes \xE2\x82");
    case 4:
      return line("os_cmd.mac", "{" + line_end() + "    NSAppleScriptErrorNumber = \"-1728\";" + line_end() +
                                    "    NSAppleScriptErrorBriefMessage = \"Can\\U2019t get\";" + line_end() +
                                    "end tell" + line_end() + "}");
    case 5: return line("main", "");
    case 6: return writer.raw(at, "", process.pid);
    case 7: return writer.raw(at, "  garbage without any columns \x01\x02\x7F", process.pid);
    default: return line("app.tcp_tunnel", long_text());
  }
}

void Noise::service(timing::UtcMs at) {
  Writer& writer = machine_.service_writer();
  switch (machine_.random(10)) {
    case 0:
    case 1: return machine_.relay_noise(at);
    case 2: return odd_line(at, writer, machine_.service_process());
    case 3:
    case 4: return private_line(at, writer, machine_.service_process(), 3);
    default: return plain(at);
  }
}

void Noise::window(timing::UtcMs at) {
  Writer& writer = machine_.window_writer();
  const Process& process = machine_.window_process();
  switch (machine_.random(8)) {
    case 0: return odd_line(at, writer, process);
    case 1: return private_line(at, writer, process, 0);
    case 2: return writer.line(at, process, 0, "app.backend_session", "Session started (ok).");
    case 3: return writer.line(at, process, 0, "app.frontend", "Session count: " + number(4));
    default:
      return writer.line(at, process, 0, "anynet.user_data", "Refreshed " + number(1'000'000) + " entries.");
  }
}

void Noise::other_process(timing::UtcMs at) {
  const bool on_linux = edition_.system == System::linux_deb;
  const std::uint32_t pid = kOtherPids + others_++;
  const Process starting{on_linux ? "ad" : edition_.backend_app(), pid, pid};
  const Process running{machine_.random(2) == 0 ? edition_.backend_app()
                        : on_linux              ? "tray"
                                                : "ctrl",
                        pid, pid};
  Writer& writer = machine_.service_writer();
  writer.raw(at, " * * * * * * * * * * * * * * * * * *", pid);
  const std::string system = on_linux ? "Linux" : edition_.system == System::macos ? "MAC" : "Windows";
  writer.line(at, starting, 0, "main", "* AnyDesk " + system + " Startup *");
  writer.line(at, starting, 0, "main",
              "* Version " + edition_.version() + " (release/x " + machine_.hex(40) + ")");
  writer.line(at, starting, 0, "main", "Command Line params: '--get-id'");
  writer.line(at + Ms{40}, running, 0, "app.backend_session",
              "Incoming session request: " + secret("Ute Xaver" + number(99)) + " (" +
                  secret("59" + seven_digits()) + ")");
  writer.line(at + Ms{50}, running, 0, "app.backend_session", "Session started (ok).");
  writer.line(at + Ms{90}, running, 0, "app.backend_session", "Session stopped.");
  writer.line(at + Ms{91}, running, 0, "main", "Exiting normally.");
}

}  // namespace support::trace
