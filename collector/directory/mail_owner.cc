#include "collector/directory/mail_owner.h"

#include <algorithm>
#include <set>
#include <string>

#include "collector/directory/typed.h"

namespace collector::directory {

const Customer* customer_of_mail(const std::vector<Customer>& customers, const std::vector<Contact>& contacts,
                                 std::string_view address) {
  const auto at = address.rfind('@');
  if (at == address.npos || at == 0) return nullptr;
  const auto whole = lower(address);
  const auto domain = whole.substr(at + 1);

  std::set<std::int64_t> of_contact;
  for (const auto& contact : contacts) {
    if (contact.email == whole) of_contact.insert(contact.customer_id);
  }
  const Customer* of_domain = nullptr;
  for (const auto& customer : customers) {
    if (of_contact.size() == 1 && of_contact.contains(customer.id)) return &customer;
    if (std::ranges::find(customer.domains, domain) != customer.domains.end()) of_domain = &customer;
  }
  return of_domain;
}

}  // namespace collector::directory
