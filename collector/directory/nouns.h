// The collector's master data: whom we serve, who serves, on what terms.
//
// Plain values, as of one moment: the store fills them, attribution reads
// them. An id is the store's row id and means nothing outside one database.
// `valid_from` and `valid_to` bound a row in time, half-open [from, to); an
// absent bound is open.

#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "collector/directory/agreement.h"
#include "collector/directory/terms.h"
#include "collector/rating/rule.h"
#include "common/timing/utc.h"

namespace collector::directory {

struct Customer {
  std::int64_t id = 0;
  std::string code;  // Short, unique, what import files refer to.
  std::string name;
  std::string email;  // Where the session mails go; empty: none is sent.
  std::string language = "en";
  std::string rank = {};  // A label for people; decides nothing.
  // Mail from these is this customer's; lower case, without '@'. A domain has one owner.
  std::vector<std::string> domains = {};
  std::string tax_id = {};
  std::string street = {};
  std::string city = {};
  std::string country = {};
  std::string state = {};
  std::string postal_code = {};
  std::string phone = {};
  std::string fax = {};
};

// A person at a customer. Of those that a customer has, exactly one is the primary contact.
struct Contact {
  std::int64_t id = 0;
  std::int64_t customer_id = 0;
  std::string first_name;
  std::string surname;
  std::string email;  // Lower case; unique for its customer.
  std::string phone = {};
  bool primary = false;
};

// Who passes customers on to us and may be told about their sessions.
struct Partner {
  std::int64_t id = 0;
  std::string code;  // Short, unique.
  std::string name;
  std::string email;
  std::string language = "en";
};

// A customer's AnyDesk ID or alias. At most one customer owns an address at a time.
struct Terminal {
  std::int64_t id = 0;
  std::int64_t customer_id = 0;
  std::string address;      // Digits, or name@namespace.
  std::string description;  // "Server", "Billing".
  std::optional<timing::UtcMs> valid_from;
  std::optional<timing::UtcMs> valid_to;
  // When the row was found to be a mistake; it counts for nothing then, and attribution never sees it.
  std::optional<timing::UtcMs> withdrawn = {};
};

struct Technician {
  std::int64_t id = 0;
  std::int64_t number = 0;  // What a comment may start with; unique, above zero.
  std::string name;
  std::string email;
  bool active = true;
  std::string grade = {};  // What rating rules call it, "senior"; empty: none.
};

// Which technician uses which workstation, or which AnyDesk ID, from when to when.
struct SupportPoint {
  std::int64_t id = 0;
  std::int64_t technician_id = 0;
  std::string workstation;  // As named at enrolment; empty when the row is about an AnyDesk ID.
  std::string anydesk_id;   // The technician's own; empty when the row is about a workstation.
  std::optional<timing::UtcMs> valid_from;
  std::optional<timing::UtcMs> valid_to;
};

// Rating parameters under a name. A change makes a new version; versions are never edited.
struct Template {
  std::int64_t id = 0;
  std::string name;
  std::int64_t version = 1;
  rating::Rule rule;
  // What a contract that is made from it agrees unless something else is said (agreement.h).
  std::vector<Agreed> contract = {};
};

// Who passed the customer on, and may be told about the sessions of the contract.
struct ContractPartner {
  std::int64_t id = 0;
  std::string code;
  bool told = true;
  // In the contract's time zone, both included; absent: as long as the contract.
  std::optional<std::chrono::year_month_day> first_day = {};
  std::optional<std::chrono::year_month_day> last_day = {};

  bool operator==(const ContractPartner&) const = default;
};

// A person's word that a contract's sessions of [from, to) are rated by another rule, or anew by the one they
// have.
struct Rerating {
  std::int64_t id = 0;  // Grows; a later one goes before an earlier one.
  timing::UtcMs from;
  timing::UtcMs to;
  std::optional<Template> rule = {};  // Absent: the one in force before it.
};

struct Contract {
  std::int64_t id = 0;
  std::int64_t customer_id = 0;
  std::string name;  // Unique for its customer.
  Model model = Model::prepaid;
  Terms terms = {};
  std::int64_t template_id = 0;  // The frozen template version whose rule is `rule`.
  std::string template_name;
  std::int64_t template_version = 1;
  rating::Rule rule;
  std::vector<Rerating> reratings = {};                // Oldest first; rule_at.h says what they mean.
  std::chrono::year_month_day start_day;               // First day, in `time_zone`.
  std::optional<std::chrono::year_month_day> end_day;  // Last day, inclusive, in `time_zone`.
  std::string time_zone = "UTC";                       // IANA name.
  std::string holiday_calendar = {};                   // A name of Directory::calendars; empty: no holidays.
  // The contract's days as instants, [valid_from, valid_to), worked out by whoever
  // loads it (common/timing's zones), so that pure rooms need no zone database.
  timing::UtcMs valid_from;
  std::optional<timing::UtcMs> valid_to;
  std::int64_t mail_window_min = 60;  // Sessions of one window share one mail.
  bool mail_no_charge = true;         // Whether sessions without charge appear in mails.
  bool mail_customer = true;          // Whether the customer is told of sessions at all.
  std::optional<ContractPartner> partner = {};
};

struct Holiday {
  std::chrono::year_month_day day;
  std::string name;
};

// Days that are no weekdays for the bands of a rule, under a name that contracts refer to: "GR", "Branch B".
struct HolidayCalendar {
  std::string name;
  std::vector<Holiday> holidays;  // In order of days.
};

// Everything attribution may look at, loaded in one read transaction.
struct Directory {
  std::int64_t version = 0;  // Grows with every change of master data.
  std::vector<Customer> customers;
  std::vector<Terminal> terminals;
  std::vector<Technician> technicians;
  std::vector<SupportPoint> support_points;
  std::vector<Contract> contracts;
  std::vector<HolidayCalendar> calendars;  // In order of names; none is empty.
};

}  // namespace collector::directory
