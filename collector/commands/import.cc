#include "collector/commands/import.h"

#include <boost/json.hpp>
#include <cerrno>
#include <fstream>
#include <ostream>
#include <sstream>
#include <system_error>

#include "collector/commands/person.h"
#include "collector/commands/workspace.h"
#include "collector/commands/zones.h"
#include "collector/import/import.h"

namespace collector::commands {

namespace json = boost::json;

namespace {

base::Result<std::vector<import::File>> read_all(const std::vector<std::string>& names) {
  std::vector<import::File> files;
  for (const auto& name : names) {
    std::ifstream in{name, std::ios::binary};
    std::ostringstream text;
    std::error_code unknown;
    const bool is_folder = std::filesystem::is_directory(name, unknown);
    if (is_folder || !in || !(text << in.rdbuf())) {
      // An empty file makes operator<< fail without an error of the system.
      if (!is_folder && in && in.peek() == std::ifstream::traits_type::eof() && in.eof()) {
        files.push_back({.name = name, .text = ""});
        continue;
      }
      return base::fail(base::ErrorCode::not_found, name + " cannot be read: " +
                                                        (is_folder ? "it is a folder; name its files"
                                                                   : std::generic_category().message(errno)));
    }
    files.push_back({.name = name, .text = text.str()});
  }
  return files;
}

void print_json(const import::Report& report, const ImportOptions& options, std::ostream& out) {
  json::object counts;
  for (const auto& [kind, count] : report.counts) {
    counts[import::info_of(kind).name] =
        json::object{{"created", count.created}, {"changed", count.changed}, {"unchanged", count.unchanged}};
  }
  json::array problems;
  for (const auto& problem : report.problems) {
    problems.push_back(
        json::object{{"file", problem.file}, {"line", problem.line}, {"problem", problem.what}});
  }
  out << json::serialize(json::object{{"committed", report.problems.empty() && !options.preview},
                                      {"kinds", std::move(counts)},
                                      {"problems", std::move(problems)}})
      << '\n';
}

}  // namespace

int run_import(const ImportOptions& options, std::ostream& out, std::ostream& err) {
  auto workspace = open_workspace(options.config);
  if (!workspace) return report(err, workspace.error());
  const auto files = read_all(options.files);
  if (!files) return report(err, files.error());
  const auto actor = this_actor(options.reason);
  const auto done =
      import::import_files(workspace->database, *files, start_of_day_in_zone, actor, options.preview);
  if (!done) return report(err, done.error());
  if (options.json) print_json(*done, options, out);
  for (const auto& problem : done->problems) {
    err << problem.file << ':' << (problem.line > 0 ? std::to_string(problem.line) + ":" : "") << ' '
        << problem.what << '\n';
  }
  if (!done->problems.empty()) {
    err << "deskledger-collector: nothing was imported: " << done->problems.size() << " problem"
        << (done->problems.size() == 1 ? "" : "s") << '\n';
    return 1;
  }
  if (!options.json) {
    for (const auto& [kind, count] : done->counts) {
      out << import::info_of(kind).name << ": " << count.created << " new, " << count.changed << " changed, "
          << count.unchanged << " as before\n";
    }
    if (options.preview) out << "This was a preview: nothing was changed.\n";
  }
  return 0;
}

int print_import_columns(std::ostream& out) {
  for (const auto& info : import::all_kinds()) {
    out << "# " << info.name;
    if (!info.optional.empty()) {
      out << "; needed are only: ";
      for (std::size_t i = 0; i < info.columns.size(); ++i) out << (i == 0 ? "" : ",") << info.columns[i];
    }
    out << '\n' << import::file_template(info) << '\n';
  }
  return 0;
}

int print_import_template(const std::string& kind, std::ostream& out, std::ostream& err) {
  const auto found = import::kind_named(kind);
  if (found) {
    out << import::file_template(import::info_of(*found));
    return 0;
  }
  std::string known;
  for (const auto& info : import::all_kinds()) known += (known.empty() ? "" : ", ") + std::string{info.name};
  return report(err, {base::ErrorCode::invalid_argument,
                      "template '" + kind + "' is no kind of import file; there are: " + known});
}

}  // namespace collector::commands
