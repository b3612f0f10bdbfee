#include "tests/support/site/fleet.h"

#include <fstream>
#include <stdexcept>

#include "tests/support/process/eventually.h"

namespace support {

void Fleet::add(std::string text) {
  const auto n = members_.size();
  std::filesystem::create_directories(folder(n));
  members_.push_back({.text = std::move(text), .written = 0, .agent = nullptr});
  const auto enrolled =
      site_.agent({"enroll", "--data-directory", data(n), "--collector", "127.0.0.1:" + std::to_string(port_),
                   "--token", site_.token("workstation" + std::to_string(n))});
  if (enrolled.exit_code != 0) throw std::runtime_error{"enroll: " + enrolled.err};
}

std::size_t Fleet::copy(std::size_t n, std::string text) {
  const auto twin = members_.size();
  std::filesystem::create_directories(folder(twin));
  std::filesystem::copy(data(n), data(twin), std::filesystem::copy_options::recursive);
  members_.push_back({.text = std::move(text), .written = 0, .agent = nullptr});
  return twin;
}

void Fleet::write(std::size_t n, std::size_t bytes) {
  auto& member = members_[n];
  const auto piece = member.text.substr(member.written, bytes);
  std::ofstream{folder(n) / "anydesk.trace", std::ios::binary | std::ios::app} << piece;
  member.written += piece.size();
}

void Fleet::start(std::size_t n, const Command& launcher) {
  Command command = launcher;
  command.insert(command.end(), {site_.programs() / "deskledger-agent", "run", "--data-directory", data(n),
                                 "--trace", folder(n) / "anydesk.trace"});
  members_[n].agent = std::make_unique<Process>(command, folder(n) / "agent.out", folder(n) / "agent.log");
}

void Fleet::kill(std::size_t n) {
  members_[n].agent->kill();
  members_[n].agent.reset();
}

void Fleet::stop(std::size_t n) {
  auto& agent = members_[n].agent;
  agent->send(SIGTERM);
  if (agent->wait(kPatience) != 0) throw std::runtime_error{"an agent did not end well: " + log(n)};
  agent.reset();
}

boost::json::object Fleet::status(std::size_t n) const {
  const auto told = site_.agent({"status", "--json", "--data-directory", data(n)});
  if (told.exit_code != 0) throw std::runtime_error{"status: " + told.err};
  return boost::json::parse(told.out).as_object();
}

}  // namespace support
