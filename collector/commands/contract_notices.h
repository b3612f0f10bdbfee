// `contracts notices`: what somebody should know about contracts before it surprises a customer.

#pragma once

#include <boost/json/object.hpp>
#include <filesystem>
#include <iosfwd>
#include <optional>
#include <string>

#include "collector/store/notices.h"

namespace collector::commands {

struct ContractNoticesOptions {
  std::filesystem::path config;
  std::optional<std::string> customer = {};  // A code.
  bool all = false;                          // Also what is over.
  bool json = false;
};
// Oldest first.
int run_contract_notices(const ContractNoticesOptions& options, std::ostream& out, std::ostream& err);

// One notice for programs, without whose it is.
boost::json::object notice_json(const store::NoticeRow& row);

}  // namespace collector::commands
