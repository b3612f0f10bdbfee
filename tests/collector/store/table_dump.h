// Every row of every table, as text, to be held against those of another database.

#pragma once

#include <map>
#include <string>
#include <vector>

#include "collector/store/connection.h"

namespace collector::store {

struct Table {
  std::vector<std::string> columns;
  std::vector<std::vector<std::string>> rows;  // In order; "NULL" for what is null.
};
using Tables = std::map<std::string, Table>;

Tables dump(Transaction& t);

// The same without a column.
Tables without(Tables tables, const std::string& table, const std::string& column);

// With ids counted from 1 in their order, in each table and wherever they are referred to: PostgreSQL gives a
// number once, also to what was rolled back. Without the texts of mails, which hold such numbers.
Tables renumbered(Tables tables);

// "" if they are the same, else the first table and row that differ.
std::string difference(const Tables& expected, const Tables& found);

}  // namespace collector::store
