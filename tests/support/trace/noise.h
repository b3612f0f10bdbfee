// Everything in a trace that is no session: the relay's chatter, damaged lines,
// other processes, and a great deal that is nobody's business.

#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "tests/support/trace/machine.h"

namespace support::trace {

class Noise {
 public:
  // `line_bytes_max` bounds the long lines. Both must outlive it.
  Noise(Machine& machine, Edition edition, std::size_t line_bytes_max)
      : machine_{machine}, edition_{edition}, line_bytes_max_{line_bytes_max} {}

  // One line, or one message of several, of the service or of a process beside it.
  void service(timing::UtcMs at);
  void window(timing::UtcMs at);
  // Exactly one plain line of the service of at least 100 bytes.
  void plain(timing::UtcMs at);
  // A process that is neither begins and writes into the service's file: a tray, a backend, a command.
  void other_process(timing::UtcMs at);

  // What was written and must never leave the machine.
  const std::vector<std::string>& secrets() const { return secrets_; }

 private:
  void private_line(timing::UtcMs at, Writer& writer, const Process& process, std::uint32_t fiber);
  void odd_line(timing::UtcMs at, Writer& writer, const Process& process);
  std::string long_text();
  std::string secret(std::string text) { return secrets_.emplace_back(std::move(text)); }
  std::string number(std::uint64_t bound) { return std::to_string(machine_.random(bound)); }
  std::string seven_digits() { return std::to_string(1'000'000 + machine_.random(9'000'000)); }
  std::string line_end() const { return edition_.system == System::windows ? "\r\n" : "\n"; }

  Machine& machine_;
  Edition edition_;
  std::size_t line_bytes_max_;
  std::uint32_t others_ = 0;
  std::vector<std::string> secrets_;
};

}  // namespace support::trace
