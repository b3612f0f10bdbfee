// What must hold at the end of every story, however often it was interrupted.

#pragma once

#include <string>
#include <vector>

#include "tests/support/site/sessions.h"
#include "tests/support/site/site.h"

namespace e2e {

// Of an agent's status; what was never counted is 0.
std::int64_t counter(const boost::json::object& status, std::string_view name);

// Starts what runs: the collector, an enrolled workstation, its agent.
void start_everything(support::Site& site);

// Waits until exactly these sessions have arrived, each once.
void expect_arrival(const support::Site& site, const std::vector<support::Told>& expected);

// Every record the agent sealed is stored, numbered without a gap in one epoch, and its hash follows from the
// one before; everything is acknowledged; no batch had an outcome other than accepted or duplicate.
void expect_whole_chain(const support::Site& site, const std::string& database_url);

// Waits until no session waits for its comment, charge or entry.
void expect_all_charged(const support::Site& site);

// Closes the mail windows and waits until every mail is sent.
void expect_all_mailed(const support::Site& site);

// Each mail once, as one file, one a customer; together they tell, each once, the sessions that the ledgers
// say are to be told.
void expect_mails_once(const support::Site& site);

// Each balance is the sum of its entries: what was bought minus what was charged, or what was charged.
void expect_balanced_ledgers(const support::Site& site);

// A seed that differs from run to run; DESKLEDGER_TEST_SEED repeats one. It is printed.
unsigned long seed();

}  // namespace e2e
