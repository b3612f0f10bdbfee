#include "tests/support/site/site.h"

#include <stdlib.h>
#include <unistd.h>

#include <cstdlib>
#include <stdexcept>

#include "tests/support/process/eventually.h"

namespace support {

namespace json = boost::json;

namespace {

std::filesystem::path new_folder(const std::string& name) {
  std::string pattern =
      (std::filesystem::temp_directory_path() / ("deskledger-" + name + ".XXXXXX")).string();
  if (::mkdtemp(pattern.data()) == nullptr) throw std::runtime_error{"no folder " + pattern};
  return pattern;
}

// Below the ports that the system hands to outgoing connections: while the collector is down, nobody takes
// its port, not even the agent that dials it.
std::uint16_t next_port() {
  static int tried = 0;
  return static_cast<std::uint16_t>(12'000 + (::getpid() * 17 + tried++) % 20'000);
}

Finished must(Finished finished, const std::string& what) {
  if (finished.exit_code != 0) {
    throw std::runtime_error{what + ": exit code " + std::to_string(finished.exit_code) + ": " +
                             finished.err + finished.out};
  }
  return finished;
}

void stop(std::unique_ptr<Process>& process, const std::string& what, const std::filesystem::path& log) {
  process->send(SIGTERM);
  const auto code = process->wait(kPatience);
  if (code != 0) {
    throw std::runtime_error{what + " did not end well (" + (code ? std::to_string(*code) : "it runs on") +
                             "): " + read_file(log)};
  }
  process.reset();
}

}  // namespace

Site::Site(std::filesystem::path programs, const std::string& name, const std::string& database_url)
    : programs_{std::move(programs)}, folder_{new_folder(name)} {
  Command init{programs_ / "deskledger-collector", "init", folder_ / "collector"};
  if (!database_url.empty()) init.insert(init.end(), {"--database", database_url});
  must(run(init), "init");
}

Site::~Site() {
  agent_.reset();
  collector_.reset();
  std::error_code ignored;
  if (std::getenv("DESKLEDGER_KEEP_SITES") == nullptr) std::filesystem::remove_all(folder_, ignored);
}

void Site::start_collector(const Command& launcher) {
  const auto out = folder_ / "collector.out", log = folder_ / "collector.log";
  for (int attempt = 0; attempt < 20; ++attempt) {
    const std::uint16_t port = port_ != 0 ? port_ : next_port();
    std::filesystem::remove(out);
    Command command = launcher;
    command.insert(command.end(), {programs_ / "deskledger-collector", "serve", "--config", config(),
                                   "--listen-agents", "127.0.0.1:" + std::to_string(port)});
    collector_ = std::make_unique<Process>(command, out, log);
    const auto listening = [&] {
      return read_file(out).find("listening for agents on") != std::string::npos;
    };
    if (eventually([&] { return listening() || !collector_->running(); }) && listening()) {
      port_ = port;
      return;
    }
    if (port_ != 0) break;  // It listened there before: no other program's port.
  }
  throw std::runtime_error{"the collector does not start: " + read_file(log)};
}

void Site::kill_collector() {
  collector_->kill();
  collector_.reset();
}

void Site::stop_collector() {
  stop(collector_, "the collector", folder_ / "collector.log");
}

std::string Site::token(const std::string& workstation) const {
  return std::string{
      collector_json({"token", "create", "--workstation", workstation}).as_object().at("token").as_string()};
}

void Site::enrol() {
  must(agent({"enroll", "--data-directory", agent_data(), "--collector", "127.0.0.1:" + std::to_string(port_),
              "--token", token("anna-pc")}),
       "enroll");
}

void Site::start_agent(const Command& further) {
  Command command{
      programs_ / "deskledger-agent", "run", "--data-directory", agent_data(), "--trace", trace()};
  command.insert(command.end(), further.begin(), further.end());
  agent_ = std::make_unique<Process>(command, folder_ / "agent.out", folder_ / "agent.log");
}

void Site::kill_agent() {
  agent_->kill();
  agent_.reset();
}

void Site::stop_agent() {
  stop(agent_, "the agent", folder_ / "agent.log");
}

Finished Site::collector(Command arguments) const {
  arguments.insert(arguments.begin(), programs_ / "deskledger-collector");
  arguments.insert(arguments.end(), {"--config", config()});
  return run(arguments);
}

Finished Site::agent(Command arguments) const {
  arguments.insert(arguments.begin(), programs_ / "deskledger-agent");
  return run(arguments);
}

json::value Site::collector_json(Command arguments) const {
  const std::string what = arguments.front();
  arguments.push_back("--json");
  return json::parse(must(collector(std::move(arguments)), what).out);
}

json::object Site::agent_status() const {
  return json::parse(must(agent({"status", "--json", "--data-directory", agent_data()}), "status").out)
      .as_object();
}

}  // namespace support
