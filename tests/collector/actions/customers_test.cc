#include "collector/actions/customers.h"

#include "collector/store/customers.h"
#include "tests/collector/actions/firm.h"

namespace collector::actions {
namespace {

using directory::Customer;
FIRM_SUITE(CustomersTest);

TEST_P(CustomersTest, NeedANameOnly) {
  const auto add = [&](const std::string& name) {
    return write([&](Transaction& t) {
      Customer customer;
      customer.name = name;
      return must(put_customer(t, actor(), Way::add, customer));
    });
  };
  EXPECT_EQ(add("Old Mill").key, "old-mill");
  EXPECT_EQ(add("Old Mill").key, "old-mill-2") << "adding means another one, even of the same name";
  EXPECT_EQ(add("\u5c71").key, "customer");
  EXPECT_EQ(version(), 3) << "sessions in review are looked at again";
  EXPECT_EQ(noted(), (std::vector<std::string>{"create customer old-mill", "create customer old-mill-2",
                                               "create customer customer"}));
}

TEST_P(CustomersTest, KeepEveryField) {
  const Customer full{.id = 0,
                      .code = "mill",
                      .name = "Mill",
                      .email = "a@mill.example",
                      .language = "el",
                      .rank = "A",
                      .domains = {"mill.example", "mill.test"},
                      .tax_id = "EL1",
                      .street = "Lane 1",
                      .city = "Chania",
                      .country = "Greece",
                      .state = "Crete",
                      .postal_code = "73100",
                      .phone = "1",
                      .fax = "2"};
  write([&](Transaction& t) { must(put_customer(t, actor(), Way::add, full)); });
  const auto kept = read([](Transaction& t) { return must(the_customer(t, "mill")); });
  EXPECT_EQ(newest_change().after,
            R"({"code":"mill","name":"Mill","email":"a@mill.example","language":"el","rank":"A",)"
            R"("domains":["mill.example","mill.test"],"tax_id":"EL1","street":"Lane 1","city":"Chania",)"
            R"("country":"Greece","state":"Crete","postal_code":"73100","phone":"1","fax":"2"})");
  EXPECT_EQ(kept.domains, full.domains);
  // Each field by itself is a change, back again is another, and the same again is none.
  using Field = std::string Customer::*;
  for (const Field field : {&Customer::name, &Customer::email, &Customer::language, &Customer::rank,
                            &Customer::tax_id, &Customer::street, &Customer::city, &Customer::country,
                            &Customer::state, &Customer::postal_code, &Customer::phone, &Customer::fax}) {
    auto other = full;
    other.*field = field == &Customer::language ? "de" : "z@z.example";
    for (const auto& wanted : {other, full}) {
      EXPECT_TRUE(
          write([&](Transaction& t) { return must(put_customer(t, actor(), Way::change, wanted)); }).changed);
      EXPECT_EQ(read([](Transaction& t) { return must(the_customer(t, "mill")); }).*field, wanted.*field);
    }
  }
  const auto before = noted().size();
  EXPECT_FALSE(
      write([&](Transaction& t) { return must(put_customer(t, actor(), Way::change, full)); }).changed);
  EXPECT_EQ(noted().size(), before) << "nothing differs, nothing is noted";
}

TEST_P(CustomersTest, TheLanguageIsKeptInLowerCase) {
  const Customer mill{.id = 0, .code = "mill", .name = "Mill", .email = "", .language = "pt-BR"};
  write([&](Transaction& t) { must(put_customer(t, actor(), Way::add, mill)); });
  EXPECT_EQ(read([](Transaction& t) { return must(the_customer(t, "mill")); }).language, "pt-br");
  EXPECT_FALSE(
      write([&](Transaction& t) { return must(put_customer(t, actor(), Way::change, mill)); }).changed);
}

TEST_P(CustomersTest, AChangeIsNotedWithBeforeAndAfter) {
  add_customer("mill", "Mill");
  write([&](Transaction& t) {
    auto customer = must(the_customer(t, "mill"));
    customer.rank = "gold";
    must(put_customer(t, actor(2'000, "pays early"), Way::change, customer));
  });
  const auto change = newest_change();
  EXPECT_EQ(change.who, "tess");
  EXPECT_EQ(change.action, "change");
  EXPECT_EQ(change.why, "pays early");
  EXPECT_NE(change.before.find(R"("rank":"")"), std::string::npos);
  EXPECT_NE(change.after.find(R"("rank":"gold")"), std::string::npos);
}

TEST_P(CustomersTest, AMailDomainHasOneOwner) {
  add_customer("mill", "Mill");
  add_customer("law", "Law");
  const auto with = [&](const std::string& code, std::vector<std::string> domains) {
    return [this, code, domains](Transaction& t) {
      auto customer = must(the_customer(t, code));
      customer.domains = domains;
      return put_customer(t, actor(), Way::change, customer);
    };
  };
  write([&](Transaction& t) { must(with("mill", {"a.example", "b.example"})(t)); });
  EXPECT_EQ(refused(with("law", {"b.example"})), ErrorCode::conflict);
  EXPECT_EQ(message_, "domains: b.example is the mail domain of mill; take it from that customer first");
  write([&](Transaction& t) { must(with("mill", {"a.example"})(t)); });
  EXPECT_TRUE(write([&](Transaction& t) { return must(with("law", {"b.example"})(t)); }).changed);
  EXPECT_EQ(read([](Transaction& t) { return must(store::owner_of_domain(t, "b.example")); }), "law");
  // The database does not let it happen either.
  EXPECT_EQ(refused([](Transaction& t) {
              return store::upsert_customer(
                  t, {.id = 0, .code = "x", .name = "X", .email = "", .domains = {"a.example"}});
            }),
            ErrorCode::conflict);
}

TEST_P(CustomersTest, WhatIsWrongIsNamed) {
  add_customer("mill", "Mill");
  const auto put = [&](Way way, const Customer& customer) {
    return refused([&](Transaction& t) { return put_customer(t, actor(), way, customer); });
  };
  const Customer good{.id = 0, .code = "mill", .name = "Mill", .email = ""};
  EXPECT_EQ(put(Way::add, good), ErrorCode::conflict);
  EXPECT_EQ(message_, "there is a customer mill already; to change it use: change");
  auto bad = good;
  bad.code = "none";
  EXPECT_EQ(put(Way::change, bad), ErrorCode::not_found);
  bad = good;
  bad.name.clear();
  EXPECT_EQ(put(Way::change, bad), ErrorCode::invalid_argument);
  EXPECT_EQ(message_, "name is empty");
  bad = good;
  bad.email = "nowhere";
  EXPECT_EQ(put(Way::change, bad), ErrorCode::invalid_argument);
  EXPECT_EQ(message_, "email 'nowhere' is no e-mail address such as office@oldmill.example");
  bad = good;
  bad.city = std::string(501, 'c');
  EXPECT_EQ(put(Way::change, bad), ErrorCode::invalid_argument);
  EXPECT_EQ(message_, "city is longer than 500 bytes");
  bad = good;
  bad.fax = "\xff";
  EXPECT_EQ(put(Way::change, bad), ErrorCode::invalid_argument);
  EXPECT_EQ(message_, "fax is not UTF-8 text");
  bad = good;
  bad.language.clear();
  EXPECT_EQ(put(Way::change, bad), ErrorCode::invalid_argument);
  EXPECT_EQ(message_, "language is empty");
  bad.language = "el_GR";
  EXPECT_EQ(put(Way::change, bad), ErrorCode::invalid_argument);
  EXPECT_EQ(message_, "language 'el_GR' is no language such as en, el or pt-BR; did you mean el-GR?");
  EXPECT_EQ(refused([](Transaction& t) { return the_customer(t, "mil"); }), ErrorCode::not_found);
  EXPECT_EQ(message_,
            "'mil' is no customer's code (did you mean mill?); see: deskledger-collector customers list");
  EXPECT_EQ(noted(), std::vector<std::string>{"create customer mill"});
}

}  // namespace
}  // namespace collector::actions
