// Whose mail it is.

#pragma once

#include <string_view>
#include <vector>

#include "collector/directory/nouns.h"

namespace collector::directory {

// The customer to whom a mail address belongs: the one of whom it is a contact, else the one who has its
// domain. Null if there is none, if it is the contact of two customers of whom neither has the domain, or if
// `address` is no address. A domain's sub-domains are not meant.
const Customer* customer_of_mail(const std::vector<Customer>& customers, const std::vector<Contact>& contacts,
                                 std::string_view address);

}  // namespace collector::directory
