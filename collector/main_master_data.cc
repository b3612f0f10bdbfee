#include "collector/main_master_data.h"

#include <vector>

#include "collector/commands/changes.h"
#include "collector/commands/contacts.h"
#include "collector/commands/customers.h"
#include "collector/commands/partners.h"
#include "collector/commands/technicians.h"
#include "collector/commands/terminals.h"

namespace collector {

using namespace commands;

namespace {

// One command of a noun: `customers add`. The options of all commands of a noun may be the same object: one
// command is run.
struct Noun {
  Cli& cli;
  CLI::App* app;
  PersonOptions& person;

  CLI::App* one(const std::string& name, const std::string& about, const std::string& example) const {
    auto* sub = app->add_subcommand(name, about);
    cli.config(sub, person.config);
    sub->add_flag("--json", person.json, "For programs");
    sub->footer("Example:\n  deskledger-collector " + app->get_name() + " " + example);
    return sub;
  }
  // One that changes something.
  CLI::App* act(const std::string& name, const std::string& about, const std::string& example) const {
    auto* sub = one(name, about, example);
    sub->add_option("--reason", person.reason, "Why; stands beside the change");
    sub->add_flag("--preview", person.preview, "Say what would happen, and change nothing");
    return sub;
  }
};

struct Column {
  const char* option;
  const char* column;
  const char* about;
};

void add_columns(CLI::App* sub, Cells& cells, const std::vector<Column>& columns) {
  for (const auto& one : columns) {
    sub->add_option_function<std::string>(
        one.option, [&cells, column = one.column](const std::string& text) { cells[column] = text; },
        one.about);
  }
}

Noun noun(Cli& cli, const char* name, const char* about, const char* example, PersonOptions& person) {
  auto* app = cli.command(name, about, example);
  app->require_subcommand(1);
  return {.cli = cli, .app = app, .person = person};
}

void add_customers(Cli& cli) {
  static CustomersOptions o;
  const auto customers = noun(cli, "customers", "Whom we serve: list, show, add, change",
                              "customers add 'Old Mill Bakery' --domains oldmill.example", o.person);
  const std::vector<Column> more{
      {"--email", "email", "Where the session mails go"},
      {"--language", "language", "Of the mails"},
      {"--rank", "rank", "A label for people; decides nothing"},
      {"--domains", "domains", "Mail domains of the customer, with blanks between"},
      {"--tax-id", "tax_id", "Tax or VAT number"},
      {"--street", "street", ""},
      {"--city", "city", ""},
      {"--country", "country", ""},
      {"--state", "state", ""},
      {"--postal-code", "postal_code", ""},
      {"--phone", "phone", ""},
      {"--fax", "fax", ""}};
  auto* list = customers.one("list", "All, with primary contact, terminals and contracts",
                             "list --mail eleni@oldmill.example");
  list->add_option("--mail", o.mail, "Only the customer to whom this mail address belongs");
  auto* show = customers.one("show", "One, with contacts, terminals and contracts", "show bakery");
  show->add_option("customer", o.code, "The code")->required();
  auto* add = customers.act("add", "Add one; only the name is needed", "add 'Old Mill Bakery' --city Chania");
  add->add_option_function<std::string>(
         "name", [](const std::string& text) { o.cells["name"] = text; }, "The name")
      ->required();
  add->add_option("--code", o.code, "Short and unique (default: made from the name)");
  add_columns(add, o.cells, more);
  auto* change = customers.act("change", "Change what is given", "change bakery --phone '+30 2310 000000'");
  change->add_option("customer", o.code, "The code")->required();
  add_columns(change, o.cells, {{"--name", "name", ""}});
  add_columns(change, o.cells, more);
  cli.runs(customers.app, [=, &cli] {
    if (show->parsed()) return run_customers_show(o, cli.out, cli.err);
    if (add->parsed()) return run_customers_add(o, cli.out, cli.err);
    if (change->parsed()) return run_customers_change(o, cli.out, cli.err);
    return run_customers_list(o, cli.out, cli.err);
  });
}

void add_contacts(Cli& cli) {
  static ContactsOptions o;
  const auto contacts =
      noun(cli, "contacts", "People at customers: list, add, change, remove",
           "contacts add bakery eleni@oldmill.example --first-name Eleni --surname Papadaki", o.person);
  auto* list = contacts.one("list", "All, or those of one customer", "list --customer bakery");
  list->add_option("--customer", o.customer, "Only this customer's code");
  const auto who = [&](CLI::App* sub) {
    sub->add_option("customer", o.customer, "The customer's code")->required();
    sub->add_option("email", o.email, "The contact's address")->required();
    return sub;
  };
  const std::vector<Column> columns{
      {"--first-name", "first_name", ""}, {"--surname", "surname", ""}, {"--phone", "phone", ""}};
  const char* primary = "Makes this the customer's primary contact, in place of the present one";
  auto* add = who(contacts.act("add", "Add one; a customer's first becomes the primary one",
                               "add bakery eleni@oldmill.example --first-name Eleni --surname Papadaki"));
  auto* change =
      who(contacts.act("change", "Change what is given", "change bakery eleni@oldmill.example --primary"));
  for (auto* sub : {add, change}) {
    add_columns(sub, o.cells, columns);
    sub->add_flag("--primary", o.primary, primary);
  }
  auto* remove =
      who(contacts.act("remove", "Remove one", "remove bakery eleni@oldmill.example --reason 'has left'"));
  cli.runs(contacts.app, [=, &cli] {
    static_cast<void>(list);
    if (add->parsed()) return run_contacts_add(o, cli.out, cli.err);
    if (change->parsed()) return run_contacts_change(o, cli.out, cli.err);
    if (remove->parsed()) return run_contacts_remove(o, cli.out, cli.err);
    return run_contacts_list(o, cli.out, cli.err);
  });
}

void add_terminals(Cli& cli) {
  static TerminalsOptions o;
  const auto terminals =
      noun(cli, "terminals", "AnyDesk addresses of customers: list, assign, release, unknown",
           "terminals unknown\n"
           "  deskledger-collector terminals assign 410100999 bakery --description Till",
           o.person);
  auto* list = terminals.one("list", "Those that are somebody's now or will be", "list --customer bakery");
  list->add_option("--customer", o.customer, "Only this customer's code");
  list->add_option("--address", o.address, "Only this address");
  list->add_flag("--all", o.all, "Also what is over, and what was a mistake");
  auto* assign = terminals.act(
      "assign", "An address is a customer's from now on, or from always if it was nobody's before",
      "assign 410100999 bakery --description Till --from 2026-11-01");
  assign->add_option("address", o.address, "AnyDesk ID or alias")->required();
  assign->add_option("customer", o.customer, "The customer's code")->required();
  add_columns(assign, o.cells,
              {{"--description", "description", "Server, Billing ..."},
               {"--from", "from", "A day (in UTC) or a time from which on it is the customer's"}});
  auto* release = terminals.act("release", "End a customer's time with an address",
                                "release 410100999 --at 2026-11-30T18:00:00Z");
  release->add_option("address", o.address, "AnyDesk ID or alias")->required();
  add_columns(release, o.cells, {{"--at", "at", "When it ends (default: now)"}});
  release->add_flag("--mistake", o.mistake, "It never was that customer's; needs --reason");
  auto* unknown = terminals.one("unknown", "Addresses of sessions in review that are nobody's", "unknown");
  unknown->add_option("--limit", o.limit, "The newest so many")
      ->check(CLI::Range(1, 1'000'000))
      ->capture_default_str();
  cli.runs(terminals.app, [=, &cli] {
    static_cast<void>(list);
    if (assign->parsed()) return run_terminals_assign(o, cli.out, cli.err);
    if (release->parsed()) return run_terminals_release(o, cli.out, cli.err);
    if (unknown->parsed()) return run_terminals_unknown(o, cli.out, cli.err);
    return run_terminals_list(o, cli.out, cli.err);
  });
}

void add_technicians(Cli& cli) {
  static TechniciansOptions o;
  const auto technicians =
      noun(cli, "technicians", "Who serves: list, add, change", "technicians change 2 --active no", o.person);
  auto* list = technicians.one("list", "All", "list");
  const auto which = [&](CLI::App* sub, bool adding) {
    sub->add_option("number", o.number, "With which comments begin")->required();
    if (adding) {
      sub->add_option_function<std::string>(
             "name", [](const std::string& text) { o.cells["name"] = text; }, "The name")
          ->required();
    } else {
      add_columns(sub, o.cells, {{"--name", "name", ""}});
    }
    add_columns(sub, o.cells,
                {{"--email", "email", ""},
                 {"--grade", "grade", "As rating rules call it: senior, ..."},
                 {"--active", "active", "no: has left; the number stays taken"}});
    return sub;
  };
  auto* add = which(technicians.act("add", "Add one", "add 3 'Anna Petrou' --grade senior"), true);
  auto* change = which(technicians.act("change", "Change what is given", "change 3 --grade senior"), false);
  cli.runs(technicians.app, [=, &cli] {
    static_cast<void>(list);
    if (add->parsed()) return run_technicians_add(o, cli.out, cli.err);
    if (change->parsed()) return run_technicians_change(o, cli.out, cli.err);
    return run_technicians_list(o, cli.out, cli.err);
  });
}

void add_support_points(Cli& cli) {
  static SupportPointsOptions o;
  const auto points =
      noun(cli, "support-points", "Which technician uses which workstation or AnyDesk ID: list, add, change",
           "support-points add 1 --workstation anna-pc --from 2026-11-01", o.person);
  const std::vector<Column> validity{
      {"--from", "valid_from", "A day (in UTC) or a time; '' is always"},
      {"--to", "valid_to", "The first moment that no longer counts; '' is never"}};
  const char* shared = "Several technicians use it at a time; comments must begin with a number then";
  auto* list = points.one("list", "All, or those of one technician", "list --technician 1");
  list->add_option("--technician", o.technician, "Only of this number");
  auto* add = points.act("add", "Add one", "add 1 --workstation anna-pc --from 2026-11-01");
  add->add_option("technician", o.technician, "His number")->required();
  add_columns(add, o.cells,
              {{"--workstation", "workstation", "As named at enrolment"},
               {"--anydesk-id", "anydesk_id", "The technician's own; in place of a workstation"}});
  auto* change = points.act("change", "Change when one begins or ends", "change 4 --to 2026-12-01");
  change->add_option("support-point", o.support_point, "Its number in `support-points list`")->required();
  for (auto* sub : {add, change}) {
    add_columns(sub, o.cells, validity);
    sub->add_flag("--shared", o.shared, shared);
  }
  cli.runs(points.app, [=, &cli] {
    static_cast<void>(list);
    if (add->parsed()) return run_support_points_add(o, cli.out, cli.err);
    if (change->parsed()) return run_support_points_change(o, cli.out, cli.err);
    return run_support_points_list(o, cli.out, cli.err);
  });
}

void add_partners(Cli& cli) {
  static PartnersOptions o;
  const auto partners = noun(cli, "partners", "Who passes customers on to us: list, add, change",
                             "partners add 'Northern IT' --email desk@northern.example", o.person);
  const std::vector<Column> more{{"--email", "email", "Where the partner is told"},
                                 {"--language", "language", "Of the mails"}};
  auto* list = partners.one("list", "All", "list");
  auto* add = partners.act("add", "Add one", "add 'Northern IT' --email desk@northern.example");
  add->add_option_function<std::string>(
         "name", [](const std::string& text) { o.cells["name"] = text; }, "The name")
      ->required();
  add->add_option("--code", o.code, "Short and unique (default: made from the name)");
  add_columns(add, o.cells, more);
  auto* change = partners.act("change", "Change what is given", "change northern-it --language el");
  change->add_option("partner", o.code, "The code")->required();
  add_columns(change, o.cells, {{"--name", "name", ""}});
  add_columns(change, o.cells, more);
  cli.runs(partners.app, [=, &cli] {
    static_cast<void>(list);
    if (add->parsed()) return run_partners_add(o, cli.out, cli.err);
    if (change->parsed()) return run_partners_change(o, cli.out, cli.err);
    return run_partners_list(o, cli.out, cli.err);
  });
}

void add_changes(Cli& cli) {
  static ChangesOptions o;
  auto* changes = cli.command("changes", "Who changed what, when and why",
                              "changes list --object terminal --key 410100999");
  changes->require_subcommand(1);
  auto* list = changes->add_subcommand("list", "Newest first, with old and new");
  cli.config(list, o.config);
  list->add_option("--object", o.object, "Only of this kind: customer, contact, terminal, technician, ...");
  list->add_option("--key", o.key, "Only of this one: its code, number or address; with --object")
      ->needs("--object");
  list->add_option("--limit", o.limit, "The newest so many")
      ->check(CLI::Range(1, 1'000'000))
      ->capture_default_str();
  list->add_flag("--json", o.json, "For programs");
  list->footer("Example:\n  deskledger-collector changes list --object customer --key bakery");
  cli.runs(changes, [&cli] { return run_changes(o, cli.out, cli.err); });
}

}  // namespace

void add_master_data(Cli& cli) {
  for (const auto add : {add_customers, add_contacts, add_terminals, add_technicians, add_support_points,
                         add_partners, add_changes}) {
    add(cli);
  }
}

}  // namespace collector
