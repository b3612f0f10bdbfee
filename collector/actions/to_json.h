// Master data, and entries of a ledger, as JSON: what stands in the chain of changes, and what listings give
// to programs.

#pragma once

#include <boost/json.hpp>
#include <string>

#include "collector/directory/nouns.h"
#include "collector/ledger/entry.h"

namespace collector::actions {

boost::json::object to_json(const directory::Customer& customer);
// `customer` is the owner's code.
boost::json::object to_json(const directory::Contact& contact, const std::string& customer);
boost::json::object to_json(const directory::Terminal& terminal, const std::string& customer);
boost::json::object to_json(const directory::Technician& technician);
// `technician` is his number.
boost::json::object to_json(const directory::SupportPoint& support_point, std::int64_t technician);
boost::json::object to_json(const directory::Partner& partner);
// {"partner":"northern","told":true,"from":null,"until":null}, or null.
boost::json::value partner_json(const std::optional<directory::ContractPartner>& partner);
// What of a contract is agreed, without what is worked out from it.
boost::json::object to_json(const directory::Contract& contract, const std::string& customer);

boost::json::object to_json(const directory::Holiday& holiday);
boost::json::object to_json(const ledger::Entry& entry);

// The same on one line.
template <class... Arguments>
std::string json_text(const Arguments&... arguments) {
  return boost::json::serialize(to_json(arguments...));
}

}  // namespace collector::actions
