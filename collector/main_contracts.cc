#include "collector/main_contracts.h"

#include "collector/commands/contract_change.h"
#include "collector/commands/contract_notices.h"
#include "collector/commands/contract_show.h"
#include "collector/commands/contracts.h"
#include "collector/directory/terms.h"

namespace collector {

using namespace collector::commands;

namespace {

void add_put(Cli& cli, CLI::App* contracts, ContractPutOptions& o, bool add) {
  auto* sub = contracts->add_subcommand(
      add ? "add" : "change", add ? "Agree on a new contract with a customer"
                                  : "Change a contract; what its ledger was written by stays as it is");
  cli.config(sub, o.config);
  sub->add_option("customer", o.customer, "The customer's code")->required();
  sub->add_option("name", o.name, "The contract's name, unique for the customer")->required();
  sub->add_option("--template", o.template_name,
                  add ? "The template, at its newest version: its rule, and what it agrees unless you say "
                        "otherwise (default: standard)"
                      : "The rating template, at its newest version");
  sub->add_option("--model", o.model, "What is bought or billed (default: prepaid)")
      ->check(CLI::IsMember(directory::model_words()));
  sub->add_option("--start", o.start, "First day, such as 2026-11-01");
  sub->add_option("--end", o.end, "Last day; '' for no end");
  if (add) {
    sub->add_option("--duration", o.duration, "How long it lasts in place of --end: 12m, 1y, 30d");
    sub->add_option("--purchased-min", o.purchased_min, "Minutes that are bought with it");
    sub->add_option("--purchased-amount", o.purchased_amount, "Money that is bought with it: 250.00");
  }
  sub->add_option("--time-zone", o.time_zone, "Where its days begin, such as Europe/Athens (default: UTC)");
  sub->add_option("--currency", o.currency, "Three letters (default: EUR)");
  sub->add_option("--exhaustion", o.exhaustion, "When a prepaid contract is used up (default: negative)")
      ->check(CLI::IsMember(directory::exhaustion_words()));
  sub->add_option("--overage-per-hour", o.overage_per_hour, "What an hour beyond costs: 60.00");
  sub->add_option("--period", o.period, "How often a fee is due and minutes are included (default: none)")
      ->check(CLI::IsMember(directory::period_words()));
  sub->add_option("--included-min", o.included_min, "Minutes of each period that cost nothing beside");
  sub->add_option("--roll-over", o.roll_over_min,
                  "How many minutes go on into the next period: a number, or all");
  sub->add_option("--fee", o.fee,
                  "For each period, each unit of a recurring contract, or of the project: 300.00");
  sub->add_option("--units", o.units, "Of a recurring contract");
  sub->add_option("--notice-percent", o.notice_percent, "Used so far: 80,95; '' for none");
  sub->add_option("--notice-left", o.notice_left, "What is left, minutes or money: 60,15; '' for none");
  sub->add_option("--notice-days", o.notice_days,
                  "Before its end, and that of what was bought for a time: 30,7; '' for none");
  sub->add_option("--mail-window-min", o.mail_window_min, "Sessions of so many minutes share one mail")
      ->check(CLI::Range(0, 60 * 24 * 31));
  sub->add_option("--mail-no-charge", o.mail_no_charge,
                  "Whether mails show sessions without charge: true or false");
  sub->add_option("--partner", o.partner, "The code of who passed the customer on; '' for nobody");
  sub->add_option("--partner-told", o.partner_told, "Whether he is told of sessions: true or false");
  sub->add_option("--partner-from", o.partner_from, "His first day; '' for the contract's");
  sub->add_option("--partner-until", o.partner_until, "His last day; '' for the contract's");
  sub->add_option("--customer-told", o.customer_told, "Whether the customer is told: true or false");
  sub->add_option("--reason", o.reason, "Why, in your own words; stands beside the change for ever");
  sub->add_flag("--preview,--dry-run", o.preview,
                add ? "Say what would be agreed and who said so, and change nothing"
                    : "Say whether it can be done, and change nothing");
  sub->add_flag("--json", o.json, "For programs");
  sub->footer(
      add ? "Examples:\n"
            "  deskledger-collector contracts add bakery 'Ten hours' --start 2026-11-01 --end 2027-10-31 "
            "--exhaustion split --overage-per-hour 60.00\n"
            "  deskledger-collector contracts add office Flat --model flat_fee --start 2026-11-01 --period "
            "month "
            "--fee 300.00 --included-min 120 --overage-per-hour 75.00 --roll-over 60\n"
            "  deskledger-collector contracts add school 'Year 2026' --template Block --start 2026-11-01 "
            "--preview"
          : "Example:\n  deskledger-collector contracts change bakery 'Ten hours' --end 2027-12-31 --reason "
            "'extended'");
}

template <class Options>
CLI::App* entry(Cli& cli, CLI::App* contracts, const char* name, const char* about, Options& o,
                const char* example) {
  auto* sub = contracts->add_subcommand(name, about);
  cli.config(sub, o.config);
  sub->add_option("contract", o.contract, "Its number in `contracts`")->required();
  sub->add_option("--reason", o.reason, "Why; stays in the ledger")->required();
  sub->add_flag("--json", o.json, "For programs");
  sub->footer("Example:\n  deskledger-collector contracts " + std::string{example});
  return sub;
}

}  // namespace

void add_contracts(Cli& cli) {
  static ContractsOptions o;
  static ContractPutOptions added, changed;
  static SellOptions sold;
  static AdjustOptions adjusted;
  static CompleteOptions completed;
  static ContractShowOptions shown;
  static ContractNoticesOptions noticed;
  auto* sub =
      cli.command("contracts", "Show what is left or owed; agree, sell, correct",
                  "contracts --customer bakery --json\n"
                  "  deskledger-collector contracts sell 3 --minutes 600 --reason 'invoice 2026-117'");
  cli.config(sub, o.config);
  sub->add_option("--customer", o.customer, "Only this customer's code");
  sub->add_flag("--json", o.json, "For programs; with every ledger entry");
  added.add = true;
  add_put(cli, sub, added, true);
  add_put(cli, sub, changed, false);
  auto* sell = entry(cli, sub, "sell", "Add time or money that a customer bought", sold,
                     "sell 3 --minutes 600 --from 2026-11-01 --until 2027-04-30 --reason 'invoice 2026-117'");
  sell->alias("grant");
  sell->add_option("--minutes", sold.minutes, "How many");
  sell->add_option("--amount", sold.amount, "How much money: 250.00");
  sell->add_option("--from", sold.from, "The first day on which it counts (default: from now on)");
  sell->add_option("--until", sold.until,
                   "The last day it can be used; needs --from (default: the contract's)");
  auto* adjust = entry(cli, sub, "adjust", "Correct what is left or owed", adjusted,
                       "adjust 3 --minutes -15 --reason 'phone call of Friday was not noted'");
  adjust->add_option("--minutes", adjusted.minutes, "In the customer's favour, or against him below zero");
  adjust->add_option("--amount", adjusted.amount, "The same, of money: -12.50");
  auto* complete = entry(cli, sub, "complete", "Say that a project of one fee is done: the fee is due",
                         completed, "complete 7 --reason 'accepted by the customer'");
  auto* show = sub->add_subcommand("show", "All that is agreed, what is left, and what to know about it");
  cli.config(show, shown.config);
  show->add_option("contract", shown.contract, "Its number in `contracts`")->required();
  show->add_flag("--json", shown.json, "For programs");
  show->footer("Example:\n  deskledger-collector contracts show 3");
  auto* notices =
      sub->add_subcommand("notices", "What goes to its end: balances, contracts, what was bought");
  cli.config(notices, noticed.config);
  notices->add_option("--customer", noticed.customer, "Only this customer's code");
  notices->add_flag("--all", noticed.all, "Also what is over");
  notices->add_flag("--json", noticed.json, "For programs");
  notices->footer("Example:\n  deskledger-collector contracts notices --customer bakery");
  sub->require_subcommand(0, 1);
  cli.runs(sub, [=, &cli] {
    if (sell->parsed()) return run_sell(sold, cli.out, cli.err);
    if (adjust->parsed()) return run_adjust(adjusted, cli.out, cli.err);
    if (show->parsed()) return run_contract_show(shown, cli.out, cli.err);
    if (notices->parsed()) return run_contract_notices(noticed, cli.out, cli.err);
    if (complete->parsed()) return run_complete(completed, cli.out, cli.err);
    if (sub->got_subcommand("add")) return run_contract_put(added, cli.out, cli.err);
    if (sub->got_subcommand("change")) return run_contract_put(changed, cli.out, cli.err);
    return run_contracts(o, cli.out, cli.err);
  });
}

}  // namespace collector
