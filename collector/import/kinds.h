// The kinds of import files: what each is called and which columns it has.

#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "common/base/result.h"

namespace collector::import {

// In the order in which files are taken in, whatever the order they were named in.
enum class Kind {
  technicians,
  customers,
  contacts,
  partners,
  terminals,
  support_points,
  templates,
  holidays,
  contracts,
  comments
};

struct KindInfo {
  Kind kind;
  std::string_view name;
  std::vector<std::string_view> columns;   // All must be there, in any order.
  std::vector<std::string_view> optional;  // May be there. A row keeps what it has where one is not.
  std::string_view example;                // One row of all columns, the optional ones behind the others.
};

const std::vector<KindInfo>& all_kinds();

const KindInfo& info_of(Kind kind);

// Of that name; nothing if there is none.
std::optional<Kind> kind_named(std::string_view name);

// The header with all columns and one example row, both with LF: what a person fills in.
std::string file_template(const KindInfo& info);

// The one kind to which a header belongs. invalid_argument if it belongs to none, or to several: names what
// is missing, what comes twice, and what is unknown, each unknown one with the nearest column of the kind
// that comes nearest.
[[nodiscard]] base::Result<Kind> kind_of(const std::vector<std::string>& header);

}  // namespace collector::import
