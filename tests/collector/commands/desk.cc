#include "tests/collector/commands/desk.h"

#include <stdlib.h>

#include <fstream>

#include "agent/seal/fact.h"
#include "collector/commands/import.h"
#include "collector/commands/init.h"
#include "collector/commands/serve_parts.h"
#include "collector/commands/zones.h"
#include "collector/pipeline/pipeline.h"
#include "collector/store/records.h"
#include "tests/collector/store/small_world.h"

namespace collector::commands {

using namespace std::chrono_literals;
using store::must;

Ran ran(const std::function<int(std::ostream&, std::ostream&)>& command) {
  std::ostringstream out, err;
  const int code = command(out, err);
  return {.code = code, .out = out.str(), .err = err.str()};
}

DeskTest::DeskTest() {
  std::string pattern = (std::filesystem::temp_directory_path() / "deskledger-desk.XXXXXX").string();
  if (::mkdtemp(pattern.data()) == nullptr) throw std::runtime_error("no temporary folder");
  folder_ = pattern;
  InitOptions options;
  options.directory = folder_ / "desk";
  if (GetParam() == store::Dialect::postgresql) options.database_url = support::migrated_postgres_url();
  init_ = ran([&](auto& out, auto& err) { return run_init(options, out, err); });
  if (init_.code != 0) throw std::runtime_error(init_.err);
}

DeskTest::~DeskTest() {
  std::filesystem::remove_all(folder_);
}

std::string DeskTest::file(const std::string& name, const std::string& text) const {
  const auto path = folder_ / name;
  std::ofstream{path, std::ios::binary} << text;
  return path.string();
}

namespace {

class StillClock final : public timing::Clock {
 public:
  timing::UtcMs utc() const override { return now; }
  std::int64_t boot_ms() const override { return 0; }
  std::int32_t utc_offset_min() const override { return 0; }
  std::string boot_id() const override { return "boot"; }
  timing::UtcMs now;
};

std::string fact(const std::string& key, const std::string& remote_id, const std::string& start,
                 bool failed) {
  agent::session::Snapshot snapshot;
  snapshot.key = key;
  snapshot.outcome = failed ? agent::session::Outcome::failed : agent::session::Outcome::completed;
  snapshot.remote_id = remote_id;
  snapshot.requested = timing::from_rfc3339(start).value();
  if (!failed) snapshot.started = snapshot.requested;
  snapshot.ended = *snapshot.requested + 300s;
  snapshot.end_reason = failed ? "refused" : "closed";
  return agent::seal::fact_of(snapshot, {.utc = *snapshot.ended, .boot_ms = 1, .utc_offset_min = 0});
}

const std::string kAgent = std::string(15, '\0') + '\x01';

void store_records(store::Transaction& t) {
  const auto token = must(store::create_token(
      t,
      {.secret_hash = "secret", .workstation = "anna-pc", .created = store::at(1), .expires = store::at(2)}));
  auto agent = store::agent_row(token, kAgent);
  agent.workstation = "anna-pc";
  must(store::enrol(t, agent));
  std::vector<store::NewRecord> records;
  const auto add = [&](const std::string& body) {
    records.push_back({.hash = "hash " + std::to_string(records.size()), .body = body});
  };
  add(fact("k1", "410100201", "2026-11-16T08:00:00Z", false));
  add(fact("k2", "410100301", "2026-11-16T09:00:00Z", false));
  add(fact("k3", "410100201", "2026-11-16T10:00:00Z", false));
  add(fact("k4", "410100999", "2026-11-16T11:00:00Z", false));
  add(fact("k5", "410100201", "2026-11-16T11:30:00Z", true));
  add("no fact at all");
  add(agent::seal::fact_of(agent::seal::Gap{.source = "ad.trace",
                                            .after_offset = 7,
                                            .bytes_lost_min = 8,
                                            .cause = "file_replaced",
                                            .from = timing::from_rfc3339("2026-11-16T07:03:02Z").value(),
                                            .to = timing::from_rfc3339("2026-11-16T07:05:40Z").value()},
                           {.utc = store::at(1), .boot_ms = 1, .utc_offset_min = 0}));
  must(store::append_batch(t, store::batch_row(kAgent, 1), records));
  must(store::count_outcome(t, kAgent, "accepted", "", store::at(5)));
  must(store::count_outcome(t, "", "enroll_USED_TOKEN", "used", store::at(5)));
}

}  // namespace

void DeskTest::tell_story() {
  ImportOptions import{.config = config(), .files = {}, .preview = false, .json = false};
  import.files = {
      file("t.csv", "number,name,email,active\n1,Anna,,yes\n"),
      file("c.csv",
           "code,name,email,language\nbakery,Old Mill,office@mill.example,en\nlaw,Law,law@law.example,en\n"),
      file("a.csv",
           "customer,address,description,valid_from,valid_to\nbakery,410100201,Till,,\nlaw,410100301,Desk,,"
           "\n"),
      file("s.csv", "technician,workstation,anydesk_id,valid_from,valid_to\n1,anna-pc,,,\n"),
      file("k.csv",
           "customer,name,model,template,start,end,time_zone,purchased_min,mail_window_min,mail_no_charge\n"
           "bakery,Ten hours,prepaid,standard,2026-01-01,,,600,60,yes\n"
           "law,Open,indefinite,standard,2026-01-01,,,,600,yes\n"),
      file("m.csv",
           "anydesk_id,remote_id,start,comment\n,410100201,2026-11-16T08:00:00Z,Printer\n"
           ",410100301,2026-11-16T09:00:00Z,Mail {25}\n,410100201,2026-11-16T10:00:00Z,Looked in #\n"
           ",410100999,2026-11-16T11:00:00Z,Somewhere\n")};
  const auto imported = ran([&](auto& out, auto& err) { return run_import(import, out, err); });
  if (imported.code != 0) throw std::runtime_error(imported.err);
  auto place = workspace();
  must(place.database.transaction([](store::Transaction& t) -> base::Status {
    store_records(t);
    return {};
  }));
  const auto noon = timing::from_rfc3339("2026-11-16T12:00:00Z").value();
  carry_on(noon);
  carry_on(noon + 61min);
}

void DeskTest::carry_on(timing::UtcMs now) {
  StillClock clock;
  clock.now = now;
  auto place = workspace();
  pipeline::Pipeline pipeline{std::move(place.database), pipeline_settings(place.config),
                              start_of_day_in_zone, clock};
  must(pipeline.run());
  for (auto& sender : must(make_senders(place.config, clock))) must(sender.run());
}

}  // namespace collector::commands
