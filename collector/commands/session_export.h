// A session as programs and spreadsheets take it: all that a manager asks about it in one row.
// docs/operating/collector.md names the fields.

#pragma once

#include <boost/json/object.hpp>
#include <optional>
#include <string>
#include <vector>

#include "collector/commands/session_rows.h"
#include "common/base/result.h"

namespace collector::commands {

// Why nothing is charged.
struct NoCharge {
  std::string who;  // Empty: the comment's #.
  std::optional<timing::UtcMs> when = {};
  std::string why = {};
};

// What a row says beside the session's own overview.
struct SessionDetails {
  std::vector<store::OverviewRow> series;  // All sessions of its series, itself among them, by their start.
  std::optional<NoCharge> no_charge;

  // Together; sessions without a length count nothing.
  std::int64_t series_seconds() const;
  std::int64_t series_minutes() const;
};

[[nodiscard]] base::Result<SessionDetails> load_details(store::Transaction& tx,
                                                        const store::OverviewRow& row);

// "no charge: mary on 2026-11-16 (asked by phone)", "no charge: the comment says so (#)".
std::string no_charge_text(const NoCharge& no_charge);

boost::json::object row_json(const Listed& listed, const SessionDetails& details);

// One line each, by RFC 4180 with LF. A text that a spreadsheet would take for a formula has an apostrophe in
// front.
std::string csv_header();
std::string csv_row(const Listed& listed, const SessionDetails& details);

}  // namespace collector::commands
