// Every bad cell is named with its line and its column, and nothing is half imported.

#include "collector/store/ledger.h"
#include "tests/collector/import/world.h"

namespace collector::import {
namespace {

IMPORT_SUITE(ImportBadTest);

// A file of one row with one bad cell, and what is said about it.
TEST_P(ImportBadTest, EachBadCellIsNamed) {
  import_directory();
  const std::string technicians = "number,name,email,active\n";
  const std::string customers = "code,name,email,language\n";
  const std::string terminals = "customer,address,description,valid_from,valid_to\n";
  const std::string points = "technician,workstation,anydesk_id,valid_from,valid_to\n";
  const std::string templates =
      "name,free_s,first_block_s,grace_s,increment_s,boundary,grace_scope,max_charge_min\n";
  const std::string contracts =
      "customer,name,model,template,start,end,time_zone,purchased_min,mail_window_min,mail_no_charge\n";
  const std::string later =
      templates.substr(0, templates.size() - 1) + ",min_charge_min,rate_per_hour,base_fee,round_group\n";
  const std::string with_calendar = contracts.substr(0, contracts.size() - 1) + ",holiday_calendar\n";
  const std::string comments = "anydesk_id,remote_id,start,comment\n";
  const std::string contacts = "customer,first_name,surname,email\n";
  import({"code,name,domains\nt1,Twins,\nt2,Twins,\nlaw,Law & Sons,taken.example\n"});
  const std::string day = "is no day such as 2026-11-21", moment = "is no day or time: write 2026-11-21";
  const struct {
    std::string text, said;
  } table[] = {
      {technicians + "x,Anna,,yes\n", "f0:2: number 'x' is no whole number from 1 to 999999"},
      {technicians + "0,Anna,,yes\n", "f0:2: number '0' is no whole number"},
      {technicians + ",Anna,,yes\n", "f0:2: number is empty"},
      {technicians + "3,,,yes\n", "f0:2: name is empty"},
      {technicians + "3,Eve,no address,yes\n", "f0:2: email 'no address' is no e-mail address"},
      {technicians + "3,Eve,a..b@x.example,yes\n", "f0:2: email 'a..b@x.example' is no e-mail address"},
      {technicians + "3,Eve,,maybe\n", "f0:2: active 'maybe' must be yes or no"},
      {technicians + "3,Eve\n", "f0:2: has 2 cells, the header has 4"},
      {customers + "c,,,\n", "f0:2: name is empty"},
      {"name,domains\nMill,oldmill\n", "f0:2: domains 'oldmill' is no mail domain such as"},
      {"name,domains\nMill,a@b.example\n", "f0:2: domains 'a@b.example' is no mail domain such as"},
      {"name,domains\nMill,taken.example\n",
       "f0:2: domains: taken.example is the mail domain of law; take it from that customer first"},
      {"name\nTwins\n", "f0:2: name 'Twins' is that of 2 customers: give the code of the one that is meant"},
      {contacts + "nobody,Eva,Lang,eva@x.example\n", "f0:2: customer 'nobody' is no customer's code"},
      {contacts + "bakery,,Lang,eva@x.example\n", "f0:2: first_name is empty"},
      {contacts + "bakery,Eva,,eva@x.example\n", "f0:2: surname is empty"},
      {contacts + "bakery,Eva,Lang,\n", "f0:2: email is empty"},
      {contacts + "bakery,Eva,Lang,eva\n", "f0:2: email 'eva' is no e-mail address"},
      {customers + "c,Name,,el_GR\n",
       "f0:2: language 'el_GR' is no language such as en, el or pt-BR; did you mean el-GR?"},
      {customers + "c,Name,,Greek!\n", "f0:2: language 'Greek!' is no language such as en, el or pt-BR"},
      {"partner,name,language\nn,North,el GR\n",
       "f0:2: language 'el GR' is no language such as en, el or pt-BR; did you mean el-GR?"},
      {"partner,name,email\nn,,\n", "f0:2: name is empty"},
      {"partner,name,email\nn,North,x\n", "f0:2: email 'x' is no e-mail address"},
      {customers + std::string(501, 'c') + ",Name,,\n", "f0:2: code is longer than 500 bytes"},
      {customers + "c,\xff,,\n", "f0:2: name is not UTF-8 text"},
      {terminals + "nobody,410100999,,,\n", "f0:2: customer 'nobody' is no customer's code"},
      {terminals + "bakry,410100999,,,\n",
       "f0:2: customer 'bakry' is no customer's code (did you mean bakery?)"},
      {terminals + "bakery,,,,\n", "f0:2: address is empty"},
      {terminals + "bakery,12x,,,\n",
       "f0:2: address '12x' is no AnyDesk ID (digits) or alias (name@namespace)"},
      {terminals + "bakery,410100999,,2026-02-30,\n", "f0:2: valid_from '2026-02-30' " + moment},
      {terminals + "bakery,410100999,,-026-01-01,\n", "f0:2: valid_from '-026-01-01' " + moment},
      {terminals + "bakery,410100999,,,1969-12-31T23:59:59Z\n",
       "f0:2: valid_to '1969-12-31T23:59:59Z' " + moment},
      {terminals + "bakery,410100999,,2026-01-02,2026-01-02\n", "f0:2: valid_to is not after valid_from"},
      {terminals + "law,410100201,,,\n",
       "f0:2: overlapping validity: 410100201 belongs to bakery from 2026-01-01T00:00:00.000Z on, and whose "
       "it "
       "was is not overwritten"},
      {points + "2,anna-pc,,2026-05-01,\n",
       "f0:2: overlapping validity: anna-pc is technician 1's from 2026-01-01T00:00:00.000Z on (support "
       "point "
       "1); end that one first, or say that they share it"},
      {points + "9,pc,,,\n", "f0:2: technician 9 is no technician's number"},
      {points + "1,pc,410900001,,\n",
       "f0:2: workstation and anydesk_id: exactly one of the two must be given"},
      {points + "1,,,,\n", "f0:2: workstation and anydesk_id: exactly one of the two must be given"},
      {templates + ",30,600,60,600,start,first,\n", "f0:2: name is empty"},
      {templates + "t,30,600,60,600,begin,first,\n", "f0:2: boundary 'begin' must be one of: start, after"},
      {templates + "t,30,600,60,600,start,frist,\n",
       "f0:2: grace_scope 'frist' must be one of: first, every (did you mean first?)"},
      {templates + "t,30,0,60,600,start,first,\n",
       "f0:2: first_block_s '0' is no whole number from 60 to 86400"},
      {templates + "t,30,601,60,600,start,first,\n", "f0:2: rule: "},
      {later + "t,30,600,60,600,start,first,,-1,,,\n",
       "f0:2: min_charge_min '-1' is no whole number from 0 to"},
      {later + "t,30,600,60,600,start,first,,,1.5,,\n",
       "f0:2: rate_per_hour '1.5' is no whole number from 0 to"},
      {later + "t,30,600,60,600,start,first,,,,x,\n", "f0:2: base_fee 'x' is no whole number from 0 to"},
      {later + "t,30,600,60,600,start,first,,,,,dya\n",
       "f0:2: round_group 'dya' must be one of: session, series, day (did you mean day?)"},
      {later + "t,30,600,60,600,start,first,10,11,,,\n", "f0:2: rule: min_charge_min is 11"},
      {"calendar,day,name\n,2026-12-25,Christmas\n", "f0:2: calendar is empty"},
      {"calendar,day,name\nGR,25/12/2026,Christmas\n", "f0:2: day '25/12/2026' " + day},
      {"calendar,day,name\nGR,2026-12-25,\n", "f0:2: name is empty"},
      {with_calendar + "bakery,x,prepaid,standard,2026-01-01,,,,,,GR\n",
       "f0:2: holiday_calendar 'GR' is no calendar of holidays; import its days first"},
      {contracts + "bakery,,prepaid,standard,2026-01-01,,,,,\n", "f0:2: name is empty"},
      {contracts + "bakery,x,prepayed,standard,2026-01-01,,,,,\n", "f0:2: model 'prepayed' must be one of"},
      {contracts + "bakery,x,prepaid,none,2026-01-01,,,,,\n", "f0:2: template 'none' is no template"},
      {contracts + "bakery,x,prepaid,standard,,,,,,\n", "f0:2: start is empty"},
      {contracts + "bakery,x,prepaid,standard,2026-01-02,2026-01-01,,,,\n",
       "f0:2: end, 2026-01-01, is before start, 2026-01-02"},
      {contracts + "bakery,x,prepaid,standard,2026-01-01,,Mars/Base,,,\n",
       "f0:2: time_zone 'Mars/Base' is no time zone such as Europe/Athens"},
      {contracts + "bakery,x,prepaid,standard,2026-01-01,,,-1,,\n",
       "f0:2: purchased_min '-1' is no whole number"},
      {contracts + "law,x,indefinite,standard,2026-01-01,,,10,,\n",
       "f0:2: purchased_min is for contracts of prepaid time only"},
      {contracts + "bakery,x,prepaid,standard,2026-01-01,,,,x,\n",
       "f0:2: mail_window_min 'x' is no whole number"},
      {contracts + "bakery,Ten hours,indefinite,standard,2026-01-01,2026-12-31,Europe/Athens,,30,no\n",
       "f0:2: store: contract"},
      {contracts + "bakery,Ten hours,prepaid,standard,2026-01-01,2026-12-31,Europe/Athens,700,30,no\n",
       "f0:2: purchased_min says 700, but 600 were purchased; to add more use: contracts sell"},
      {comments + ",,2026-11-16T08:12:40Z,x\n", "f0:2: remote_id is empty"},
      {comments + ",410100201,,x\n", "f0:2: start is empty"},
      {comments + ",410100201,yesterday,x\n", "f0:2: start 'yesterday' " + moment},
      {comments + ",410100201,2026-11-16T08:12:40Z,\xc3\n", "f0:2: comment is not UTF-8 text"},
      {customers + "c,\"open,,\n", "f0:0: line 2: a quotation mark is opened and never closed"},
      {std::string("code\0", 5), "f0:0: the file has NUL bytes"},
      {"", "f0:0: the file is empty"},
      {"code,name,e-mail,language\n",
       "f0:1: the columns are not those of any import file; nearest is customers: it has no column 'e-mail' "
       "(did "
       "you mean email?); it must have: name; it may have: code,email,language,rank,domains,"},
      {"number,email\n",
       "f0:1: the columns are not those of any import file; nearest is technicians: missing is name;"},
      {"name,name\n", "f0:1: the column 'name' comes twice"},
  };
  const auto version = directory().version;
  for (const auto& one : table) {
    const auto report = import({one.text});
    EXPECT_EQ(report.problems.size(), 1u) << one.said << "\n" << all_of(report);
    EXPECT_EQ(all_of(report).substr(0, one.said.size()), one.said);
  }
  EXPECT_EQ(directory().version, version);
}

TEST_P(ImportBadTest, OneBadRowOfOneFileStopsAll) {
  const auto report =
      import({kCustomers, "number,name,email,active\n1,Anna,,yes\n2,,bad,perhaps\n3,,,yes\n"});
  EXPECT_EQ(all_of(report),
            "f1:3: name is empty\nf1:3: email 'bad' is no e-mail address\nf1:3: active 'perhaps' must be yes "
            "or no\n"
            "f1:4: name is empty\n");
  EXPECT_TRUE(directory().customers.empty());
  EXPECT_TRUE(directory().technicians.empty());
}

TEST_P(ImportBadTest, AModelMayChangeUntilSomethingIsCharged) {
  const std::string contracts =
      "customer,name,model,template,start,end,time_zone,purchased_min,mail_window_min,mail_no_charge\n";
  import({kCustomers, kTemplates, contracts + "law,Open,indefinite,standard,2026-01-01,,,,,\n"});
  EXPECT_EQ(all_of(import({contracts + "law,Open,prepaid,standard,2026-01-01,,,,,\n"})), "");
  EXPECT_EQ(directory().contracts.at(0).model, directory::Model::prepaid);
}

}  // namespace
}  // namespace collector::import
