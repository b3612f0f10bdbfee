// The kinds of import files: what each is called and which columns it has.

#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace collector::import {

// In the order in which files are taken in, whatever the order they were named in.
enum class Kind {
  technicians,
  customers,
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
  std::vector<std::string_view> columns;  // All must be there, in any order, and no other but `optional`.
  std::string_view example;               // One row of `columns`.
  std::vector<std::string_view> optional = {};  // What later versions added: files of earlier ones lack them.
};

const std::vector<KindInfo>& all_kinds();

const KindInfo& info_of(Kind kind);

// The kind that has these columns; nothing if there is none.
std::optional<Kind> kind_of(const std::vector<std::string>& header);

}  // namespace collector::import
