// The commands on master data: what they print, to people and to programs, and what stands in `changes list`.

#include <boost/json.hpp>

#include "collector/commands/changes.h"
#include "collector/commands/contacts.h"
#include "collector/commands/customers.h"
#include "collector/commands/import.h"
#include "collector/commands/partners.h"
#include "collector/commands/technicians.h"
#include "collector/commands/terminals.h"
#include "tests/collector/commands/desk.h"

namespace collector::commands {
namespace {

namespace json = boost::json;

class MasterDataTest : public DeskTest {
 protected:
  PersonOptions person(bool as_json = false, bool preview = false, const std::string& reason = "") const {
    return {.config = config(), .reason = reason, .preview = preview, .json = as_json};
  }
  template <class Options>
  Ran run(int (*command)(const Options&, std::ostream&, std::ostream&), const Options& options) const {
    return ran([&](auto& out, auto& err) { return command(options, out, err); });
  }
  Ran assign(const std::string& address, const std::string& customer, const Cells& cells = {},
             bool as_json = false, bool preview = false) const {
    TerminalsOptions options{.person = person(as_json, preview), .address = address, .customer = customer};
    options.cells = cells;
    return run(run_terminals_assign, options);
  }
};
INSTANTIATE_TEST_SUITE_P(On, MasterDataTest,
                         testing::Values(store::Dialect::sqlite, store::Dialect::postgresql),
                         store::dialect_name);

TEST_P(MasterDataTest, Customers) {
  CustomersOptions add{.person = person(), .code = "", .mail = "", .cells = {{"name", "Old Mill"}}};
  add.cells["domains"] = "@Mill.example";
  EXPECT_EQ(run(run_customers_list, CustomersOptions{.person = person()}).out, "No customers.\n");
  auto preview = add;
  preview.person = person(true, true);
  EXPECT_EQ(run(run_customers_add, preview).out,
            R"({"key":"old-mill","created":true,"changed":true,"committed":false})"
            "\n");
  EXPECT_EQ(run(run_customers_add, add).out,
            "customer old-mill: added\n"
            "It has no contract yet; until it has one its sessions wait in review.\n");
  CustomersOptions change{.person = person(false, false, "moved"), .code = "old-mill"};
  change.cells = {{"city", "Chania"}, {"rank", "A"}};
  EXPECT_EQ(run(run_customers_change, change).out, "customer old-mill: changed\n");
  EXPECT_EQ(run(run_customers_change, change).out, "customer old-mill: as before\n");
  change.cells = {{"domains", "mill"}};
  EXPECT_EQ(
      run(run_customers_change, change).err,
      "deskledger-collector: domains 'mill' is no mail domain such as oldmill.example (write other letters "
      "as xn--...)\n");
  change.code = "old-mil";
  EXPECT_EQ(run(run_customers_change, change).code, 1);
  ContactsOptions contact{.person = person(), .customer = "old-mill", .email = "Eleni@mail.example"};
  contact.cells = {{"first_name", "Eleni"}, {"surname", "Papadaki"}};
  EXPECT_EQ(run(run_contacts_add, contact).out, "contact old-mill/eleni@mail.example: added\n");
  EXPECT_EQ(run(run_customers_show, CustomersOptions{.person = person(), .code = "old-mill"}).out,
            "CUSTOMER         old-mill\n"
            "name             Old Mill\n"
            "language         en\n"
            "rank             A\n"
            "mail domains     mill.example\n"
            "city             Chania\n"
            "primary contact  Eleni Papadaki <eleni@mail.example>\n"
            "No contract: sessions of this customer wait in review.\n");
  EXPECT_NE(run(run_customers_list, CustomersOptions{.person = person()})
                .out.find("old-mill  Old Mill  A     mill.example  Eleni Papadaki <eleni@mail.example>"),
            std::string::npos);
  for (const char* mail : {"eleni@mail.example", "x@mill.example"}) {
    const auto owner = run(run_customers_list, CustomersOptions{.person = person(true), .mail = mail});
    const auto value = json::parse(owner.out);
    ASSERT_EQ(value.as_array().size(), 1u) << mail;
    EXPECT_EQ(value.at(0).at("code"), "old-mill");
    EXPECT_EQ(value.at(0).at("contacts").at(0).at("primary"), true);
  }
  EXPECT_EQ(run(run_customers_list, CustomersOptions{.person = person(true), .mail = "x@other.example"}).out,
            "[]\n");
}

TEST_P(MasterDataTest, ContactsTechniciansPartnersAndSupportPoints) {
  tell_story();
  ContactsOptions contact{.person = person(), .customer = "law", .email = "n@law.example"};
  EXPECT_EQ(run(run_contacts_add, contact).err, "deskledger-collector: first_name is empty\n");
  contact.cells = {{"first_name", "Nikos"}, {"surname", "Doukas"}, {"phone", "12"}};
  run(run_contacts_add, contact);
  EXPECT_EQ(run(run_contacts_list, ContactsOptions{.person = person(true), .customer = "law"}).out,
            R"([{"customer":"law","first_name":"Nikos","surname":"Doukas","email":"n@law.example",)"
            R"("phone":"12","primary":true}])"
            "\n");
  EXPECT_EQ(run(run_contacts_list, ContactsOptions{.person = person(), .customer = "bakery"}).out,
            "No contacts.\n");
  contact.cells = {{"phone", "13"}};
  EXPECT_EQ(run(run_contacts_change, contact).out, "contact law/n@law.example: changed\n");
  EXPECT_EQ(run(run_contacts_remove, contact).out, "contact law/n@law.example: removed\n");
  EXPECT_EQ(run(run_contacts_remove, contact).code, 1);

  TechniciansOptions technician{.person = person(), .number = 1, .cells = {{"grade", "senior"}}};
  EXPECT_EQ(run(run_technicians_change, technician).out, "technician 1: changed\n");
  technician.cells = {{"active", "perhaps"}};
  EXPECT_EQ(run(run_technicians_change, technician).err,
            "deskledger-collector: active 'perhaps' must be yes or no\n");
  technician.number = 2;
  technician.cells = {{"name", "Ben"}, {"active", "no"}};
  EXPECT_EQ(run(run_technicians_add, technician).out, "technician 2: added\n");
  EXPECT_EQ(run(run_technicians_list, TechniciansOptions{.person = person()}).out,
            "NUMBER  NAME  E-MAIL  GRADE\n"
            "     1  Anna          senior\n"
            "     2  Ben                   left\n");

  SupportPointsOptions point{.person = person(), .technician = 2};
  point.cells = {{"workstation", "anna-pc"}, {"valid_from", "2026-12-01"}};
  EXPECT_EQ(
      run(run_support_points_add, point).err,
      "deskledger-collector: overlapping validity: anna-pc is technician 1's at all times (support point "
      "1); end that one first, or say that they share it\n");
  SupportPointsOptions end{.person = person(), .technician = 0, .support_point = 1};
  end.cells = {{"valid_to", "2026-12-01"}};
  EXPECT_EQ(run(run_support_points_change, end).out, "support point 1 anna-pc: changed\n");
  EXPECT_EQ(run(run_support_points_add, point).out, "support point 2 anna-pc: added\n");
  const auto points =
      json::parse(run(run_support_points_list, SupportPointsOptions{.person = person(true)}).out);
  EXPECT_EQ(points.at(0).at("valid_to_utc"), "2026-12-01T00:00:00.000Z");
  EXPECT_EQ(points.at(1).at("technician"), 2);

  PartnersOptions partner{.person = person(), .code = "", .cells = {{"name", "Northern IT"}}};
  EXPECT_EQ(run(run_partners_add, partner).out, "partner northern-it: added\n");
  partner.code = "northern-it";
  partner.cells = {{"email", "desk@northern.example"}};
  EXPECT_EQ(run(run_partners_change, partner).out, "partner northern-it: changed\n");
  partner.code = "southern";
  EXPECT_EQ(run(run_partners_change, partner).err,
            "deskledger-collector: there is no partner southern; use: list, or add\n");
  EXPECT_NE(run(run_partners_list, PartnersOptions{.person = person()}).out.find("northern-it"),
            std::string::npos);
}

TEST_P(MasterDataTest, TerminalsThatAreUnknownAreAssigned) {
  tell_story();
  const TerminalsOptions all{.person = person()};
  EXPECT_EQ(
      run(run_terminals_unknown, all).out,
      "ADDRESS    SESSIONS  LENGTH  FIRST                     NEWEST\n"
      "410100999         1    5:00  2026-11-16T11:00:00.000Z  2026-11-16T11:00:00.000Z\n"
      "To assign one: deskledger-collector terminals assign 410100999 CUSTOMER --description \"...\"\n");
  auto for_programs = all;
  for_programs.person.json = true;
  EXPECT_EQ(run(run_terminals_unknown, for_programs).out,
            R"([{"address":"410100999","sessions":1,"duration_s":300,"first_utc":"2026-11-16T11:00:00.000Z",)"
            R"("newest_utc":"2026-11-16T11:00:00.000Z"}])"
            "\n");
  EXPECT_EQ(assign("410100999", "bakery", {}, false, true).out,
            "terminal 410100999: bakery's from always\nThis was a preview: nothing was changed.\n");
  EXPECT_EQ(run(run_terminals_unknown, all).code, 0);
  EXPECT_EQ(assign("410100999", "bakery", {{"description", "Oven"}}).out,
            "terminal 410100999: bakery's from always\nSessions in review are looked at again.\n");
  EXPECT_EQ(assign("410100999", "bakery").out, "terminal 410100999: bakery's from always, as before\n");
  const auto moved = json::parse(assign("410100999", "law", {{"from", "2026-11-17"}}, true).out);
  EXPECT_EQ(moved.at("former"), "bakery");
  EXPECT_EQ(moved.at("valid_from_utc"), "2026-11-17T00:00:00.000Z");
  EXPECT_EQ(
      assign("410100999", "law", {{"from", "soon"}}).err,
      "deskledger-collector: from 'soon' is no day or time: write 2026-11-21, '2026-11-21 09:05' (UTC) or "
      "2026-11-21T09:05:07+02:00\n");
  const auto at_noon = assign("410100998", "bakery", {{"from", "2026-11-18 12:30"}}, true);
  EXPECT_EQ(json::parse(at_noon.out).at("valid_from_utc"), "2026-11-18T12:30:00.000Z");

  TerminalsOptions release{.person = person(), .address = "410100999"};
  release.cells = {{"at", "2026-11-18"}};
  EXPECT_EQ(run(run_terminals_release, release).out,
            "terminal 410100999: nobody's from 2026-11-18T00:00:00.000Z on\n");
  release.mistake = true;
  release.cells = {{"at", "2026-11-17"}};
  EXPECT_EQ(run(run_terminals_release, release).code, 1) << "needs a reason";
  release.person.reason = "it was sold to nobody";
  EXPECT_EQ(run(run_terminals_release, release).out,
            "terminal 410100999: withdrawn, it never was that customer's\n");
  TerminalsOptions list{.person = person(), .address = "410 100 999", .all = true};
  EXPECT_EQ(
      run(run_terminals_list, list).out,
      "ADDRESS    CUSTOMER  DESCRIPTION  FROM                      UNTIL\n"
      "410100999  bakery    Oven         always                    2026-11-17T00:00:00.000Z\n"
      "410100999  law                    2026-11-17T00:00:00.000Z  2026-11-18T00:00:00.000Z  a mistake\n");
  list.address = "x";
  EXPECT_EQ(run(run_terminals_list, list).code, 1);
  list = {.person = person(true), .customer = "law"};
  EXPECT_EQ(json::parse(run(run_terminals_list, list).out).as_array().size(), 1u);

  ChangesOptions changes{.config = config(), .object = "terminal", .key = "410100999", .limit = 2};
  changes.json = true;
  const auto noted = json::parse(run(run_changes, changes).out);
  ASSERT_EQ(noted.as_array().size(), 2u);
  EXPECT_EQ(noted.at(0).at("why"), "it was sold to nobody");
  EXPECT_TRUE(noted.at(0).at("before").at("withdrawn_utc").is_null());
  changes.json = false;
  EXPECT_NE(run(run_changes, changes).out.find("valid_to_utc null -> \"2026-11-18T00:00:00.000Z\""),
            std::string::npos);
  changes.object = "no such thing";
  EXPECT_EQ(run(run_changes, changes).out, "No changes.\n");
}

TEST(Difference, OnlyWhatDiffers) {
  EXPECT_EQ(difference(R"({"a":1,"b":"x","c":null})", R"({"a":1,"b":"y","d":[2]})"),
            R"(b "x" -> "y", c null -> , d  -> [2])");
  EXPECT_EQ(difference("", R"({"a":"","b":"x","c":null,"d":[],"e":false})"), R"(b "x", e false)");
  EXPECT_EQ(difference(R"({"b":"x"})", ""), R"(b "x" ->)");
  EXPECT_EQ(difference("", ""), "null");
  EXPECT_EQ(difference("no json", "1"), R"("no json" -> 1)");
}

TEST(ImportTemplate, IsAFileToFillIn) {
  const auto print = [](const std::string& kind) {
    return ran([&](auto& out, auto& err) { return print_import_template(kind, out, err); });
  };
  EXPECT_EQ(print("contacts").out,
            "customer,first_name,surname,email,phone,primary\n"
            "bakery,Eleni,Papadaki,eleni@oldmill.example,+30 2310 000001,yes\n");
  EXPECT_EQ(print("contact").code, 1);
  EXPECT_EQ(
      print("contact").err,
      "deskledger-collector: template 'contact' is no kind of import file; there are: technicians, "
      "customers, contacts, partners, terminals, support_points, templates, holidays, contracts, comments\n");
}

}  // namespace
}  // namespace collector::commands
