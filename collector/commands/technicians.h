// `technicians` and `support-points`: who serves, and from where.

#pragma once

#include <cstdint>
#include <iosfwd>

#include "collector/commands/master_data.h"

namespace collector::commands {

struct TechniciansOptions {
  PersonOptions person;
  std::int64_t number = 0;
  Cells cells = {};  // name, email, active (yes or no), grade.
};

int run_technicians_list(const TechniciansOptions& options, std::ostream& out, std::ostream& err);
int run_technicians_add(const TechniciansOptions& options, std::ostream& out, std::ostream& err);
int run_technicians_change(const TechniciansOptions& options, std::ostream& out, std::ostream& err);

struct SupportPointsOptions {
  PersonOptions person;
  std::int64_t technician = 0;     // His number; for `list` 0: all.
  std::int64_t support_point = 0;  // For `change`: its number in the list.
  Cells cells = {};                // workstation, anydesk_id, valid_from, valid_to.
  bool shared = false;             // Several technicians use it, and that is meant.
};

int run_support_points_list(const SupportPointsOptions& options, std::ostream& out, std::ostream& err);
int run_support_points_add(const SupportPointsOptions& options, std::ostream& out, std::ostream& err);
// Changes the validity.
int run_support_points_change(const SupportPointsOptions& options, std::ostream& out, std::ostream& err);

}  // namespace collector::commands
