// Any bytes as an import file of any kind: nothing crashes, it is never the database that refuses, and what
// is wrong is said of that file, in words. Nothing is kept: each file is only looked at.
//
// The first byte says under which header the bytes stand; the last of its values leaves the header to them.
// The database is a real one, on a disk in memory, with a customer, a technician and a rule in it.

#include <unistd.h>

#include <filesystem>
#include <string>

#include "collector/import/import.h"
#include "collector/store/migrate.h"
#include "common/timing/zone.h"
#include "tests/fuzz/input.h"
#include "tests/support/power/vfs.h"

namespace {

using fuzz::require;
namespace import = collector::import;
namespace store = collector::store;

const collector::actions::Actor kActor{.who = "tess", .why = "", .now = timing::from_ms(1'800'000'000'000)};

class Collector {
 public:
  Collector() {
    require(store::migrate(database_, kActor.now).has_value());
    for (const char* file :
         {"code,name,email,language\nbakery,Bakery,,\n", "number,name,email,active\n1,Anna,,yes\n",
          "name,free_s,first_block_s,grace_s,increment_s,boundary,grace_scope,max_charge_min\n"
          "standard,30,600,60,600,start,first,\n"}) {
      require(take(file, false).problems.empty());
    }
  }

  import::Report take(std::string text, bool preview) {
    const auto report = import::import_files(database_, {{.name = "file.csv", .text = std::move(text)}},
                                             timing::start_of_day, kActor, preview);
    require(report.has_value());
    return *report;
  }

 private:
  static std::string url() {
    const auto file =
        std::filesystem::temp_directory_path() / ("deskledger-fuzz-" + std::to_string(::getpid()) + ".db");
    return "sqlite:" + file.string();
  }

  support::power::Disk disk_{1};
  support::power::Vfs vfs_{disk_, support::power::For::everyone};
  store::Connection database_ = store::Connection::open(url()).value();
};

std::string header_of(const import::KindInfo& kind) {
  const auto text = import::file_template(kind);
  return text.substr(0, text.find('\n') + 1);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static Collector collector;
  fuzz::Input input{data, size};
  const auto& kinds = import::all_kinds();
  const auto kind = input.number(1) % (kinds.size() + 1);
  const std::string text = (kind < kinds.size() ? header_of(kinds[kind]) : "") + std::string{input.rest()};
  const auto report = collector.take(text, true);
  for (const auto& problem : report.problems) require(!problem.what.empty() && problem.file == "file.csv");
  return 0;
}
