#include "collector/main_rules.h"

#include "collector/commands/calendars.h"
#include "collector/commands/rate.h"
#include "collector/commands/rerate.h"
#include "collector/commands/templates.h"

namespace collector {

using namespace collector::commands;

namespace {

constexpr const char* kReason = "Why, in your own words; stands beside the change for ever";
constexpr const char* kPreview = "Say what would change, and change nothing";
constexpr const char* kSet =
    "FIELD=VALUE, repeatable: grace_s=0, max_charge_min=none, work_types.travel=0.5, grades.senior=1.25, "
    "'bands.Evening=weekdays 17:00-24:00 x1.5'";
constexpr const char* kSetTerms =
    "; and what contracts made from it agree: contract.model=prepaid, contract.duration=12m, "
    "contract.purchased_min=600 ...";

void add_circumstances(CLI::App* sub, Circumstances& o) {
  sub->add_option("--at", o.at,
                  "When it would begin, for bands: a day or time (UTC unless it says otherwise)");
  sub->add_option("--zone", o.zone, "The place whose clock the bands are on: Europe/Athens")
      ->capture_default_str();
  sub->add_option("--calendar", o.holiday_calendar, "The collector's calendar of holidays; needs --config");
  sub->add_option("--grade", o.grade, "The technician's grade");
  sub->add_option("--work-type", o.work_type, "The kind of work");
}

template <class Options>
CLI::App* child(Cli& cli, CLI::App* parent, const char* name, const char* about, Options& options,
                const std::string& example) {
  auto* one = parent->add_subcommand(name, about);
  cli.config(one, options.config);
  one->footer("Example:\n  deskledger-collector " + parent->get_name() + " " + example);
  return one;
}

CLI::App* add_compare(CLI::App* parent, TemplateCompareOptions& o) {
  auto* compare = parent->add_subcommand("compare", "What the same sessions cost under two templates");
  compare->add_option("first", o.first, "A template, or NAME@2 for an earlier version")->required();
  compare->add_option("second", o.second, "Another one")->required();
  compare->add_option("-c,--config", o.config, "Look them up in this collector first")
      ->envname("DESKLEDGER_COLLECTOR_CONFIG");
  compare->add_option("--seconds", o.seconds, "How long the sessions are (default: those of docs/rating.md)");
  add_circumstances(compare, o.circumstances);
  compare->add_flag("--json", o.json, "For programs");
  compare->footer(
      "Example:\n  deskledger-collector templates compare standard Evening --seconds 600 1200 --at "
      "'2026-11-16 17:00'");
  return compare;
}

}  // namespace

void add_rate(Cli& cli) {
  static RateOptions o;
  auto* sub =
      cli.command("rate", "What so many seconds cost, and why",
                  "rate --seconds 2052 --template standard\n"
                  "  deskledger-collector rate --seconds 2052 --set 'bands.Evening=daily 18:00-24:00 x1.5' "
                  "--at '2026-11-16 17:50' --zone Europe/Athens");
  sub->add_option("--seconds", o.seconds, "The session's length")->required();
  sub->add_option("--template", o.template_name,
                  "standard, standard-after, standard-every, plain, or one of the collector's with --config")
      ->capture_default_str();
  sub->add_option("-c,--config", o.config, "Look the template up in this collector first");
  sub->add_option("--set", o.set, kSet);
  sub->add_option("--boundary", o.boundary, "start or after");
  sub->add_option("--grace-scope", o.grace_scope, "first or every");
  sub->add_option("--free-s", o.free_s, "Sessions up to this cost nothing");
  sub->add_option("--first-block-s", o.first_block_s, "Size and price of the first block");
  sub->add_option("--grace-s", o.grace_s, "Extra time before the second block");
  sub->add_option("--increment-s", o.increment_s, "Size and price of later blocks");
  sub->add_option("--max-charge-min", o.max_charge_min, "A cap");
  add_circumstances(sub, o.circumstances);
  sub->add_flag("--no-charge", o.circumstances.adjustments.no_charge, "As if the comment had a #");
  sub->add_option("--override-min", o.circumstances.adjustments.override_min, "As if the comment had {n}");
  sub->add_flag("--json", o.json, "For programs");
  cli.runs(sub, [&cli] { return run_rate(o, cli.out, cli.err); });
}

void add_rerate(Cli& cli) {
  static RerateOptions o;
  auto* sub =
      cli.command("rerate", "Rate the unbilled sessions of some days again; without --apply only a preview",
                  "rerate --from 2026-11-01 --to 2026-11-30 --customer bakery --current\n"
                  "  deskledger-collector rerate --from 2026-11-01 --to 2026-11-30 --template Evening@2 "
                  "--apply --why 'agreed on 1 December'");
  cli.config(sub, o.config);
  sub->add_option("--from", o.from, "The first day, in each contract's time zone")->required();
  sub->add_option("--to", o.to, "The last day, inclusive")->required();
  sub->add_option("--customer", o.customer, "Only this customer's code");
  sub->add_option("--contract", o.contract, "Only contracts of this name");
  auto* named =
      sub->add_option("--template", o.template_name, "By this template, or NAME@2 for an earlier version");
  sub->add_flag(
         "--current", o.current,
         "By the newest version of what each contract has; without either: by the rule the sessions have, "
         "with today's holidays and grades")
      ->excludes(named);
  sub->add_flag("--apply", o.apply, "Have it so");
  sub->add_option("--why", o.why, kReason);
  sub->add_flag("--json", o.json, "For programs");
  cli.runs(sub, [&cli] { return run_rerate(o, cli.out, cli.err); });
}

void add_templates(Cli& cli) {
  static TemplatesOptions l;
  static TemplateShowOptions s;
  static TemplateSetOptions e;
  static TemplateNewOptions n;
  static TemplateCompareOptions c;
  static std::string file;
  auto* sub = cli.command("templates", "The rules that contracts are made from, in versions",
                          "templates show standard");
  sub->require_subcommand(1);
  auto* list = child(cli, sub, "list", "The newest version of each", l, "list");
  list->add_flag("--json", l.json, "For programs");
  auto* show = child(cli, sub, "show", "All fields of one", s, "show Evening --json > evening.json");
  show->add_option("name", s.name, "Its name; built-in ones, too")->required();
  show->add_option("--version", s.version, "An earlier version");
  show->add_flag("--json", s.json, "As a file that `templates set` reads");
  auto* set = child(cli, sub, "set", "Make a new version from a file", e,
                    "set evening.json --preview\nContracts keep the version they were made with.");
  set->add_option("file", e.file, "As `templates show --json` prints it")->required();
  set->add_option("--reason", e.reason, kReason);
  set->add_flag("--preview", e.preview, kPreview);
  set->add_flag("--json", e.json, "For programs");
  auto* fresh = child(cli, sub, "new", "Make a template from another one", n,
                      "new Evening --from standard --set 'bands.Evening=weekdays 17:00-24:00 x1.5'");
  fresh->add_option("name", n.name, "Its name")->required();
  fresh->add_option("--from", n.from, "What to begin with")->capture_default_str();
  fresh->add_option("--set", n.set, std::string{kSet} + kSetTerms);
  fresh->add_option("--reason", n.reason, kReason);
  fresh->add_flag("--preview", n.preview, kPreview);
  fresh->add_flag("--json", n.json, "For programs");
  auto* compare = add_compare(sub, c);
  auto* check = sub->add_subcommand("check", "Whether a file is a template that can be used");
  check->add_option("file", file, "As `templates show --json` prints it")->required();
  check->footer("Example:\n  deskledger-collector templates check evening.json");
  cli.runs(sub, [=, &cli] {
    if (list->parsed()) return run_templates_list(l, cli.out, cli.err);
    if (show->parsed()) return run_template_show(s, cli.out, cli.err);
    if (set->parsed()) return run_template_set(e, cli.out, cli.err);
    if (fresh->parsed()) return run_template_new(n, cli.out, cli.err);
    if (compare->parsed()) return run_template_compare(c, cli.out, cli.err);
    return check->parsed() ? run_template_check(file, cli.out, cli.err) : 2;
  });
}

void add_calendars(Cli& cli) {
  static CalendarsOptions o;
  static CalendarRemoveOptions r;
  auto* sub = cli.command("calendars", "Holidays, which are no weekdays for the bands of a rule",
                          "calendars show GR");
  sub->require_subcommand(1);
  auto* list = child(cli, sub, "list", "All calendars", o, "list");
  list->add_flag("--json", o.json, "For programs");
  auto* show = child(cli, sub, "show", "The days of one", o, "show GR");
  show->add_option("name", o.name, "Its name")->required();
  show->add_flag("--json", o.json, "For programs");
  auto* remove = child(cli, sub, "remove", "Take a day out; what was charged stays", r,
                       "remove GR 2026-12-24 --reason 'it is a working day'");
  remove->add_option("name", r.name, "The calendar's name")->required();
  remove->add_option("day", r.day, "Such as 2026-12-25")->required();
  remove->add_option("--reason", r.reason, kReason)->required();
  cli.runs(sub, [=, &cli] {
    if (list->parsed()) return run_calendars_list(o, cli.out, cli.err);
    if (show->parsed()) return run_calendar_show(o, cli.out, cli.err);
    return remove->parsed() ? run_calendar_remove(r, cli.out, cli.err) : 2;
  });
}

}  // namespace collector
