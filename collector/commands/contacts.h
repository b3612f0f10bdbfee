// `contacts`: the people at customers.

#pragma once

#include <iosfwd>
#include <string>

#include "collector/commands/master_data.h"

namespace collector::commands {

struct ContactsOptions {
  PersonOptions person;
  std::string customer = {};  // A code; for `list` empty: of all.
  std::string email = {};     // Who it is.
  Cells cells = {};           // first_name, surname, phone.
  bool primary = false;       // Becomes the primary contact.
};

int run_contacts_list(const ContactsOptions& options, std::ostream& out, std::ostream& err);
int run_contacts_add(const ContactsOptions& options, std::ostream& out, std::ostream& err);
int run_contacts_change(const ContactsOptions& options, std::ostream& out, std::ostream& err);
int run_contacts_remove(const ContactsOptions& options, std::ostream& out, std::ostream& err);

}  // namespace collector::commands
