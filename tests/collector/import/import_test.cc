// Good files of every kind, all or nothing, and again without harm.

#include "collector/store/comments.h"
#include "collector/store/ledger.h"
#include "collector/store/sessions.h"
#include "tests/collector/import/world.h"

namespace collector::import {
namespace {

IMPORT_SUITE(ImportGoodTest);

TEST_P(ImportGoodTest, EveryKindInAnyOrderAndAnyFile) {
  const auto report =
      import({kComments, kContracts, kTemplates, kSupportPoints, kTerminals, kCustomers, kTechnicians});
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
    std::string text;
    for (const auto column : info.columns) text += (text.empty() ? "" : ",") + std::string{column};
    files.push_back(text + "\n" + std::string{info.example} + "\n");
  }
  EXPECT_EQ(all_of(import(files)), "");
}

TEST_P(ImportGoodTest, AgainChangesNothing) {
  import_directory();
  import({kComments});
  const auto version = directory().version;
  const auto report = import(
      {kTechnicians, kCustomers, kTerminals, kSupportPoints, kTemplates, kContracts, kComments, kComments});
  EXPECT_EQ(all_of(report), "");
  for (const auto& [kind, counts] : report.counts)
    EXPECT_EQ(counts.created + counts.changed, 0) << info_of(kind).name;
  EXPECT_EQ(directory().version, version) << "and nobody looks at sessions again";
  EXPECT_EQ(sold(directory().contracts[0].id), std::vector<std::int64_t>{600});
}

TEST_P(ImportGoodTest, AChangedCellChangesItsRow) {
  import_directory();
  const auto report = import({"code,name,email,language\nbakery,New Mill,office@mill.example,en\n"});
  EXPECT_EQ(report.counts.at(Kind::customers).changed, 1);
  EXPECT_EQ(directory().customers[0].name, "New Mill");
  EXPECT_EQ(directory().version, 2);
}

TEST_P(ImportGoodTest, APreviewSaysAllAndChangesNothing) {
  const auto report = import({kTechnicians, kCustomers, kTerminals, kTemplates, kContracts, kComments}, true);
  EXPECT_EQ(all_of(report), "");
  EXPECT_EQ(report.counts.at(Kind::contracts).created, 2);
  EXPECT_TRUE(directory().customers.empty());
  EXPECT_EQ(directory().version, 0);
  EXPECT_FALSE(read([](store::Transaction& t) { return must(store::find_comment(t, 1)); }));
}

TEST_P(ImportGoodTest, SemicolonsAndAByteOrderMarkAndCrlf) {
  const auto report =
      import({"\xef\xbb\xbf\"Code\";Name;EMAIL;language\r\nbakery;\"Mill; old\";;el\r\n\r\n"});
  EXPECT_EQ(all_of(report), "");
  EXPECT_EQ(directory().customers.at(0).name, "Mill; old");
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

}  // namespace
}  // namespace collector::import
