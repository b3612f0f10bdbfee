// A database to import into, and small files.

#pragma once

#include <string>
#include <vector>

#include "collector/import/import.h"
#include "collector/store/changes.h"
#include "collector/store/ledger.h"
#include "common/timing/zone.h"
#include "tests/collector/store/store_fixture.h"

namespace collector::import {

using store::must;

inline const std::string kTechnicians = "number,name,email,active\n1,Anna,anna@desk.example,yes\n2,Ben,,no\n";
inline const std::string kCustomers =
    "code,name,email,language\nbakery,Old Mill,office@mill.example,en\nlaw,Law & Sons,,\n";
inline const std::string kContacts =
    "customer,first_name,surname,email,phone\nbakery,Eleni,Papadaki,Eleni@mill.example,+30 2310\n"
    "bakery,Nikos,Doukas,nikos@mill.example,\n";
inline const std::string kPartners = "partner,name,email\nnorthern,Northern IT,desk@northern.example\n";
inline const std::string kTerminals =
    "customer,address,description,valid_from,valid_to\nbakery,410 100 201,Till,2026-01-01,\n"
    "law,Desk@law,Desk,,2026-12-31T00:00:00Z\n";
inline const std::string kSupportPoints =
    "technician,workstation,anydesk_id,valid_from,valid_to\n1,anna-pc,,2026-01-01,\n2,,410900002,,\n";
inline const std::string kTemplates =
    "name,free_s,first_block_s,grace_s,increment_s,boundary,grace_scope,max_charge_min\n"
    "standard,30,600,60,600,start,first,\n";
inline const std::string kHolidays =
    "calendar,day,name\nGR,2026-12-25,Christmas\nGR,2026-03-25,Independence\n";
inline const std::string kContracts =
    "customer,name,model,template,start,end,time_zone,purchased_min,mail_window_min,mail_no_charge\n"
    "bakery,Ten hours,prepaid,standard,2026-01-01,2026-12-31,Europe/Athens,600,30,no\n"
    "law,Open,indefinite,standard,2026-01-01,,,,,\n";
inline const std::string kComments =
    "anydesk_id,remote_id,start,comment\n410900001,410100201,2026-11-16T08:12:40Z,\"1, said "
    "\"\"hello\"\"\"\n";

class ImportTest : public store::StoreTest {
 protected:
  static base::Result<timing::UtcMs> zones(std::chrono::year_month_day day, const std::string& zone) {
    return timing::start_of_day(day, zone);
  }
  Report import(const std::vector<std::string>& texts, bool preview = false) {
    std::vector<File> files;
    for (const auto& text : texts)
      files.push_back({.name = "f" + std::to_string(files.size()), .text = text});
    return must(import_files(connection_, files, zones,
                             actions::Actor{.who = "tess", .why = "", .now = store::at(1'000)}, preview));
  }
  // Everything that has to be there before a row of the last kinds can be good.
  void import_directory() {
    const auto report =
        import({kTechnicians, kCustomers, kTerminals, kSupportPoints, kTemplates, kContracts});
    if (!report.problems.empty()) throw std::runtime_error(report.problems[0].what);
  }
  // Minutes of the entries in a contract's ledger.
  std::vector<std::int64_t> sold(std::int64_t contract_id) {
    std::vector<std::int64_t> minutes;
    for (const auto& entry :
         read([&](store::Transaction& t) { return must(store::entries_of_contract(t, contract_id)); })) {
      minutes.push_back(entry.minutes);
    }
    return minutes;
  }
  // Newest first.
  std::vector<store::ChangeRow> noted() {
    return read([](store::Transaction& t) { return must(store::list_changes(t, {})); });
  }
  directory::Directory directory() {
    return read([](store::Transaction& t) { return must(store::load_directory(t, zones)); });
  }
};

inline std::string all_of(const Report& report) {
  std::string text;
  for (const auto& problem : report.problems)
    text += problem.file + ":" + std::to_string(problem.line) + ": " + problem.what + "\n";
  return text;
}

#define IMPORT_SUITE(name)                                                                                \
  class name : public ImportTest {};                                                                      \
  INSTANTIATE_TEST_SUITE_P(On, name, testing::Values(store::Dialect::sqlite, store::Dialect::postgresql), \
                           store::dialect_name)

}  // namespace collector::import
