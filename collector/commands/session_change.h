// `sessions add`, `change`, `adjust` and `withdraw`: what a person decides about a session.

#pragma once

#include <cstdint>
#include <filesystem>
#include <iosfwd>
#include <optional>
#include <string>
#include <vector>

namespace collector::commands {

struct SessionAddOptions {
  std::filesystem::path config;
  std::string customer;
  std::optional<std::string> terminal = {};
  std::int64_t technician = 0;
  std::string start;     // moment.h
  std::string duration;  // "25m", "2h"
  std::string work_type;
  std::string comment;
  std::string reason = {};
  bool preview = false;
  bool json = false;
};
int run_session_add(const SessionAddOptions& options, std::ostream& out, std::ostream& err);

struct SessionChangeOptions {
  std::filesystem::path config;
  std::int64_t session = 0;
  std::optional<std::int64_t> technician;
  std::optional<std::string> customer;
  std::optional<std::string> terminal = {};
  std::optional<std::string> contract;
  std::optional<std::string> comment;
  std::optional<std::int64_t> minutes;
  bool no_charge = false;
  bool charge = false;
  std::optional<std::string> start;
  std::optional<std::string> end;
  std::optional<std::string> work_type;
  std::vector<std::string> reset;  // actions::resettable()
  std::string reason = {};
  bool preview = false;
  bool json = false;
};
int run_session_change(const SessionChangeOptions& options, std::ostream& out, std::ostream& err);

struct SessionAdjustOptions {
  std::filesystem::path config;
  std::int64_t session = 0;
  std::optional<std::int64_t> minutes;
  bool no_charge = false;
  std::string reason = {};
  bool preview = false;
  bool json = false;
};
// What a billed session ought to have cost.
int run_session_adjust(const SessionAdjustOptions& options, std::ostream& out, std::ostream& err);

struct SessionWithdrawOptions {
  std::filesystem::path config;
  std::int64_t session = 0;
  std::string reason = {};
  bool preview = false;
  bool json = false;
};
int run_session_withdraw(const SessionWithdrawOptions& options, std::ostream& out, std::ostream& err);

}  // namespace collector::commands
