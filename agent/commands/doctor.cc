// run_doctor(): looks once at everything, and has it judged elsewhere.

#include "agent/commands/doctor.h"

#include <ostream>
#include <system_error>

#include "agent/commands/config.h"
#include "agent/commands/doctor_examination.h"
#include "agent/commands/single.h"
#include "agent/outbox/quarantine.h"
#include "agent/platform/places.h"
#include "agent/platform/rights.h"
#include "agent/tail/system_files.h"
#include "common/base/path.h"
#include "common/base/version.h"
#include "common/timing/clock.h"

namespace agent::commands {

namespace {

// outbox::quarantine() puts a time behind it, and more behind that for what belongs to the database.
constexpr std::string_view kSetAside = "outbox.db.damaged-";

std::optional<std::uint64_t> free_space(std::filesystem::path folder) {
  std::error_code error;
  // Before enrolment there is no folder yet: its disk is that of the nearest one above.
  while (!folder.empty() && folder != folder.parent_path() && !std::filesystem::exists(folder, error)) {
    folder = folder.parent_path();
  }
  const auto space = std::filesystem::space(folder, error);
  if (error) return std::nullopt;
  return space.available;
}

std::filesystem::path service_folder(const Examination& examination) {
  if (examination.system == tail::System::windows || examination.administrator || examination.view) return {};
  const std::filesystem::path folder = "/var/lib/deskledger-agent";
  std::error_code error;
  return folder != examination.directory && std::filesystem::is_directory(folder, error)
             ? folder
             : std::filesystem::path{};
}

void look_at_outbox(Examination& examination) {
  const auto path = examination.directory / "outbox.db";
  std::error_code error;
  if (std::filesystem::exists(path, error)) {
    if (const auto sound = outbox::expect_unmarked(path); !sound)
      examination.outbox_damage = sound.error().message;
  }
  const auto names = tail::system_files()->list(examination.directory.string());
  if (!names) return;
  for (const auto& name : *names) {
    const bool is_database = name.find_first_not_of("0123456789", kSetAside.size()) == std::string::npos;
    if (name.starts_with(kSetAside) && is_database)
      examination.set_aside.push_back(examination.directory / base::path_of(name));
  }
}

void look_at_anydesk(Examination& examination) {
  const auto files = tail::system_files();
  examination.survey = discovery::survey(*files, examination.system, platform::environment());
  examination.anydesk = platform::running_programs("anydesk");
  for (const auto& instance : examination.survey.instances) {
    for (const auto& trace : instance.traces) {
      if (trace.access != discovery::Access::not_permitted) continue;
      if (auto group = platform::group_that_reads(trace.path))
        examination.reading_groups[trace.path] = *group;
    }
  }
}

Examination examine(const DoctorOptions& options) {
  const auto& clock = timing::system_clock();
  Examination examination;
  examination.system = platform::system();
  examination.os = platform::os_name();
  examination.agent_version = base::kVersion;
  examination.account = platform::account();
  examination.administrator = platform::is_administrator();
  examination.now = clock.utc();
  examination.utc_offset_min = clock.utc_offset_min();
  examination.boot_id = clock.boot_id();
  const auto config = load_config(options.config);
  if (!config) examination.config_error = config.error().message;
  examination.default_places = !config || config->default_places;
  const auto configured = config ? config->data_directory : platform::data_directory();
  examination.directory = options.data_directory.value_or(configured);
  examination.view = load_view(examination.directory);
  examination.other_directory = service_folder(examination);
  examination.running = is_taken(examination.directory);
  examination.agents = platform::running_programs("deskledger-agent");
  examination.free_bytes = free_space(examination.directory);
  look_at_outbox(examination);
  look_at_anydesk(examination);
  return examination;
}

}  // namespace

int run_doctor(const DoctorOptions& options, std::ostream& out) {
  const Examination examination = examine(options);
  const auto findings = diagnose(examination);
  out << (options.json ? doctor_json(examination, findings) + "\n" : doctor_text(examination, findings));
  return worst(findings) == Level::problem ? 1 : 0;
}

}  // namespace agent::commands
