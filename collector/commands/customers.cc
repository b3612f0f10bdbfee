#include "collector/commands/customers.h"

#include <algorithm>
#include <boost/json.hpp>
#include <ostream>

#include "collector/actions/customers.h"
#include "collector/actions/to_json.h"
#include "collector/commands/zones.h"
#include "collector/directory/mail_owner.h"
#include "collector/directory/typed.h"
#include "collector/store/contacts.h"
#include "collector/store/customers.h"
#include "common/base/text_table.h"

namespace collector::commands {

namespace json = boost::json;
using directory::Customer;

namespace {

// A customer and what is his.
struct Page {
  Customer customer;
  std::vector<directory::Contact> contacts;
  std::vector<directory::Terminal> terminals;
  std::vector<directory::Contract> contracts;
};

base::Result<std::vector<Page>> load(store::Transaction& tx) {
  const auto directory = store::load_directory(tx, start_of_day_in_zone);
  if (!directory) return std::unexpected{directory.error()};
  const auto contacts = store::list_contacts(tx, 0);
  if (!contacts) return std::unexpected{contacts.error()};
  std::vector<Page> pages;
  for (const auto& customer : directory->customers) {
    const auto is_his = [&](const auto& row) { return row.customer_id == customer.id; };
    Page page{.customer = customer, .contacts = {}, .terminals = {}, .contracts = {}};
    std::ranges::copy_if(*contacts, std::back_inserter(page.contacts), is_his);
    std::ranges::copy_if(directory->terminals, std::back_inserter(page.terminals), is_his);
    std::ranges::copy_if(directory->contracts, std::back_inserter(page.contracts), is_his);
    pages.push_back(std::move(page));
  }
  return pages;
}

// Only the page of whom the mail address is.
void keep_owner(std::vector<Page>& pages, const std::string& mail) {
  std::vector<Customer> customers;
  std::vector<directory::Contact> contacts;
  for (const auto& page : pages) {
    customers.push_back(page.customer);
    contacts.insert(contacts.end(), page.contacts.begin(), page.contacts.end());
  }
  const auto* owner = directory::customer_of_mail(customers, contacts, mail);
  std::erase_if(pages, [&](const Page& page) { return owner == nullptr || page.customer.id != owner->id; });
}

json::object to_json(const Page& page) {
  auto object = actions::to_json(page.customer);
  json::array contacts, terminals, contracts;
  for (const auto& contact : page.contacts) contacts.push_back(actions::to_json(contact, page.customer.code));
  for (const auto& terminal : page.terminals)
    terminals.push_back(actions::to_json(terminal, page.customer.code));
  for (const auto& contract : page.contracts)
    contracts.push_back(json::object{{"contract", contract.id}, {"name", contract.name}});
  object["contacts"] = std::move(contacts);
  object["terminals"] = std::move(terminals);
  object["contracts"] = std::move(contracts);
  return object;
}

std::string joined(const std::vector<std::string>& list) {
  std::string text;
  for (const auto& one : list) text += (text.empty() ? "" : " ") + one;
  return text;
}

std::string primary_of(const Page& page) {
  const auto found = std::ranges::find(page.contacts, true, &directory::Contact::primary);
  if (found == page.contacts.end()) return "";
  return found->first_name + " " + found->surname + " <" + found->email + ">";
}

void print_page(const Page& page, std::ostream& out) {
  const auto& one = page.customer;
  base::TextTable table{{{.heading = "CUSTOMER"}, {.heading = one.code, .width_max = 100}}};
  for (const auto& [word, value] : {std::pair<std::string, std::string>{"name", one.name},
                                    {"e-mail", one.email},
                                    {"language", one.language},
                                    {"rank", one.rank},
                                    {"mail domains", joined(one.domains)},
                                    {"tax id", one.tax_id},
                                    {"street", one.street},
                                    {"city", one.city},
                                    {"postal code", one.postal_code},
                                    {"state", one.state},
                                    {"country", one.country},
                                    {"phone", one.phone},
                                    {"fax", one.fax}}) {
    if (!value.empty()) table.add({word, value});
  }
  for (const auto& contact : page.contacts) {
    table.add({contact.primary ? "primary contact" : "contact",
               contact.first_name + " " + contact.surname + " <" + contact.email + "> " + contact.phone});
  }
  for (const auto& terminal : page.terminals) {
    table.add({"terminal", terminal.address + " " + terminal.description +
                               (terminal.valid_from ? " from " + bound_text(terminal.valid_from) : "") +
                               (terminal.valid_to ? " until " + bound_text(terminal.valid_to) : "")});
  }
  for (const auto& contract : page.contracts) {
    table.add({"contract", std::to_string(contract.id) + " " + contract.name});
  }
  out << table.text();
  if (page.contracts.empty()) out << "No contract: sessions of this customer wait in review.\n";
}

// What was typed, over what there is.
base::Status take_cells(const Cells& cells, Customer& customer) {
  for (const auto& [column, text] : {std::pair{"name", &customer.name},
                                     {"email", &customer.email},
                                     {"language", &customer.language},
                                     {"rank", &customer.rank},
                                     {"tax_id", &customer.tax_id},
                                     {"street", &customer.street},
                                     {"city", &customer.city},
                                     {"country", &customer.country},
                                     {"state", &customer.state},
                                     {"postal_code", &customer.postal_code},
                                     {"phone", &customer.phone},
                                     {"fax", &customer.fax}}) {
    take(cells, column, *text);
  }
  const auto typed = cells.find("domains");
  if (typed == cells.end()) return {};
  const auto domains = directory::typed_domains(typed->second);
  if (!domains) return base::fail(domains.error().code, "domains " + domains.error().message);
  customer.domains = *domains;
  return {};
}

}  // namespace

int run_customers_list(const CustomersOptions& options, std::ostream& out, std::ostream& err) {
  auto pages = look(options.person.config, load);
  if (!pages) return report(err, pages.error());
  if (!options.mail.empty()) keep_owner(*pages, options.mail);
  if (options.person.json) {
    json::array list;
    for (const auto& page : *pages) list.push_back(to_json(page));
    out << json::serialize(list) << '\n';
    return 0;
  }
  using base::TextTable;
  TextTable table{{{.heading = "CUSTOMER"},
                   {.heading = "NAME"},
                   {.heading = "RANK"},
                   {.heading = "MAIL DOMAINS"},
                   {.heading = "PRIMARY CONTACT", .width_max = 60},
                   {.heading = "TERMINALS", .align = TextTable::Align::right},
                   {.heading = "CONTRACTS", .align = TextTable::Align::right}}};
  for (const auto& page : *pages) {
    table.add({page.customer.code, page.customer.name, page.customer.rank, joined(page.customer.domains),
               primary_of(page), std::to_string(page.terminals.size()),
               page.contracts.empty() ? "none" : std::to_string(page.contracts.size())});
  }
  out << (table.empty() ? "No customers.\n" : table.text());
  return 0;
}

int run_customers_show(const CustomersOptions& options, std::ostream& out, std::ostream& err) {
  const auto page = look(options.person.config, [&](store::Transaction& tx) -> base::Result<Page> {
    const auto customer = actions::the_customer(tx, options.code);
    if (!customer) return std::unexpected{customer.error()};
    const auto pages = load(tx);
    if (!pages) return std::unexpected{pages.error()};
    return *std::ranges::find_if(*pages, [&](const Page& one) { return one.customer.id == customer->id; });
  });
  if (!page) return report(err, page.error());
  if (options.person.json) {
    out << json::serialize(to_json(*page)) << '\n';
  } else {
    print_page(*page, out);
  }
  return 0;
}

int run_customers_add(const CustomersOptions& options, std::ostream& out, std::ostream& err) {
  const auto done = by_person(options.person, [&](store::Transaction& tx, const actions::Actor& actor) {
    Customer customer;
    customer.code = options.code;
    const auto taken = take_cells(options.cells, customer);
    if (!taken) return base::Result<actions::Done>{std::unexpected{taken.error()}};
    return actions::put_customer(tx, actor, actions::Way::add, customer);
  });
  const int code = say(done, "customer", options.person, out, err);
  if (code == 0 && !options.person.json) {
    out << "It has no contract yet; until it has one its sessions wait in review.\n";
  }
  return code;
}

int run_customers_change(const CustomersOptions& options, std::ostream& out, std::ostream& err) {
  const auto done = by_person(options.person, [&](store::Transaction& tx, const actions::Actor& actor) {
    auto customer = actions::the_customer(tx, options.code);
    if (!customer) return base::Result<actions::Done>{std::unexpected{customer.error()}};
    const auto taken = take_cells(options.cells, *customer);
    if (!taken) return base::Result<actions::Done>{std::unexpected{taken.error()}};
    return actions::put_customer(tx, actor, actions::Way::change, *customer);
  });
  return say(done, "customer", options.person, out, err);
}

}  // namespace collector::commands
