#include "collector/commands/mail_template.h"

#include <boost/json.hpp>
#include <map>
#include <ostream>
#include <vector>

#include "collector/actions/mail_templates.h"
#include "collector/commands/mail_template_file.h"
#include "collector/commands/person.h"
#include "collector/commands/workspace.h"
#include "collector/mail/language_tag.h"
#include "collector/mail/texts.h"
#include "collector/mail/token.h"
#include "common/base/text_table.h"

namespace collector::commands {

namespace json = boost::json;

namespace {

using actions::MailTemplateChange;

std::string called(const MailTemplateOptions& o) {
  return o.kind + " " + o.language;
}

json::object to_json(const store::MailTemplateRow& row) {
  return {{"kind", row.kind},
          {"language", row.language},
          {"version", row.version},
          {"subject", row.subject},
          {"saved_utc", timing::to_rfc3339(row.created)},
          {"who", row.who},
          {"why", row.why}};
}

// Saved ones and, with version 0, shipped ones that nobody replaced.
std::vector<store::MailTemplateRow> all_of(const std::vector<store::MailTemplateRow>& saved) {
  std::map<std::pair<std::string, std::string>, store::MailTemplateRow> all;
  for (const auto kind : {mail::Kind::sessions, mail::Kind::partner_copy, mail::Kind::notice}) {
    for (const auto language : mail::shipped_languages()) {
      store::MailTemplateRow row;
      row.kind = mail::to_string(kind);
      row.language = language;
      if (const auto texts = mail::shipped_texts(kind, language)) row.subject = (*texts)[mail::Part::subject];
      all[{row.kind, row.language}] = row;
    }
  }
  for (const auto& row : saved) all[{row.kind, row.language}] = row;
  std::vector<store::MailTemplateRow> rows;
  for (auto& [name, row] : all) rows.push_back(std::move(row));
  return rows;
}

int print_rows(const std::vector<store::MailTemplateRow>& rows, bool as_json, std::ostream& out) {
  json::array list;
  base::TextTable table{{{.heading = "KIND"},
                         {.heading = "LANGUAGE"},
                         {.heading = "VERSION", .align = base::TextTable::Align::right},
                         {.heading = "SAVED (UTC)"},
                         {.heading = "BY"},
                         {.heading = "WHY", .width_max = 40},
                         {.heading = "SUBJECT", .width_max = 60}}};
  for (const auto& row : rows) {
    auto one = to_json(row);
    if (row.version == 0) one["saved_utc"] = nullptr;
    list.push_back(std::move(one));
    const auto saved = timing::to_rfc3339(row.created).substr(0, 19);
    table.add({row.kind, row.language, std::to_string(row.version), row.version == 0 ? "" : saved,
               row.version == 0 ? "(shipped)" : row.who, row.why, row.subject});
  }
  if (as_json) {
    out << json::serialize(list) << '\n';
  } else {
    out << (table.empty() ? "No saved versions: what comes with the program holds.\n" : table.text());
  }
  return 0;
}

int print_change(MailTemplateOptions o, const MailTemplateChange& change, std::ostream& out) {
  const auto version = change.after ? change.after->version : 0;
  if (change.after) o.language = change.after->language;
  if (o.json) {
    out << json::serialize(json::object{{"kind", o.kind},
                                        {"language", o.language},
                                        {"version", version},
                                        {"changed", change.changed()}})
        << '\n';
  } else if (change.changed()) {
    out << "version " << version << " of " << called(o) << " holds from the next mail on\n";
  } else {
    out << called(o) << " is unchanged: nothing differs from version " << version << '\n';
  }
  return 0;
}

// What a name of a list is, for people and for programs.
struct Described {
  std::string mark, where, kinds, meaning, example;
};

std::string where(mail::Scopes scopes) {
  return (scopes & mail::kInMail) != 0 ? "anywhere" : mail::describe(scopes);
}

std::vector<Described> described(mail::Kinds kinds) {
  std::vector<Described> all;
  const auto fits = [&](const auto& known) { return (known.kinds & kinds) != 0; };
  for (const auto& known : mail::known_tokens()) {
    if (!fits(known)) continue;
    all.push_back({"%" + std::string{known.name} + "%", where(known.scopes),
                   mail::describe_kinds(known.kinds), std::string{known.meaning},
                   std::string{known.example}});
  }
  for (const auto& known : mail::known_loops()) {
    if (!fits(known)) continue;
    all.push_back({"%each " + std::string{known.name} + "% ... %end%", "text and html",
                   mail::describe_kinds(known.kinds), std::string{known.meaning}, ""});
  }
  for (const auto& known : mail::known_conditions()) {
    if (!fits(known)) continue;
    all.push_back({"%if " + std::string{known.name} + "% ... %else% ... %end%", where(known.scopes),
                   mail::describe_kinds(known.kinds), "True if " + std::string{known.meaning}, ""});
  }
  all.push_back({"%%", "anywhere", mail::describe_kinds(mail::kOfAll), "One percent sign", "%"});
  return all;
}

}  // namespace

int run_mail_template_list(const MailTemplateOptions& o, std::ostream& out, std::ostream& err) {
  auto workspace = open_workspace(o.config);
  if (!workspace) return report(err, workspace.error());
  std::vector<store::MailTemplateRow> rows;
  const auto read = workspace->database.read([&](store::Transaction& tx) -> base::Status {
    const auto saved = store::list_mail_templates(tx);
    if (!saved) return std::unexpected{saved.error()};
    rows = all_of(*saved);
    return {};
  });
  if (!read) return report(err, read.error());
  return print_rows(rows, o.json, out);
}

int run_mail_template_show(const MailTemplateOptions& o, std::ostream& out, std::ostream& err) {
  const auto kind = mail_kind(o.kind);
  if (!kind) return report(err, kind.error());
  auto workspace = open_workspace(o.config);
  if (!workspace) return report(err, workspace.error());
  HeldTemplate held;
  const auto read = workspace->database.read([&](store::Transaction& tx) -> base::Status {
    auto found = held_template(tx, *kind, o.language, o.version);
    if (!found) return std::unexpected{found.error()};
    held = *std::move(found);
    return {};
  });
  if (!read) return report(err, read.error());
  if (!o.json) {
    out << "# " << called(o) << ", "
        << (held.version == 0 ? "as it comes with the program" : "version " + std::to_string(held.version))
        << '\n'
        << mail::write_texts(held.texts);
    return 0;
  }
  out << json::serialize(json::object{{"kind", o.kind},
                                      {"language", o.language},
                                      {"version", held.version},
                                      {"subject", held.texts[mail::Part::subject]},
                                      {"text", held.texts[mail::Part::text]},
                                      {"html", held.texts[mail::Part::html]}})
      << '\n';
  return 0;
}

int run_mail_template_tokens(const MailTemplateOptions& o, std::ostream& out, std::ostream& err) {
  mail::Kinds kinds = mail::kOfAll;
  if (!o.kind.empty()) {
    const auto kind = mail_kind(o.kind);
    if (!kind) return report(err, kind.error());
    kinds = mail::bit_of(*kind);
  }
  json::array list;
  base::TextTable table{
      {{.heading = "WRITE"}, {.heading = "WHERE"}, {.heading = "MEANS"}, {.heading = "EXAMPLE"}}};
  for (const auto& one : described(kinds)) {
    list.push_back(json::object{{"write", one.mark},
                                {"where", one.where},
                                {"kinds", one.kinds},
                                {"means", one.meaning},
                                {"example", one.example}});
    table.add({one.mark, one.where, one.meaning, one.example});
  }
  if (o.json) {
    out << json::serialize(list) << '\n';
  } else {
    out << table.text()
        << "\n%if not NAME% turns a condition around. A line of nothing but %if%, %each%, %else% and %end% "
           "leaves "
           "no empty\nline behind. In the html a value stands between tags.\n";
  }
  return 0;
}

int run_mail_template_check(const MailTemplateOptions& o, std::ostream& out, std::ostream& err) {
  const auto kind = mail_kind(o.kind);
  if (!kind) return report(err, kind.error());
  if (const auto texts = read_mail_template(o.file, *kind); !texts) return report(err, texts.error());
  out << o.file << " can be used for " << o.kind << " mails\n";
  return 0;
}

int run_mail_template_set(const MailTemplateOptions& o, std::ostream& out, std::ostream& err) {
  const auto kind = mail_kind(o.kind);
  if (!kind) return report(err, kind.error());
  const auto texts = read_mail_template(o.file, *kind);
  if (!texts) return report(err, texts.error());
  auto workspace = open_workspace(o.config);
  if (!workspace) return report(err, workspace.error());
  MailTemplateChange change;
  const auto done = workspace->database.transaction([&](store::Transaction& tx) -> base::Status {
    auto set = actions::set_mail_template(tx, this_actor(o.reason), *kind, o.language, *texts);
    if (!set) return std::unexpected{set.error()};
    change = *std::move(set);
    return {};
  });
  if (!done) return report(err, done.error());
  return print_change(o, change, out);
}

int run_mail_template_history(const MailTemplateOptions& o, std::ostream& out, std::ostream& err) {
  const auto kind = mail_kind(o.kind);
  if (!kind) return report(err, kind.error());
  auto workspace = open_workspace(o.config);
  if (!workspace) return report(err, workspace.error());
  std::vector<store::MailTemplateRow> rows;
  const auto read = workspace->database.read([&](store::Transaction& tx) -> base::Status {
    const auto language = mail::typed_language(o.language);
    if (!language) return std::unexpected{language.error()};
    auto versions = store::mail_template_versions(tx, o.kind, *language);
    if (!versions) return std::unexpected{versions.error()};
    rows = *std::move(versions);
    return {};
  });
  if (!read) return report(err, read.error());
  return print_rows(rows, o.json, out);
}

int run_mail_template_restore(const MailTemplateOptions& o, std::ostream& out, std::ostream& err) {
  const auto kind = mail_kind(o.kind);
  if (!kind) return report(err, kind.error());
  auto workspace = open_workspace(o.config);
  if (!workspace) return report(err, workspace.error());
  MailTemplateChange change;
  const auto done = workspace->database.transaction([&](store::Transaction& tx) -> base::Status {
    auto restored =
        actions::restore_mail_template(tx, this_actor(o.reason), *kind, o.language, o.version.value_or(0));
    if (!restored) return std::unexpected{restored.error()};
    change = *std::move(restored);
    return {};
  });
  if (!done) return report(err, done.error());
  return print_change(o, change, out);
}

}  // namespace collector::commands
