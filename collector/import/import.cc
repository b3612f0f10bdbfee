#include "collector/import/import.h"

#include <algorithm>
#include <tuple>

#include "collector/import/csv.h"
#include "collector/import/rows.h"

namespace collector::import {

using base::ErrorCode;
using base::fail;

namespace {

struct Parsed {
  Kind kind;
  std::size_t place;  // In the order in which the files were named.
  std::string name;
  CsvTable table;
};

// The kind whose columns come nearest, for the message about a header that fits none.
std::string expected_columns(const std::vector<std::string>& header) {
  const KindInfo* best = nullptr;
  std::ptrdiff_t most = 0;
  for (const auto& info : all_kinds()) {
    const auto shared = std::ranges::count_if(info.columns, [&](std::string_view column) {
      return std::ranges::find(header, column) != header.end();
    });
    if (best == nullptr || shared > most) {
      best = &info;
      most = shared;
    }
  }
  std::string list;
  for (const auto column : best->columns) list += (list.empty() ? "" : ",") + std::string{column};
  std::string optional;
  for (const auto column : best->optional)
    optional += (optional.empty() ? "; and as you like: " : ",") + std::string{column};
  return "the columns are not those of any import file; those of " + std::string{best->name} +
         " are: " + list + optional;
}

std::vector<Parsed> parse(const std::vector<File>& files, Report& report) {
  std::vector<Parsed> parsed;
  for (const auto& file : files) {
    auto table = parse_csv(file.text);
    if (!table) {
      report.problems.push_back({.file = file.name, .line = 0, .what = table.error().message});
      continue;
    }
    const auto kind = kind_of(table->header);
    if (!kind) {
      report.problems.push_back({.file = file.name, .line = 1, .what = expected_columns(table->header)});
      continue;
    }
    parsed.push_back({.kind = *kind, .place = parsed.size(), .name = file.name, .table = std::move(*table)});
  }
  std::ranges::sort(parsed, {}, [](const Parsed& file) { return std::tie(file.kind, file.place); });
  return parsed;
}

void count(const store::Put& put, Counts& counts) {
  (put.created ? counts.created : put.changed ? counts.changed : counts.unchanged) += 1;
}

// An error is the database's own: no further row can be tried then.
base::Status take_file(const Parsed& file, const Context& context, Report& report) {
  for (const auto& row : file.table.rows) {
    const auto complain = [&](const std::string& what) {
      report.problems.push_back({.file = file.name, .line = row.line, .what = what});
    };
    if (row.fields.size() != file.table.header.size()) {
      complain("has " + std::to_string(row.fields.size()) + " cells, the header has " +
               std::to_string(file.table.header.size()));
      continue;
    }
    Fields fields{file.table.header, row};
    const auto put = take_row(file.kind, fields, context);
    for (const auto& problem : fields.problems()) complain(problem);
    if (put) {
      count(*put, report.counts[file.kind]);
    } else if (put.error().code == ErrorCode::conflict) {
      complain(put.error().message);
    } else {
      return fail(file.name + ":" + std::to_string(row.line), put.error());
    }
  }
  return {};
}

base::Status take_all(store::Transaction& tx, const std::vector<Parsed>& files,
                      const store::StartOfDay& start_of_day, timing::UtcMs now, Report& report) {
  for (const auto& file : files) {
    const auto directory = store::load_directory(tx, start_of_day);
    if (!directory) return std::unexpected{directory.error()};
    const Context context{.tx = tx, .directory = *directory, .start_of_day = start_of_day, .now = now};
    if (auto done = take_file(file, context, report); !done) return done;
  }
  // Comments are no part of the directory, and an import that changed nothing makes nobody look again.
  const bool changed = std::ranges::any_of(report.counts, [](const auto& one) {
    return one.first != Kind::comments && one.second.created + one.second.changed > 0;
  });
  if (!changed) return {};
  if (const auto version = store::bump_directory_version(tx); !version)
    return std::unexpected{version.error()};
  return {};
}

}  // namespace

base::Result<Report> import_files(store::Connection& connection, const std::vector<File>& files,
                                  const store::StartOfDay& start_of_day, timing::UtcMs now, bool preview) {
  Report report;
  const auto parsed = parse(files, report);
  bool roll_back = false;
  const auto done = connection.transaction([&](store::Transaction& tx) -> base::Status {
    if (auto taken = take_all(tx, parsed, start_of_day, now, report); !taken) return taken;
    roll_back = preview || !report.problems.empty();
    // The only way to undo a transaction is to fail it.
    return roll_back ? fail(ErrorCode::cancelled, "nothing is to be committed") : base::Status{};
  });
  if (!done && !roll_back) return std::unexpected{done.error()};
  return report;
}

}  // namespace collector::import
