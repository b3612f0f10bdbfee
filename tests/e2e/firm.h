// The little support firm of the demonstration, and busier days for it.

#pragma once

#include <chrono>
#include <string>
#include <vector>

#include "tests/support/site/site.h"

namespace e2e {

// Technicians, customers, terminals, support points, templates and contracts of tests/data/demo.
void import_firm(const support::Site& site);

// The demonstration's day, and the same day's closing comments.
std::string demo_trace();
std::string demo_comments();

struct Days {
  std::string trace;
  std::string comments;  // As CSV: one for each session that came about.
};

// A technician's days from 2026-11-02 on: desktop, file transfer and vpn sessions, some at the same time,
// some refused, with `noise` kilobytes of other lines a session. `later` moves them, so that another
// technician's are told apart.
Days busy_days(int days, int sessions_a_day, int noise_kb, std::chrono::seconds later = {});

// Writes `text` below the site's folder and imports it.
void import_text(const support::Site& site, const std::string& name, const std::string& text);

}  // namespace e2e
