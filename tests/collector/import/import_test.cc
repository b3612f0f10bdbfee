// Good files of every kind, all or nothing, and again without harm.

#include <algorithm>
#include <map>

#include "collector/import/csv.h"
#include "collector/store/comments.h"
#include "collector/store/contacts.h"
#include "collector/store/ledger.h"
#include "collector/store/sessions.h"
#include "tests/collector/import/world.h"

namespace collector::import {
namespace {

IMPORT_SUITE(ImportGoodTest);

TEST_P(ImportGoodTest, EveryKindInAnyOrderAndAnyFile) {
  const auto report = import({kComments, kContracts, kHolidays, kTemplates, kSupportPoints, kTerminals,
                              kPartners, kContacts, kCustomers, kTechnicians});
  EXPECT_EQ(all_of(report), "");
  for (const auto& [kind, counts] : report.counts) {
    EXPECT_GT(counts.created, 0) << info_of(kind).name;
    EXPECT_EQ(counts.changed + counts.unchanged, 0) << info_of(kind).name;
  }
  EXPECT_EQ(report.counts.size(), all_kinds().size());
  const auto all = directory();
  EXPECT_EQ(all.version, 1);
  ASSERT_EQ(all.customers.size(), 2u);
  EXPECT_EQ(all.customers[0].email, "office@mill.example");
  EXPECT_EQ(all.customers[1].language, "en");
  ASSERT_EQ(all.terminals.size(), 2u);
  EXPECT_EQ(all.terminals[0].address, "410100201");
  EXPECT_EQ(all.terminals[0].valid_from, timing::from_rfc3339("2026-01-01T00:00:00Z").value());
  EXPECT_EQ(all.terminals[1].address, "desk@law");
  ASSERT_EQ(all.technicians.size(), 2u);
  EXPECT_FALSE(all.technicians[1].active);
  ASSERT_EQ(all.support_points.size(), 2u);
  EXPECT_EQ(all.support_points[0].workstation, "anna-pc");
  EXPECT_EQ(all.support_points[1].anydesk_id, "410900002");
  ASSERT_EQ(all.contracts.size(), 2u);
  EXPECT_EQ(all.contracts[0].mail_window_min, 30);
  EXPECT_FALSE(all.contracts[0].mail_no_charge);
  EXPECT_EQ(all.contracts[0].valid_from, timing::from_rfc3339("2025-12-31T22:00:00Z").value()) << "in Athens";
  EXPECT_EQ(all.contracts[1].model, directory::Model::indefinite);
  EXPECT_EQ(all.contracts[1].time_zone, "UTC");
  EXPECT_EQ(sold(all.contracts[0].id), std::vector<std::int64_t>{600});
  EXPECT_TRUE(sold(all.contracts[1].id).empty());
  EXPECT_EQ(read([](store::Transaction& t) { return must(store::find_comment(t, 1)).value(); }).text,
            "1, said \"hello\"");
}

TEST_P(ImportGoodTest, TheExamplesWeShowAreGood) {
  std::vector<std::string> files;
  for (const auto& info : all_kinds()) {
    files.push_back(file_template(info));
  }
  EXPECT_EQ(all_of(import(files)), "");
}

TEST_P(ImportGoodTest, LaterColumnsAreReadAndTheirAbsenceChangesNothing) {
  import_directory();
  import(
      {"name,free_s,first_block_s,grace_s,increment_s,boundary,grace_scope,max_charge_min,min_charge_min,"
       "rate_per_hour,base_fee,round_group\nstandard,30,600,60,600,start,first,,20,9000,250,day\n",
       kHolidays,
       "customer,name,model,template,start,end,time_zone,purchased_min,mail_window_min,mail_no_charge,"
       "holiday_calendar\nlaw,Greek,indefinite,standard,2026-01-01,,,,,,GR\n"});
  const auto standard = [&] {
    return read([](store::Transaction& t) { return must(store::find_template(t, "standard")); });
  };
  rating::Rule rule;
  rule.min_charge_min = 20;
  rule.rate_per_hour = 90'00;
  rule.base_fee = 2'50;
  rule.round_group = rating::RoundGroup::day;
  EXPECT_EQ(standard().rule, rule);
  // Bands are no column at all; they stay, too.
  rule.bands = {{.name = "Sunday", .weekdays = 0x40, .weight = 2'000}};
  write([&](store::Transaction& t) { must(store::add_template_version(t, "standard", rule)); });
  const auto report = import({kTemplates, kHolidays});
  EXPECT_EQ(report.counts.at(Kind::templates).unchanged, 1);
  EXPECT_EQ(report.counts.at(Kind::holidays).unchanged, 2);
  EXPECT_EQ(standard().rule, rule);
  EXPECT_EQ(standard().version, 3);

  import(
      {"customer,name,model,template,start,end,time_zone,purchased_min,mail_window_min,mail_no_charge\n"
       "law,Greek,indefinite,standard,2026-01-01,2026-12-31,,,,\n"});
  const auto all = directory();
  ASSERT_EQ(all.contracts.size(), 3U);
  EXPECT_TRUE(all.contracts[2].end_day);
  EXPECT_EQ(all.contracts[2].holiday_calendar, "GR");
  EXPECT_EQ(all.calendars.at(0).holidays.size(), 2U);
}

TEST_P(ImportGoodTest, AgainChangesNothing) {
  import_directory();
  import({kComments, kContacts, kPartners});
  const auto version = directory().version;
  const auto changes = noted().size();
  const auto report = import({kTechnicians, kCustomers, kContacts, kPartners, kTerminals, kSupportPoints,
                              kTemplates, kContracts, kComments, kComments});
  EXPECT_EQ(all_of(report), "");
  for (const auto& [kind, counts] : report.counts)
    EXPECT_EQ(counts.created + counts.changed, 0) << info_of(kind).name;
  EXPECT_EQ(directory().version, version) << "and nobody looks at sessions again";
  EXPECT_EQ(sold(directory().contracts[0].id), std::vector<std::int64_t>{600});
  EXPECT_EQ(noted().size(), changes) << "and nobody has changed anything";
}

TEST_P(ImportGoodTest, AChangedCellChangesItsRow) {
  import_directory();
  const auto report = import({"code,name,email,language\nbakery,New Mill,office@mill.example,en\n"});
  EXPECT_EQ(report.counts.at(Kind::customers).changed, 1);
  EXPECT_EQ(directory().customers[0].name, "New Mill");
  EXPECT_EQ(directory().version, 2);
}

TEST_P(ImportGoodTest, EachRowThatIsAddedOrChangedIsNoted) {
  import_directory();
  auto changes = noted();
  ASSERT_EQ(changes.size(), 12u) << "two of each kind but one template, and what was purchased";
  std::map<std::string, int> objects;
  for (const auto& row : changes) {
    EXPECT_EQ(row.change.who, "tess");
    EXPECT_TRUE(row.change.action == "import" ||
                (row.change.action == "sell" && row.change.object == "contract"));
    EXPECT_EQ(row.change.before, "");
    ++objects[row.change.object];
  }
  EXPECT_EQ(objects, (std::map<std::string, int>{{"contract", 3},
                                                 {"customer", 2},
                                                 {"support_point", 2},
                                                 {"technician", 2},
                                                 {"template", 1},
                                                 {"terminal", 2}}));
  import(
      {"customer,name,model,template,start,end,time_zone,purchased_min,mail_window_min,mail_no_charge\n"
       "law,Open,indefinite,standard,2026-01-01,2026-06-30,,,,\n",
       "number,name,email,active\n1,Anna,anna@desk.example,yes\n2,Ben,,yes\n"});
  changes = noted();
  ASSERT_EQ(changes.size(), 14u) << "what stayed is not noted";
  EXPECT_EQ(changes[0].change.key, std::to_string(directory().contracts[1].id));
  EXPECT_NE(changes[0].change.before.find(R"("end":null)"), std::string::npos) << changes[0].change.before;
  EXPECT_NE(changes[0].change.after.find(R"("end":"2026-06-30")"), std::string::npos);
  EXPECT_EQ(changes[1].change.key, "2");
  EXPECT_NE(changes[1].change.before.find(R"("active":false)"), std::string::npos);
  EXPECT_NE(changes[1].change.after.find(R"("active":true)"), std::string::npos);
}

TEST_P(ImportGoodTest, HolidaysCommentsAndPurchasesAreNotedWithWhatWasBefore) {
  import_directory();
  auto changes = noted();
  const auto sale = std::ranges::find(changes, "sell", [](const auto& row) { return row.change.action; });
  ASSERT_NE(sale, changes.end());
  EXPECT_NE(sale->change.after.find(R"("quantity":600)"), std::string::npos) << sale->change.after;
  import({"calendar,day,name\nGR,2026-03-25,Independence\n",
          "anydesk_id,remote_id,start,comment\n,410100201,2026-11-16T08:12:40Z,\"Said \"\"yes\"\"\"\n"});
  changes = noted();
  EXPECT_EQ(changes[0].change.object + " " + changes[0].change.key, "comment 410100201");
  EXPECT_NE(changes[0].change.after.find(R"("comment":"Said \"yes\"")"), std::string::npos)
      << changes[0].change.after;
  EXPECT_EQ(changes[1].change.object + " " + changes[1].change.key, "holiday GR");
  EXPECT_EQ(changes[1].change.before, "");
  import({"calendar,day,name\nGR,2026-03-25,Independence Day\n",
          "name,free_s,first_block_s,grace_s,increment_s,boundary,grace_scope,max_charge_min\n"
          "standard,0,600,60,600,start,first,\n"});
  changes = noted();
  EXPECT_EQ(changes[0].change.before, R"({"day":"2026-03-25","name":"Independence"})");
  EXPECT_EQ(changes[0].change.after, R"({"day":"2026-03-25","name":"Independence Day"})");
  EXPECT_EQ(changes[1].change.object, "template");
  EXPECT_NE(changes[1].change.before.find(R"("version":1)"), std::string::npos) << changes[1].change.before;
  EXPECT_NE(changes[1].change.after.find(R"("version":2)"), std::string::npos) << changes[1].change.after;
}

TEST_P(ImportGoodTest, AFileOfTheOldFormLeavesTheNewColumnsAlone) {
  import(
      {"code,name,email,rank,domains,city,fax\nbakery,Old Mill,office@mill.example,A,@Mill.example "
       "mill.test,Athens,12\n",
       "number,name,grade\n1,Anna,senior\n"});
  import({kCustomers, kTechnicians});
  const auto all = directory();
  EXPECT_EQ(all.customers.at(0).rank, "A");
  EXPECT_EQ(all.customers.at(0).domains, (std::vector<std::string>{"mill.example", "mill.test"}));
  EXPECT_EQ(all.customers.at(0).city, "Athens");
  EXPECT_EQ(all.customers.at(0).fax, "12");
  EXPECT_EQ(all.technicians.at(0).grade, "senior");
  EXPECT_EQ(all.technicians.at(0).email, "anna@desk.example") << "and what the file has is taken";
  import({"code,name,rank,domains\nbakery,Old Mill,,\n"});
  EXPECT_EQ(directory().customers.at(0).rank, "") << "an empty cell empties";
  EXPECT_TRUE(directory().customers.at(0).domains.empty());
  EXPECT_EQ(directory().customers.at(0).city, "Athens");
}

TEST_P(ImportGoodTest, ACustomerNeedsANameOnly) {
  const std::string names =
      "name\nOld Mill Bakery\n\u03a6\u03bf\u03cd\u03c1\u03bd\u03bf\u03c2\n\u5c71\n\u5ddd\n";
  EXPECT_EQ(all_of(import({names})), "");
  std::vector<std::string> codes;
  for (const auto& customer : directory().customers) codes.push_back(customer.code);
  EXPECT_EQ(codes, (std::vector<std::string>{"old-mill-bakery", "fournos", "customer", "customer-2"}));
  const auto again = import({names});
  EXPECT_EQ(again.counts.at(Kind::customers).unchanged, 4) << "known by their names";
  import({"name,city\nOld Mill Bakery,Chania\n"});
  EXPECT_EQ(directory().customers.at(0).city, "Chania");
}

TEST_P(ImportGoodTest, TheFirstContactIsPrimaryUntilAnotherOneIs) {
  import({kCustomers, kContacts});
  const auto contacts = [&] {
    return read([](store::Transaction& t) { return must(store::list_contacts(t, 0)); });
  };
  ASSERT_EQ(contacts().size(), 2u);
  EXPECT_EQ(contacts()[0].email, "eleni@mill.example");
  EXPECT_TRUE(contacts()[0].primary);
  EXPECT_FALSE(contacts()[1].primary);
  import({"customer,first_name,surname,email,primary\nbakery,Nikos,Doukas,nikos@mill.example,yes\n"});
  EXPECT_EQ(contacts()[0].email, "nikos@mill.example");
  EXPECT_TRUE(contacts()[0].primary);
  EXPECT_FALSE(contacts()[1].primary);
  EXPECT_EQ(contacts()[1].phone, "+30 2310");
  const auto version = directory().version;
  import({kContacts, kPartners});
  EXPECT_TRUE(contacts()[0].primary) << "a file that does not say who is primary changes nobody";
  EXPECT_EQ(directory().version, version) << "contacts and partners attribute nothing";
}

TEST_P(ImportGoodTest, TechniciansMayShareAPointWhereTheFileSaysSo) {
  const std::string points = "technician,workstation,anydesk_id,valid_from,valid_to,shared\n";
  import({kTechnicians, points + "1,desk-pc,,,,\n"});
  EXPECT_EQ(all_of(import({points + "2,desk-pc,,2026-01-01,,yes\n"})), "");
  EXPECT_EQ(
      all_of(import({"technician,workstation,anydesk_id,valid_from,valid_to\n2,desk-pc,,2026-01-01,\n"})), "")
      << "what was said once needs no saying again";
  EXPECT_EQ(directory().support_points.size(), 2u);
}

TEST_P(ImportGoodTest, APreviewSaysAllAndChangesNothing) {
  const auto report = import({kTechnicians, kCustomers, kTerminals, kTemplates, kContracts, kComments}, true);
  EXPECT_EQ(all_of(report), "");
  EXPECT_EQ(report.counts.at(Kind::contracts).created, 2);
  EXPECT_TRUE(directory().customers.empty());
  EXPECT_TRUE(noted().empty());
  EXPECT_EQ(directory().version, 0);
  EXPECT_FALSE(read([](store::Transaction& t) { return must(store::find_comment(t, 1)); }));
}

TEST_P(ImportGoodTest, SemicolonsAndAByteOrderMarkAndCrlf) {
  const auto report =
      import({"\xef\xbb\xbf\"Code\";Name;EMAIL;language\r\nbakery;\"Mill; old\";;el\r\n\r\n"});
  EXPECT_EQ(all_of(report), "");
  EXPECT_EQ(directory().customers.at(0).name, "Mill; old");
}

TEST_P(ImportGoodTest, ALanguageIsTheSameInUpperAndLowerCase) {
  import({"code,name,language\nbakery,Old Mill,EL\nlaw,Law,pt-BR\n"});
  EXPECT_EQ(directory().customers.at(0).language, "el");
  EXPECT_EQ(directory().customers.at(1).language, "pt-br");
  const auto report = import({"code,name,language\nbakery,Old Mill,el\nlaw,Law,pt-BR\n"});
  EXPECT_EQ(report.counts.at(Kind::customers).changed, 0);
}

TEST_P(ImportGoodTest, ACommentMayBeLong) {
  const std::string text(100'000, 'x');
  EXPECT_EQ(
      all_of(import({"anydesk_id,remote_id,start,comment\n,410100201,2026-11-16T08:12:40Z," + text + "\n"})),
      "");
}

TEST_P(ImportGoodTest, FiveThousandRows) {
  std::string customers = "code,name,email,language\n";
  std::string terminals = "customer,address,description,valid_from,valid_to\n";
  for (int i = 0; i < 5'000; ++i) {
    const auto n = std::to_string(100'000 + i);
    customers += "c" + n + ",Customer " + n + ",,\n";
    terminals += "c" + n + ",410" + n + ",Till,,\n";
  }
  EXPECT_EQ(all_of(import({customers, terminals})), "");
  EXPECT_EQ(directory().terminals.size(), 5'000u);
}

TEST_P(ImportGoodTest, ContractsOfEveryKindComeWithTheirTerms) {
  import_directory();
  const std::string header =
      "customer,name,model,template,start,end,time_zone,purchased_min,mail_window_min,mail_no_charge,"
      "currency,"
      "exhaustion,overage_per_hour,period,included_min,roll_over_min,fee,units,notice_percent,notice_days,"
      "purchased_amount\n";
  import(
      {"name,free_s,first_block_s,grace_s,increment_s,boundary,grace_scope,max_charge_min,rate_per_hour\n"
       "rated,30,600,60,600,start,first,,6000\n"});
  const std::string rows =
      "law,Flat,flat_fee,standard,2026-01-01,,,,60,yes,USD,,75.50,month,120,all,300,,50 90,,\n"
      "law,Money,prepaid_money,rated,2026-01-01,,,,60,yes,JPY,split,6000,,,,,,,14,50000\n"
      "law,Backup,recurring,standard,2026-01-01,,,,60,yes,,,,quarter,,,2.50,12,,,\n";
  EXPECT_EQ(all_of(import({header + rows})), "");
  const auto all = directory();
  ASSERT_EQ(all.contracts.size(), 5U);
  const auto& flat = all.contracts[2];
  EXPECT_EQ(flat.model, directory::Model::flat_fee);
  EXPECT_EQ(flat.terms.currency, "USD");
  EXPECT_EQ(flat.terms.overage_per_hour, 7'550);
  EXPECT_EQ(flat.terms.period, directory::Period::month);
  EXPECT_EQ(flat.terms.included_min, 120);
  EXPECT_EQ(flat.terms.roll_over_min, std::nullopt);
  EXPECT_EQ(flat.terms.fee, 30'000);
  EXPECT_EQ(flat.terms.notice_percent, (std::vector<std::int64_t>{50, 90}));
  EXPECT_TRUE(flat.terms.notice_days.empty());
  EXPECT_EQ(all.contracts[3].terms.exhaustion, directory::Exhaustion::split);
  EXPECT_EQ(all.contracts[3].terms.overage_per_hour, 6'000) << "yen have no smaller unit";
  EXPECT_EQ(all.contracts[4].terms.units, 12);
  const auto accounts =
      read([&](store::Transaction& t) { return must(store::accounts_of(t, all.contracts[3].id)); });
  ASSERT_EQ(accounts.size(), 2U);
  EXPECT_EQ(accounts[0].quantity, 50'000);
  EXPECT_EQ(accounts[0].unit, "JPY");
  const auto again = import({header + rows});
  EXPECT_EQ(all_of(again), "");
  EXPECT_EQ(again.counts.at(Kind::contracts).unchanged, 3);
  import({kContracts});
  EXPECT_EQ(directory().contracts[2].terms, flat.terms) << "a file of the old form leaves them alone";
}

TEST_P(ImportGoodTest, AContractNamesItsPartnerAndWhoIsTold) {
  import_directory();
  import({kPartners});
  const std::string old =
      "customer,name,model,template,start,end,time_zone,purchased_min,mail_window_min,mail_no_charge";
  const std::string header =
      old + ",notice_left,partner,partner_told,customer_told,partner_from,partner_until\n";
  const std::string row = "law,New,prepaid,standard,2026-01-01,,,,,,";
  EXPECT_EQ(all_of(import({header + row + "60 15,northern,no,no,2026-02-01,2026-12-31\n"})), "");
  const auto of_new = [&] { return directory().contracts.at(2); };
  ASSERT_TRUE(of_new().partner.has_value());
  EXPECT_EQ(of_new().partner->code, "northern");
  EXPECT_FALSE(of_new().partner->told);
  EXPECT_FALSE(of_new().mail_customer);
  EXPECT_EQ(of_new().partner->last_day, std::chrono::year{2026} / 12 / 31);
  EXPECT_EQ(of_new().terms.notice_left, (std::vector<std::int64_t>{60, 15}));
  import({old + "\n" + row.substr(0, row.size() - 1) + "\n"});
  EXPECT_TRUE(of_new().partner.has_value()) << "a file without the columns leaves them alone";
  EXPECT_FALSE(of_new().mail_customer);
  const std::pair<const char*, const char*> bad[] = {
      {"60,nobody,yes,yes,,\n", "partner 'nobody' is no partner's code"},
      {"60,,yes,yes,2026-01-01,\n", "partner is empty, but it has days"},
      {"x,,yes,yes,,\n", "notice_left 'x' is no whole number"},
      {"60,northern,yes,yes,2026-02-01,2026-01-31\n", "partner_until, 2026-01-31, is before"},
      {"60,northern,maybe,yes,,\n", "partner_told 'maybe'"}};
  for (const auto& [cells, says] : bad) {
    const auto report = import({header + row + cells});
    EXPECT_NE(all_of(report).find(says), std::string::npos) << says << ": " << all_of(report);
  }
  EXPECT_EQ(all_of(import({header + row + ",,,,,\n"})), "");
  EXPECT_FALSE(of_new().partner.has_value()) << "an empty cell takes it away";
  EXPECT_TRUE(of_new().mail_customer);
}

TEST_P(ImportGoodTest, TermsThatCannotBeAreNamed) {
  import_directory();
  const std::string old =
      "customer,name,model,template,start,end,time_zone,purchased_min,mail_window_min,mail_no_charge,";
  const struct {
    const char* column;
    const char* model;
    const char* cell;
    const char* says;
  } rows[] = {{"exhaustion", "prepaid", "stop", "exhaustion"},
              {"period", "flat_fee", "week", "period"},
              {"fee", "prepaid", "5", "fee is not for the model prepaid"},
              {"fee", "flat_fee", "5.555", "is no amount of EUR"},
              {"notice_percent", "prepaid", "80;95", "is no list of whole numbers"},
              {"notice_days", "prepaid", "1 2", "notice_days must fall"},
              {"currency", "prepaid", "euro", "currency is 'euro'"},
              {"units", "prepaid", "2", "units is for recurring"},
              {"included_min", "prepaid", "60", "included_min needs a period"},
              {"purchased_amount", "prepaid", "60", "of prepaid money only"},
              {"currency", "hourly", "EUR", "needs a template with rate_per_hour"}};
  for (const auto& row : rows) {
    const auto report = import(
        {old + row.column + "\nlaw,New," + row.model + ",standard,2026-01-01,,,,,," + row.cell + "\n"});
    EXPECT_NE(all_of(report).find(row.says), std::string::npos) << row.says << ": " << all_of(report);
  }
  EXPECT_EQ(directory().contracts.size(), 2U);
}

}  // namespace
}  // namespace collector::import
