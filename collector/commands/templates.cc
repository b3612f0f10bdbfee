#include "collector/commands/templates.h"

#include <boost/json.hpp>
#include <ostream>

#include "collector/actions/templates.h"
#include "collector/commands/named_rule.h"
#include "collector/commands/person.h"
#include "collector/commands/template_file.h"
#include "collector/commands/workspace.h"
#include "collector/rule_text/rule_json.h"
#include "collector/rule_text/set_field.h"
#include "collector/store/templates.h"
#include "common/base/text_table.h"

namespace collector::commands {

namespace json = boost::json;

namespace {

using actions::TemplateChange;
using base::TextTable;
using rule_text::Field;

constexpr std::size_t kValueWidth = 100;
const std::string kContract = "contract.";

// Of the terms that contracts made from it get, as a file has them.
std::vector<Field> agreed_of(const directory::Template& one) {
  std::vector<Field> fields;
  for (const auto& agreed : one.contract) fields.push_back({.name = agreed.name, .value = agreed.value});
  return fields;
}

// The rule's, and those terms as "contract.duration".
std::vector<Field> fields_of(const directory::Template& one) {
  auto fields = rule_text::fields_of(one.rule);
  for (const auto& agreed : one.contract)
    fields.push_back({.name = kContract + agreed.name, .value = agreed.value});
  return fields;
}

json::object to_json(const directory::Template& one) {
  json::object contract;
  for (const auto& agreed : one.contract) contract[agreed.name] = agreed.value;
  return {{"name", one.name},
          {"version", one.version},
          {"rule", rule_text::to_json(one.rule)},
          {"contract", std::move(contract)}};
}

// "10:00 + 1:00, then 10:00" would hide a unit; the table has numbers under headings that have it.
std::vector<std::string> row_of(const directory::Template& one) {
  const auto& rule = one.rule;
  const auto weights = rule.work_types.size() + rule.grades.size() + rule.bands.size();
  return {one.name,
          std::to_string(one.version),
          std::to_string(rule.free_s),
          std::to_string(rule.first_block_s),
          std::to_string(rule.grace_s),
          std::to_string(rule.increment_s),
          std::to_string(rule.min_charge_min),
          rule.max_charge_min ? std::to_string(*rule.max_charge_min) : "",
          std::to_string(weights),
          std::to_string(rule.rate_per_hour)};
}

std::string value_in(const std::vector<Field>& fields, const std::string& name) {
  for (const auto& field : fields) {
    if (field.name == name) return field.value;
  }
  return "none";
}

// What differs, in the order of the newer rule, then what it has no more.
struct Difference {
  std::string field, before, after;
};
std::vector<Difference> differences(const directory::Template& before, const directory::Template& after) {
  const auto old = fields_of(before), now = fields_of(after);
  std::vector<Difference> all;
  for (const auto& field : now) {
    auto was = value_in(old, field.name);
    if (was != field.value) all.push_back({field.name, std::move(was), field.value});
  }
  for (const auto& field : old) {
    if (value_in(now, field.name) == "none" && field.value != "none")
      all.push_back({field.name, field.value, "none"});
  }
  return all;
}

// A field of the rule, or "contract.duration=12m"; "none" takes a term away.
base::Status set(directory::Template& one, const std::string& assignment) {
  if (!assignment.starts_with(kContract)) return rule_text::set_field(one.rule, assignment);
  const auto equals = assignment.find('=');
  if (equals == assignment.npos) {
    return base::fail(base::ErrorCode::invalid_argument,
                      "'" + assignment + "' is no assignment such as contract.duration=12m");
  }
  directory::Agreed agreed{.name = assignment.substr(kContract.size(), equals - kContract.size()),
                           .value = assignment.substr(equals + 1)};
  std::erase_if(one.contract, [&](const directory::Agreed& old) { return old.name == agreed.name; });
  if (agreed.value != "none") one.contract.push_back(std::move(agreed));
  return {};
}

using Change = std::function<base::Result<TemplateChange>(store::Transaction&, const actions::Actor&)>;

// In one transaction, which a preview takes back.
base::Result<TemplateChange> carry_out(const std::filesystem::path& config, const std::string& reason,
                                       bool preview, const Change& change) {
  auto workspace = open_workspace(config);
  if (!workspace) return std::unexpected{workspace.error()};
  const auto actor = this_actor(reason);
  std::optional<TemplateChange> changed;
  const auto done = workspace->database.transaction([&](store::Transaction& tx) -> base::Status {
    auto made = change(tx, actor);
    if (!made) return std::unexpected{made.error()};
    changed = *std::move(made);
    return preview ? base::fail(base::ErrorCode::cancelled, "a preview commits nothing") : base::Status{};
  });
  if (!done && !(preview && changed)) return std::unexpected{done.error()};
  return *std::move(changed);
}

// What a fresh template differs in from nothing is all of it.
std::vector<Difference> differences(const TemplateChange& change) {
  if (change.before) return differences(*change.before, change.after);
  std::vector<Difference> all;
  for (const auto& field : fields_of(change.after)) all.push_back({field.name, "", field.value});
  return all;
}

int tell(const base::Result<TemplateChange>& change, bool preview, bool as_json, std::ostream& out,
         std::ostream& err) {
  if (!change) return report(err, change.error());
  const bool differs = !change->before || change->before->version != change->after.version;
  const auto all = differences(*change);
  if (as_json) {
    json::array list;
    for (const auto& one : all) {
      list.push_back(json::object{{"field", one.field}, {"before", one.before}, {"after", one.after}});
    }
    out << json::serialize(json::object{{"template", to_json(change->after)},
                                        {"changed", differs},
                                        {"committed", differs && !preview},
                                        {"differences", std::move(list)}})
        << '\n';
    return 0;
  }
  out << change->after.name << ", version " << change->after.version
      << (differs ? change->before ? "\n" : ", a new template\n" : ": nothing differs\n");
  for (const auto& one : all) {
    out << "  " << one.field << ": " << one.before << (one.before.empty() ? "" : " -> ") << one.after << '\n';
  }
  if (preview) out << "This was a preview: nothing was changed.\n";
  return 0;
}

}  // namespace

int run_templates_list(const TemplatesOptions& options, std::ostream& out, std::ostream& err) {
  auto workspace = open_workspace(options.config);
  if (!workspace) return report(err, workspace.error());
  std::vector<directory::Template> all;
  const auto read = workspace->database.read([&](store::Transaction& tx) -> base::Status {
    auto list = store::list_templates(tx);
    if (!list) return std::unexpected{list.error()};
    all = *std::move(list);
    return {};
  });
  if (!read) return report(err, read.error());
  if (options.json) {
    json::array list;
    for (const auto& one : all) list.push_back(to_json(one));
    out << json::serialize(list) << '\n';
    return 0;
  }
  std::vector<TextTable::Column> columns{{.heading = "TEMPLATE"}};
  for (const char* heading :
       {"VERSION", "FREE S", "FIRST S", "GRACE S", "THEN S", "MINIMUM", "CAP", "WEIGHTS", "RATE/H"})
    columns.push_back({.heading = heading, .align = TextTable::Align::right});
  TextTable table{std::move(columns)};
  for (const auto& one : all) table.add(row_of(one));
  out << (table.empty() ? "No templates.\n" : table.text());
  return 0;
}

int run_template_show(const TemplateShowOptions& options, std::ostream& out, std::ostream& err) {
  const auto name = options.name + (options.version ? "@" + std::to_string(*options.version) : "");
  const auto found = named_template(options.config, name);
  if (!found) return report(err, found.error());
  if (options.json) {
    out << rule_text::template_text(
        {.name = found->name, .version = found->version, .rule = found->rule, .contract = agreed_of(*found)});
    return 0;
  }
  out << found->name << ", "
      << (found->version == 0 ? "built in" : "version " + std::to_string(found->version)) << '\n';
  TextTable table{
      {{.heading = "FIELD", .width_max = kValueWidth}, {.heading = "VALUE", .width_max = kValueWidth}}};
  for (const auto& field : fields_of(*found)) table.add({field.name, field.value});
  out << table.text();
  return 0;
}

int run_template_set(const TemplateSetOptions& options, std::ostream& out, std::ostream& err) {
  const auto text = read_template_file(options.file);
  if (!text) return report(err, text.error());
  const auto change =
      carry_out(options.config, options.reason, options.preview,
                [&](auto& tx, const auto& actor) { return actions::set_template(tx, actor, *text); });
  return tell(change, options.preview, options.json, out, err);
}

int run_template_new(const TemplateNewOptions& options, std::ostream& out, std::ostream& err) {
  const auto change = carry_out(options.config, options.reason, options.preview,
                                [&](auto& tx, const auto& actor) -> base::Result<TemplateChange> {
                                  auto from = named_template(tx, options.from);
                                  if (!from) return std::unexpected{from.error()};
                                  for (const auto& assignment : options.set) {
                                    const auto ok = set(*from, assignment);
                                    if (!ok) return std::unexpected{ok.error()};
                                  }
                                  return actions::new_template(tx, actor,
                                                               {.name = options.name,
                                                                .version = std::nullopt,
                                                                .rule = from->rule,
                                                                .contract = agreed_of(*from)});
                                });
  return tell(change, options.preview, options.json, out, err);
}

int run_template_check(const std::string& file, std::ostream& out, std::ostream& err) {
  const auto text = read_template_file(file);
  if (!text) return report(err, text.error());
  out << file << ": '" << text->name << "' can be used\n";
  return 0;
}

}  // namespace collector::commands
