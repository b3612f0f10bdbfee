#include "collector/commands/contacts.h"

#include <algorithm>
#include <boost/json.hpp>
#include <ostream>

#include "collector/actions/contacts.h"
#include "collector/actions/customers.h"
#include "collector/actions/to_json.h"
#include "collector/directory/typed.h"
#include "collector/store/contacts.h"
#include "collector/store/customers.h"
#include "common/base/text_table.h"

namespace collector::commands {

namespace json = boost::json;
using actions::Way;
using directory::Contact;

namespace {

struct Listed {
  Contact contact;
  std::string customer;
};

base::Result<std::vector<Listed>> load(store::Transaction& tx, const std::string& code) {
  std::vector<directory::Customer> customers;
  if (code.empty()) {
    auto all = store::list_customers(tx);
    if (!all) return std::unexpected{all.error()};
    customers = std::move(*all);
  } else {
    auto one = actions::the_customer(tx, code);
    if (!one) return std::unexpected{one.error()};
    customers.push_back(std::move(*one));
  }
  const auto contacts = store::list_contacts(tx, code.empty() ? 0 : customers.front().id);
  if (!contacts) return std::unexpected{contacts.error()};
  std::vector<Listed> rows;
  for (const auto& contact : *contacts) {
    const auto owner = std::ranges::find(customers, contact.customer_id, &directory::Customer::id);
    rows.push_back({.contact = contact, .customer = owner->code});
  }
  return rows;
}

int put(const ContactsOptions& options, Way way, std::ostream& out, std::ostream& err) {
  const auto act = [&](store::Transaction& tx, const actions::Actor& actor) -> base::Result<actions::Done> {
    const auto customer = actions::the_customer(tx, options.customer);
    if (!customer) return std::unexpected{customer.error()};
    const auto before = store::find_contact(tx, customer->id, directory::lower(options.email));
    if (!before) return std::unexpected{before.error()};
    Contact contact = before->value_or(Contact{});
    contact.email = options.email;
    take(options.cells, "first_name", contact.first_name);
    take(options.cells, "surname", contact.surname);
    take(options.cells, "phone", contact.phone);
    contact.primary = options.primary;
    return actions::put_contact(tx, actor, way, *customer, contact);
  };
  return say(by_person(options.person, act), "contact", options.person, out, err);
}

}  // namespace

int run_contacts_list(const ContactsOptions& options, std::ostream& out, std::ostream& err) {
  const auto rows =
      look(options.person.config, [&](store::Transaction& tx) { return load(tx, options.customer); });
  if (!rows) return report(err, rows.error());
  if (options.person.json) {
    json::array list;
    for (const auto& row : *rows) list.push_back(actions::to_json(row.contact, row.customer));
    out << json::serialize(list) << '\n';
    return 0;
  }
  base::TextTable table{{{.heading = "CUSTOMER"},
                         {.heading = "FIRST NAME"},
                         {.heading = "SURNAME"},
                         {.heading = "E-MAIL", .width_max = 60},
                         {.heading = "PHONE"},
                         {.heading = ""}}};
  for (const auto& [contact, customer] : *rows) {
    table.add({customer, contact.first_name, contact.surname, contact.email, contact.phone,
               contact.primary ? "primary" : ""});
  }
  out << (table.empty() ? "No contacts.\n" : table.text());
  return 0;
}

int run_contacts_add(const ContactsOptions& options, std::ostream& out, std::ostream& err) {
  return put(options, Way::add, out, err);
}

int run_contacts_change(const ContactsOptions& options, std::ostream& out, std::ostream& err) {
  return put(options, Way::change, out, err);
}

int run_contacts_remove(const ContactsOptions& options, std::ostream& out, std::ostream& err) {
  const auto done = in_transaction(options.person,
                                   [&](store::Transaction& tx, const actions::Actor& actor) -> base::Status {
                                     const auto customer = actions::the_customer(tx, options.customer);
                                     if (!customer) return std::unexpected{customer.error()};
                                     return actions::remove_contact(tx, actor, *customer, options.email);
                                   });
  if (!done) return report(err, done.error());
  if (options.person.json) {
    out << json::serialize(json::object{{"removed", options.email}, {"committed", !options.person.preview}})
        << '\n';
    return 0;
  }
  out << "contact " << options.customer << '/' << options.email << ": removed\n";
  say_preview(options.person, out);
  return 0;
}

}  // namespace collector::commands
