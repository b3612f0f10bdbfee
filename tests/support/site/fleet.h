// Many workstations of one collector, each with a data folder, a trace and an agent of its own.

#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "tests/support/site/site.h"

namespace support {

class Fleet {
 public:
  // `port` is where the agents find the collector, perhaps through a relay. The site must outlive it.
  Fleet(Site& site, std::uint16_t port) : site_{site}, port_{port} {}

  // Enrols a workstation, whose AnyDesk will write `text`; the collector must run. Its agent is not started.
  void add(std::string text);
  // A second machine from a copy of the first one's disk, with another AnyDesk's text; its number. The first
  // one's agent must not run.
  std::size_t copy(std::size_t n, std::string text);
  std::size_t size() const { return members_.size(); }

  // Appends the next bytes of the workstation's text to its trace, at most so many.
  void write(std::size_t n, std::size_t bytes);
  void write_all(std::size_t n) { write(n, members_[n].text.size()); }
  const std::string& text(std::size_t n) const { return members_[n].text; }

  // Through `launcher`, if there is one: a program and its arguments in front of the agent's.
  void start(std::size_t n, const Command& launcher = {});
  void kill(std::size_t n);
  void stop(std::size_t n);  // SIGTERM; throws if it does not end well.
  boost::json::object status(std::size_t n) const;
  std::filesystem::path data(std::size_t n) const { return folder(n) / "data"; }
  std::string log(std::size_t n) const { return read_file(folder(n) / "agent.log"); }

 private:
  struct Member {
    std::string text;
    std::size_t written = 0;
    std::unique_ptr<Process> agent;
  };
  std::filesystem::path folder(std::size_t n) const {
    return site_.folder() / ("workstation" + std::to_string(n));
  }

  Site& site_;
  std::uint16_t port_;
  std::vector<Member> members_;
};

}  // namespace support
