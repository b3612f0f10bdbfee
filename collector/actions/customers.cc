#include "collector/actions/customers.h"

#include <algorithm>

#include "collector/actions/made_code.h"
#include "collector/actions/to_json.h"
#include "collector/store/customers.h"
#include "common/base/nearest.h"

namespace collector::actions {

using directory::Customer;

namespace {

// And writes it as it is kept.
base::Status check(Customer& customer) {
  for (const auto& fine : {check_text("code", customer.code), check_text("name", customer.name, true),
                           check_email("email", customer.email), take_language("language", customer.language),
                           check_text("rank", customer.rank), check_text("tax_id", customer.tax_id),
                           check_text("street", customer.street), check_text("city", customer.city),
                           check_text("country", customer.country), check_text("state", customer.state),
                           check_text("postal_code", customer.postal_code),
                           check_text("phone", customer.phone), check_text("fax", customer.fax)}) {
    if (!fine) return fine;
  }
  return {};
}

base::Status check_domains(store::Transaction& tx, const Customer& customer) {
  for (const auto& domain : customer.domains) {
    const auto owner = store::owner_of_domain(tx, domain);
    if (!owner) return std::unexpected{owner.error()};
    if (!*owner || **owner == customer.code) continue;
    return base::fail(base::ErrorCode::conflict, "domains: " + domain + " is the mail domain of " + **owner +
                                                     "; take it from that customer first");
  }
  return {};
}

}  // namespace

base::Result<Done> put_customer(store::Transaction& tx, const Actor& actor, Way way, Customer customer) {
  if (auto fine = check(customer); !fine) return std::unexpected{fine.error()};
  if (customer.code.empty()) {
    auto code = code_for(
        "customer", customer.name, way,
        [&](const std::string& name) { return store::customers_named(tx, name); },
        [&](const std::string& candidate) { return store::find_customer(tx, candidate); });
    if (!code) return std::unexpected{code.error()};
    customer.code = *std::move(code);
  }
  const auto before = store::find_customer(tx, customer.code);
  if (!before) return std::unexpected{before.error()};
  if (auto fine = check_way(way, before->has_value(), "customer", customer.code); !fine) {
    return std::unexpected{fine.error()};
  }
  if (auto fine = check_domains(tx, customer); !fine) return std::unexpected{fine.error()};
  const auto put = store::upsert_customer(tx, customer);
  if (!put) return std::unexpected{put.error()};
  return finish(tx, actor, way, "customer", customer.code, *put, *before ? json_text(**before) : "",
                json_text(customer));
}

base::Result<Customer> the_customer(store::Transaction& tx, const std::string& code) {
  auto found = store::find_customer(tx, code);
  if (!found) return std::unexpected{found.error()};
  if (*found) return std::move(**found);
  const auto all = store::list_customers(tx);
  if (!all) return std::unexpected{all.error()};
  std::vector<std::string> codes;
  std::ranges::transform(*all, std::back_inserter(codes), &Customer::code);
  const auto near = base::nearest(code, codes);
  return base::fail(base::ErrorCode::not_found, "'" + code + "' is no customer's code" +
                                                    (near ? " (did you mean " + *near + "?)" : "") +
                                                    "; see: deskledger-collector customers list");
}

}  // namespace collector::actions
