#include "agent/commands/parse.h"

#include <cerrno>
#include <cstdio>
#include <filesystem>
#include <functional>
#include <istream>
#include <memory>
#include <ostream>
#include <set>
#include <span>
#include <string_view>
#include <system_error>

#include "agent/commands/session_text.h"
#include "agent/session/batch.h"
#include "agent/tail/batch_reader.h"
#include "common/base/path.h"

namespace agent::commands {

namespace {

using base::ErrorCode;
using base::fail;
using base::Result;

struct CloseFile {
  void operator()(std::FILE* file) const { std::fclose(file); }
};
using File = std::unique_ptr<std::FILE, CloseFile>;

std::string advice(int error) {
  const std::string what = std::generic_category().message(error);
  if (error == ENOENT) return "there is no such file; check the name";
  if (error == EACCES || error == EPERM)
    return "permission denied; the service's trace needs administrator rights";
  return what + "; check the file and its disk";
}

Result<File> open_trace(const std::string& name) {
  const auto path = base::path_of(name);
  std::error_code ignored;
  if (std::filesystem::is_directory(path, ignored)) {
    return fail(ErrorCode::invalid_argument, "is a folder; name the trace files in it");
  }
  errno = 0;
#ifdef _WIN32
  File file{::_wfopen(path.c_str(), L"rb")};
#else
  File file{std::fopen(path.c_str(), "rb")};
#endif
  if (!file) return fail(ErrorCode::unavailable, advice(errno));
  return file;
}

// How many lines are read before what they settled is printed.
constexpr std::uint64_t kLinesBetweenOutput = 4096;

// One file's lines into `batch`. `settle` is called now and then.
base::Status read_trace(const std::string& name, std::istream& in, session::Batch& batch,
                        const std::function<void()>& settle) {
  std::uint64_t lines = 0;
  const auto take = [&](const tail::Line& line) {
    std::string_view text = line.text;
    if (line.offset == 0) {
      for (const std::string_view mark : {"\xEF\xBB\xBF", "\xFF\xFE"}) {
        if (text.starts_with(mark)) text.remove_prefix(mark.size());
      }
    }
    if (text.ends_with('\r')) text.remove_suffix(1);
    batch.line(text, line.offset);
    if (settle && ++lines % kLinesBetweenOutput == 0) settle();
  };
  if (name == "-") {
    const auto read = tail::read_stream(in, take);
    if (!read) return std::unexpected{read.error()};
    return {};
  }
  const auto file = open_trace(name);
  if (!file) return std::unexpected{file.error()};
  const auto next_block = [&](std::span<char> into) -> Result<std::size_t> {
    errno = 0;
    const std::size_t got = std::fread(into.data(), 1, into.size(), file->get());
    if (got == 0 && std::ferror(file->get()) != 0) return fail(ErrorCode::unavailable, advice(errno));
    return got;
  };
  const auto read = tail::read_blocks(next_block, take);
  if (!read) return std::unexpected{read.error()};
  return {};
}

std::string shown(const std::string& name) {
  return name == "-" ? "standard input" : name;
}

// Empty files are fine: AnyDesk makes them.
bool is_no_trace(const trace::TraceCounters& counters) {
  return counters.matched == 0 && counters.malformed > 0;
}

struct Run {
  std::vector<std::vector<session::Snapshot>> files;
  std::uint64_t service_lines = 0;
  std::uint64_t window_requests = 0;
  bool all_read = true;
};

void print_lines(const std::vector<session::Snapshot>& sessions, std::ostream& out) {
  for (const session::Snapshot& snapshot : sessions) out << to_json(snapshot) << "\n";
}

// `early` is where sessions are printed as soon as they are settled, so that a trace of any length takes the
// same memory; null where they must be merged with other files' or laid out in a table first.
void read_one(const std::string& name, std::istream& in, Run& run, std::ostream* early, std::ostream& err) {
  session::Batch batch{name};
  std::function<void()> settle;
  if (early != nullptr) settle = [&] { print_lines(batch.take_settled(), *early); };
  if (const auto read = read_trace(name, in, batch, settle); !read) {
    err << shown(name) << ": " << read.error().message << "\n";
    run.all_read = false;
    return;
  }
  const trace::TraceCounters& counters = batch.counters();
  if (is_no_trace(counters)) {
    err << shown(name) << ": is no AnyDesk trace (none of its " << counters.lines
        << " lines looks like one); name a *.trace file\n";
    run.all_read = false;
    return;
  }
  run.service_lines += counters.service_lines;
  run.window_requests += counters.window_requests;
  run.files.push_back(std::move(batch).sessions());
}

}  // namespace

int run_parse(const ParseOptions& options, std::istream& in, std::ostream& out, std::ostream& err) {
  if (options.files.empty()) {
    err << "parse: name at least one trace file, or - for standard input\n";
    return kParseUsage;
  }
  Run run;
  const std::set<std::string> names{options.files.begin(), options.files.end()};
  std::ostream* early = names.size() == 1 && options.format == ParseFormat::jsonl ? &out : nullptr;
  std::set<std::string> seen;
  for (const std::string& name : options.files) {
    if (seen.insert(name).second) read_one(name, in, run, early, err);
  }
  if (run.service_lines == 0 && run.window_requests > 0) {
    err << "note: " << run.window_requests
        << " connection request(s) of the window were left out: only the service's trace says what became of "
           "them; "
           "name it too\n";
  }
  const std::vector<session::Snapshot> sessions = session::merge_files(std::move(run.files));
  if (options.format == ParseFormat::jsonl) {
    print_lines(sessions, out);
  } else {
    out << to_table(sessions);
  }
  out.flush();
  if (!out) {
    err << "parse: writing the output failed; check the disk or the program that reads it\n";
    return kParseUsage;
  }
  return run.all_read ? kParsedAll : kParsedSome;
}

}  // namespace agent::commands
