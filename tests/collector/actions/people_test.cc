// Contacts, technicians, partners.

#include <algorithm>

#include "collector/actions/contacts.h"
#include "collector/actions/partners.h"
#include "collector/actions/technicians.h"
#include "collector/store/contacts.h"
#include "collector/store/partners.h"
#include "tests/collector/actions/firm.h"

namespace collector::actions {
namespace {

class PeopleTest : public FirmTest {
 protected:
  void SetUp() override {
    add_customer("mill", "Mill");
    add_customer("law", "Law");
  }
  base::Result<Done> put(Transaction& t, Way way, const std::string& customer, const std::string& email,
                         bool primary = false) {
    return put_contact(t, actor(), way, must(the_customer(t, customer)),
                       {.id = 0,
                        .customer_id = 0,
                        .first_name = "First",
                        .surname = "Last",
                        .email = email,
                        .phone = "",
                        .primary = primary});
  }
  Done must_put(Way way, const std::string& customer, const std::string& email, bool primary = false) {
    return write([&](Transaction& t) { return must(put(t, way, customer, email, primary)); });
  }
  std::vector<std::string> primaries() {
    std::vector<std::string> emails;
    for (const auto& one : read([](Transaction& t) { return must(store::list_contacts(t, 0)); })) {
      if (one.primary) emails.push_back(one.email);
    }
    return emails;
  }
};
INSTANTIATE_TEST_SUITE_P(On, PeopleTest, testing::Values(store::Dialect::sqlite, store::Dialect::postgresql),
                         store::dialect_name);

TEST_P(PeopleTest, ACustomerWithContactsHasExactlyOnePrimaryContact) {
  using List = std::vector<std::string>;
  EXPECT_EQ(primaries(), List{});
  must_put(Way::add, "mill", "A@mill.example");
  must_put(Way::add, "mill", "b@mill.example");
  must_put(Way::add, "law", "c@law.example", true);
  EXPECT_EQ(primaries(), (List{"a@mill.example", "c@law.example"})) << "the first, in lower case";
  must_put(Way::change, "mill", "B@Mill.example", true);
  EXPECT_EQ(primaries(), (List{"b@mill.example", "c@law.example"}));
  auto words = noted();
  ASSERT_GE(words.size(), 2u);
  EXPECT_EQ(words[words.size() - 2], "change contact mill/a@mill.example") << "he is it no more";
  EXPECT_EQ(words.back(), "change contact mill/b@mill.example");
  must_put(Way::add, "mill", "d@mill.example", true);
  EXPECT_EQ(primaries(), (List{"d@mill.example", "c@law.example"}));
  EXPECT_FALSE(must_put(Way::change, "mill", "d@mill.example", false).changed)
      << "one does not cease to be it without another";
  EXPECT_EQ(primaries(), (List{"d@mill.example", "c@law.example"}));
  EXPECT_EQ(version(), 2) << "contacts attribute nothing";
  // The database does not let it happen either.
  EXPECT_EQ(refused([&](Transaction& t) -> base::Status {
              t.session().script("UPDATE contact SET is_primary = 1 WHERE email = 'a@mill.example'");
              return {};
            }),
            ErrorCode::conflict);
}

TEST_P(PeopleTest, ThePrimaryContactGoesLast) {
  must_put(Way::add, "mill", "a@mill.example");
  must_put(Way::add, "mill", "b@mill.example");
  const auto remove = [&](const std::string& email) {
    return [this, email](Transaction& t) {
      return remove_contact(t, actor(), must(the_customer(t, "mill")), email);
    };
  };
  EXPECT_EQ(refused(remove("a@mill.example")), ErrorCode::conflict);
  EXPECT_EQ(message_, "a@mill.example is the primary contact: make another one primary first");
  EXPECT_EQ(refused(remove("z@mill.example")), ErrorCode::not_found);
  write([&](Transaction& t) { must(remove("B@mill.example")(t)); });
  write([&](Transaction& t) { must(remove("a@mill.example")(t)); });
  EXPECT_TRUE(read([](Transaction& t) { return must(store::list_contacts(t, 0)); }).empty());
  EXPECT_EQ(newest_change().action, "remove");
  EXPECT_EQ(newest_change().after, "");
}

TEST_P(PeopleTest, WhatIsWrongWithAContactIsNamed) {
  must_put(Way::add, "mill", "a@mill.example");
  EXPECT_EQ(refused([&](Transaction& t) { return put(t, Way::add, "mill", "A@mill.example"); }),
            ErrorCode::conflict);
  EXPECT_EQ(refused([&](Transaction& t) { return put(t, Way::change, "law", "a@mill.example"); }),
            ErrorCode::not_found);
  EXPECT_EQ(refused([&](Transaction& t) { return put(t, Way::add, "mill", "nowhere"); }),
            ErrorCode::invalid_argument);
  EXPECT_EQ(message_, "email 'nowhere' is no e-mail address such as office@oldmill.example");
  EXPECT_EQ(refused([&](Transaction& t) { return put(t, Way::add, "mill", ""); }),
            ErrorCode::invalid_argument);
  EXPECT_EQ(message_, "email is empty");
  EXPECT_EQ(refused([&](Transaction& t) {
              directory::Contact nobody;
              nobody.email = "n@mill.example";
              return put_contact(t, actor(), Way::add, must(the_customer(t, "mill")), nobody);
            }),
            ErrorCode::invalid_argument);
  EXPECT_EQ(message_, "first_name is empty");
}

TEST_P(PeopleTest, TechniciansHaveGrades) {
  const auto technician = [&](Way way, std::int64_t number, const std::string& grade) {
    return [this, way, number, grade](Transaction& t) {
      return put_technician(
          t, actor(), way,
          {.id = 0, .number = number, .name = "Anna", .email = "", .active = true, .grade = grade});
    };
  };
  EXPECT_TRUE(write([&](Transaction& t) { return must(technician(Way::add, 1, "")(t)); }).created);
  EXPECT_TRUE(write([&](Transaction& t) { return must(technician(Way::change, 1, "senior")(t)); }).changed);
  EXPECT_FALSE(write([&](Transaction& t) { return must(technician(Way::change, 1, "senior")(t)); }).changed);
  EXPECT_EQ(read([](Transaction& t) { return must(the_technician(t, 1)); }).grade, "senior");
  EXPECT_EQ(noted().back(), "change technician 1");
  EXPECT_EQ(refused(technician(Way::add, 1, "")), ErrorCode::conflict);
  EXPECT_EQ(refused(technician(Way::change, 2, "")), ErrorCode::not_found);
  EXPECT_EQ(refused(technician(Way::add, 0, "")), ErrorCode::invalid_argument);
  EXPECT_EQ(message_, "number '0' is no whole number from 1 to 999999");
  EXPECT_EQ(refused(technician(Way::add, 1'000'000, "")), ErrorCode::invalid_argument);
  EXPECT_EQ(refused([](Transaction& t) { return the_technician(t, 9); }), ErrorCode::not_found);
}

TEST_P(PeopleTest, PartnersHaveCodes) {
  const auto partner = [&](Way way, const std::string& code, const std::string& email) {
    return [this, way, code, email](Transaction& t) {
      return put_partner(t, actor(), way, {.id = 0, .code = code, .name = "Northern IT", .email = email});
    };
  };
  EXPECT_EQ(write([&](Transaction& t) { return must(partner(Way::add, "", "")(t)); }).key, "northern-it");
  EXPECT_EQ(write([&](Transaction& t) { return must(partner(Way::import, "", "n@n.example")(t)); }).key,
            "northern-it")
      << "an import means the one of that name";
  const auto all = read([](Transaction& t) { return must(store::list_partners(t)); });
  ASSERT_EQ(all.size(), 1u);
  EXPECT_EQ(all[0].email, "n@n.example");
  EXPECT_EQ(refused(partner(Way::add, "northern-it", "")), ErrorCode::conflict);
  EXPECT_EQ(refused(partner(Way::change, "southern", "")), ErrorCode::not_found);
  EXPECT_EQ(refused([&](Transaction& t) {
              return put_partner(t, actor(), Way::add,
                                 {.id = 0, .code = "", .name = "South", .email = "", .language = "de_DE"});
            }),
            ErrorCode::invalid_argument);
  EXPECT_EQ(message_, "language 'de_DE' is no language such as en, el or pt-BR; did you mean de-DE?");
  EXPECT_EQ(refused(partner(Way::change, "northern-it", "x")), ErrorCode::invalid_argument);
}

}  // namespace
}  // namespace collector::actions
