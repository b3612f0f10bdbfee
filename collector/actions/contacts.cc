#include "collector/actions/contacts.h"

#include <algorithm>

#include "collector/actions/to_json.h"
#include "collector/directory/typed.h"
#include "collector/store/contacts.h"

namespace collector::actions {

using directory::Contact;
using directory::Customer;

namespace {

std::string key_of(const Customer& customer, const std::string& email) {
  return customer.code + "/" + email;
}

// Who is primary among `contacts`; null if nobody is.
const Contact* primary_of(const std::vector<Contact>& contacts) {
  const auto found = std::ranges::find(contacts, true, &Contact::primary);
  return found == contacts.end() ? nullptr : &*found;
}

// That the primary contact is no longer who it was.
base::Status note_former(store::Transaction& tx, const Actor& actor, const Customer& customer,
                         const Contact& former) {
  auto after = former;
  after.primary = false;
  return note(tx, actor, "change", "contact", key_of(customer, former.email),
              json_text(former, customer.code), json_text(after, customer.code));
}

}  // namespace

base::Result<Done> put_contact(store::Transaction& tx, const Actor& actor, Way way, const Customer& customer,
                               Contact contact) {
  contact.customer_id = customer.id;
  contact.email = directory::lower(contact.email);
  for (const auto& fine :
       {check_text("first_name", contact.first_name, true), check_text("surname", contact.surname, true),
        check_email("email", contact.email, true), check_text("phone", contact.phone)}) {
    if (!fine) return std::unexpected{fine.error()};
  }
  const auto all = store::list_contacts(tx, customer.id);
  if (!all) return std::unexpected{all.error()};
  const auto before = std::ranges::find(*all, contact.email, &Contact::email);
  const auto key = key_of(customer, contact.email);
  if (auto fine = check_way(way, before != all->end(), "contact", key); !fine) {
    return std::unexpected{fine.error()};
  }
  const auto put = store::upsert_contact(tx, contact);
  if (!put) return std::unexpected{put.error()};
  const auto after = store::find_contact(tx, customer.id, contact.email);
  if (!after) return std::unexpected{after.error()};
  const auto* former = primary_of(*all);
  if ((*after)->primary && former != nullptr && former->id != put->id) {
    if (auto noted = note_former(tx, actor, customer, *former); !noted) {
      return std::unexpected{noted.error()};
    }
  }
  return finish(tx, actor, way, "contact", key, *put,
                before != all->end() ? json_text(*before, customer.code) : "",
                json_text(**after, customer.code), false);
}

base::Status remove_contact(store::Transaction& tx, const Actor& actor, const Customer& customer,
                            const std::string& email) {
  const auto address = directory::lower(email);
  const auto found = store::find_contact(tx, customer.id, address);
  if (!found) return std::unexpected{found.error()};
  if (auto fine = check_way(Way::change, found->has_value(), "contact", key_of(customer, address)); !fine) {
    return fine;
  }
  if (auto removed = store::remove_contact(tx, **found); !removed) return removed;
  return note(tx, actor, "remove", "contact", key_of(customer, address), json_text(**found, customer.code),
              "");
}

}  // namespace collector::actions
