// One collector, one workstation with an agent, and the trace that AnyDesk
// writes there; each program runs as a process of its own.
//
// Everything is below one new folder, which is removed with the Site unless the
// environment has DESKLEDGER_KEEP_SITES. What cannot go wrong unless the programs
// are broken throws std::runtime_error, with what the program said.

#pragma once

#include <boost/json.hpp>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "tests/support/process/process.h"

namespace support {

class Site {
 public:
  // `programs` is the folder of deskledger-agent and deskledger-collector. `database_url` empty: SQLite.
  // The collector is made (`init`), not started.
  Site(std::filesystem::path programs, const std::string& name, const std::string& database_url = "");
  ~Site();
  Site(const Site&) = delete;
  Site& operator=(const Site&) = delete;

  const std::filesystem::path& folder() const { return folder_; }
  const std::filesystem::path& programs() const { return programs_; }
  std::filesystem::path config() const { return folder_ / "collector" / "collector.toml"; }
  std::filesystem::path database() const { return folder_ / "collector" / "collector.db"; }
  std::filesystem::path mails() const { return folder_ / "collector" / "mails"; }
  std::filesystem::path agent_data() const { return folder_ / "agent"; }
  std::filesystem::path trace() const { return folder_ / "anydesk.trace"; }
  std::uint16_t port() const { return port_; }

  // Returns when it listens. The port stays the same from start to start. `launcher`: a program and its
  // arguments in front of the collector's.
  void start_collector(const Command& launcher = {});
  Process& collector_process() { return *collector_; }
  void kill_collector();  // SIGKILL
  void stop_collector();  // SIGTERM; the exit code must be 0.

  // A new token for one workstation.
  std::string token(const std::string& workstation) const;
  // With a token for the workstation anna-pc. The collector must run.
  void enrol();
  void start_agent(const Command& further = {});
  Process& agent_process() { return *agent_; }
  void kill_agent();
  void stop_agent();

  Finished collector(Command arguments) const;  // With --config.
  Finished agent(Command arguments) const;      // As it stands.
  // The command's --json output; throws if it failed.
  boost::json::value collector_json(Command arguments) const;
  boost::json::object agent_status() const;

 private:
  std::filesystem::path programs_;
  std::filesystem::path folder_;
  std::uint16_t port_ = 0;
  std::unique_ptr<Process> collector_;
  std::unique_ptr<Process> agent_;
};

}  // namespace support
