#include "agent/commands/service.h"

#include <ostream>
#include <sstream>

#include "agent/commands/config.h"
#include "agent/platform/places.h"
#include "agent/platform/service.h"
#include "common/base/path.h"
#include "common/logging/log.h"

namespace agent::commands {

namespace {

std::vector<std::string> arguments_of(const RunOptions& options) {
  std::vector<std::string> arguments{"run", "--service"};
  const auto add = [&](const std::string& name, const std::filesystem::path& path) {
    arguments.push_back(name);
    arguments.push_back(base::absolute_of(path).string());
  };
  if (options.config) add("--config", *options.config);
  if (options.data_directory) add("--data-directory", *options.data_directory);
  for (const auto& trace : options.traces) add("--trace", base::path_of(trace));
  return arguments;
}

base::Status print_status(std::ostream& out) {
  const auto status = platform::service_status();
  if (!status) return std::unexpected{status.error()};
  out << "service   " << status->name << '\n' << "state     " << status->state;
  if (status->process_id != 0) out << " (process " << status->process_id << ')';
  if (status->exit_code != 0) out << ", exit code " << status->exit_code;
  out << '\n' << "command   " << status->command << '\n';
  if (status->delayed_start) {
    out << "start     with the system" << (*status->delayed_start ? ", after everything else" : "") << '\n';
  }
  out << "recovery  " << status->recovery.value_or("this system does not tell") << '\n';
  return {};
}

base::Status act(ServiceAction action, const RunOptions& options, std::ostream& out) {
  switch (action) {
    case ServiceAction::install: return platform::install_service(arguments_of(options));
    case ServiceAction::uninstall: return platform::uninstall_service();
    case ServiceAction::start: return platform::start_service();
    case ServiceAction::stop: return platform::stop_service();
    case ServiceAction::status: return print_status(out);
  }
  return {};
}

const char* done(ServiceAction action) {
  switch (action) {
    case ServiceAction::install:
      return "the service is installed; it starts with the system, or with `service start`\n";
    case ServiceAction::uninstall: return "the service is removed; its data stays\n";
    case ServiceAction::start: return "the service runs\n";
    case ServiceAction::stop: return "the service is stopped\n";
    case ServiceAction::status: return "";
  }
  return "";
}

// Where a service may write before it is known whether its configuration can be read.
std::filesystem::path log_file(const RunOptions& options) {
  const auto config = load_config(options.config);
  return options.data_directory.value_or(config ? config->data_directory : platform::data_directory()) /
         "agent.log";
}

}  // namespace

int run_service(ServiceAction action, const RunOptions& options, std::ostream& out, std::ostream& err) {
  if (auto acted = act(action, options, out); !acted) {
    err << "deskledger-agent: " << acted.error().message << '\n';
    return 1;
  }
  out << done(action);
  return 0;
}

int run_agent_as_service(const RunOptions& options, std::ostream& err) {
  const auto body = [&options](platform::Stop& stop) {
    // Nobody sees a service's standard error.
    // Without a log it still does its work, and `status` tells of that.
    static_cast<void>(logging::to_file(log_file(options), kServiceLogBytes, kServiceLogFiles));
    logging::info("the service starts");
    std::ostringstream out;
    std::ostringstream said;
    auto with_stop = options;
    with_stop.stop = &stop;
    const int code = run_agent(with_stop, out, said);
    if (code != 0) logging::error("the service ends by itself", {{"reason", said.str()}});
    return code;
  };
  if (auto served = platform::run_as_service(body); !served) {
    err << "deskledger-agent: " << served.error().message << '\n';
    return 1;
  }
  return 0;
}

}  // namespace agent::commands
