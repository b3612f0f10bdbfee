#include "collector/commands/verify.h"

#include <unistd.h>

#include <boost/json.hpp>
#include <chrono>
#include <fstream>
#include <ostream>

#include "collector/commands/log_key.h"
#include "collector/commands/workspace.h"
#include "collector/proof/verify.h"
#include "common/base/text_table.h"
#include "common/crypto/secret_file.h"

namespace collector::commands {

namespace json = boost::json;
using base::ErrorCode;
using base::fail;

namespace {

// Now and then on a terminal, for checks that take their time.
std::function<void(const proof::Counts&)> progress_on(std::ostream& err) {
  if (::isatty(STDERR_FILENO) != 1) return {};
  return [&err, last = std::chrono::steady_clock::now()](const proof::Counts& counts) mutable {
    const auto now = std::chrono::steady_clock::now();
    if (now - last < std::chrono::seconds{1}) return;
    last = now;
    err << "\rchecked " << counts.records << " records of " << counts.streams << " streams ..." << std::flush;
  };
}

base::Result<proof::KeptCheckpoint> read_checkpoint(const std::filesystem::path& file,
                                                    const proof::NoteKey& log,
                                                    std::vector<proof::Finding>& findings) {
  const auto note = crypto::read_secret_file(file);
  if (!note) return std::unexpected{note.error()};
  auto checkpoint = proof::open_checkpoint(*note, log);
  if (checkpoint) return proof::KeptCheckpoint{.source = file.string(), .checkpoint = *std::move(checkpoint)};
  if (checkpoint.error().code == ErrorCode::unauthenticated) {
    findings.push_back({.kind = proof::Kind::checkpoint_signature,
                        .what = file.string() + ": " + checkpoint.error().message});
    return proof::KeptCheckpoint{};
  }
  return fail(file.string(), checkpoint.error());
}

// The checkpoints named, and the one that `serve` keeps beside its database.
base::Status read_checkpoints(std::vector<std::filesystem::path> files, proof::VerifyOptions& verify,
                              std::vector<proof::Finding>& findings) {
  for (const auto& file : files) {
    auto kept = read_checkpoint(file, verify.log, findings);
    if (!kept) return std::unexpected{kept.error()};
    if (!kept->source.empty()) verify.kept.push_back(std::move(*kept));
  }
  return {};
}

// A line for each agent: larger than the files that crypto::read_secret_file() reads.
base::Result<std::string> read_text(const std::filesystem::path& file) {
  constexpr std::uintmax_t kBytesMax = 64 * 1024 * 1024;
  std::error_code error;
  const auto size = std::filesystem::file_size(file, error);
  if (error) return fail(ErrorCode::not_found, "reading " + file.string() + ": " + error.message());
  if (size > kBytesMax) return fail(ErrorCode::corrupt, file.string() + " is too large for a file with keys");
  std::ifstream in{file, std::ios::binary};
  return std::string{std::istreambuf_iterator<char>{in}, {}};
}

base::Result<std::optional<proof::Keys>> read_keys(const std::filesystem::path& file) {
  if (file.empty()) return std::nullopt;
  const auto text = read_text(file);
  if (!text) return std::unexpected{text.error()};
  auto keys = proof::parse_keys(*text);
  if (!keys) return fail(file.string(), keys.error());
  return *std::move(keys);
}

void put_findings(std::vector<proof::Finding> first, proof::Report& report) {
  report.findings.insert(report.findings.begin(), first.begin(), first.end());
}

base::Result<proof::Report> check_bundle(const VerifyCommandOptions& options, std::ostream& err) {
  if (options.keys.empty() || !options.agent.empty()) {
    return fail(ErrorCode::invalid_argument,
                "--bundle needs --keys FILE (see: deskledger-collector evidence keys), "
                "and takes no --agent");
  }
  auto keys = read_keys(options.keys);
  if (!keys) return std::unexpected{keys.error()};
  proof::VerifyOptions verify{.log = (*keys)->log, .keys = *keys, .progress = progress_on(err)};
  std::vector<proof::Finding> findings;
  if (auto done = read_checkpoints(options.checkpoints, verify, findings); !done) {
    return std::unexpected{done.error()};
  }
  auto report = proof::verify_bundle(options.bundle, verify);
  if (report) put_findings(std::move(findings), *report);
  return report;
}

base::Result<proof::Report> check_database(const VerifyCommandOptions& options, std::ostream& err) {
  auto workspace = open_workspace(options.config);
  if (!workspace) return std::unexpected{workspace.error()};
  const auto& config = workspace->config;
  auto keys = read_keys(options.keys);
  if (!keys) return std::unexpected{keys.error()};
  proof::VerifyOptions verify{.keys = std::move(*keys), .progress = progress_on(err)};
  auto files = options.checkpoints;
  if (verify.keys) {
    verify.log = verify.keys->log;
  } else if (auto key = crypto::SigningKey::load(log_key_file(config)); key) {
    verify.log = {.name = config.proof_origin, .key = key->public_key()};
  } else if (key.error().code != ErrorCode::not_found) {
    return std::unexpected{key.error()};
  }
  std::error_code error;
  if (std::filesystem::exists(checkpoint_file(config), error)) files.push_back(checkpoint_file(config));
  if (!options.agent.empty()) {
    auto agent = agent_named(workspace->database, options.agent);
    if (!agent) return std::unexpected{agent.error()};
    verify.agent = std::move(*agent);
  }
  // What `serve` adds from now on is in the database before it is in the file.
  std::vector<proof::Finding> findings;
  if (auto done = read_checkpoints(std::move(files), verify, findings); !done) {
    return std::unexpected{done.error()};
  }
  auto report = proof::verify_database(workspace->database, verify);
  if (report) put_findings(std::move(findings), *report);
  return report;
}

json::value number_or_null(const std::optional<std::int64_t>& value) {
  return value ? json::value(*value) : json::value(nullptr);
}

void print_json(const proof::Report& report, std::ostream& out) {
  json::array findings;
  for (const auto& f : report.findings) {
    findings.push_back(json::object{{"kind", proof::to_string(f.kind)},
                                    {"agent", f.agent},
                                    {"workstation", base::cell_text(f.workstation, 500)},
                                    {"epoch", number_or_null(f.epoch)},
                                    {"seq", number_or_null(f.seq)},
                                    {"batch", number_or_null(f.batch)},
                                    {"leaf", number_or_null(f.leaf)},
                                    {"checkpoint", number_or_null(f.checkpoint)},
                                    {"change", number_or_null(f.change)},
                                    {"what", base::cell_text(f.what, 2'000)},
                                    {"expected", f.expected},
                                    {"found", f.found}});
  }
  const auto& counts = report.counts;
  out << json::serialize(json::object{{"clean", report.findings.empty()},
                                      {"streams", counts.streams},
                                      {"batches", counts.batches},
                                      {"records", counts.records},
                                      {"leaves", counts.leaves},
                                      {"checkpoints", counts.checkpoints},
                                      {"changes", number_or_null(counts.changes)},
                                      {"findings", std::move(findings)}})
      << '\n';
}

void print_text(const proof::Report& report, std::ostream& out) {
  for (const auto& f : report.findings) {
    out << proof::to_string(f.kind);
    if (!f.agent.empty())
      out << "  " << base::cell_text(f.workstation, 80) << " (" << base::cell_text(f.agent, 80) << ')';
    if (f.epoch) out << ", epoch " << *f.epoch;
    if (f.seq) out << ", record " << *f.seq;
    if (f.change) out << "  change " << *f.change;
    out << "\n  " << base::cell_text(f.what, 2'000) << '\n';
    if (!f.expected.empty()) out << "  expected  " << base::cell_text(f.expected, 200) << '\n';
    if (!f.found.empty()) out << "  found     " << base::cell_text(f.found, 200) << '\n';
  }
  const auto& counts = report.counts;
  out << (report.findings.empty() ? "Everything fits: " : "SOMETHING IS WRONG. Looked at: ") << counts.records
      << " records in " << counts.batches << " batches of " << counts.streams << " streams, " << counts.leaves
      << " leaves and " << counts.checkpoints << " checkpoints of the log";
  if (counts.changes) out << ", " << *counts.changes << " changes by people";
  out << ".\n";
  if (!report.only_agent.empty()) {
    out << "The bundle holds the records of one agent alone: " << base::cell_text(report.only_agent, 80)
        << ".\n";
  }
  if (!counts.changes)
    out << "The changes by people were not looked at: only a check of all agents does that.\n";
  if (!report.findings.empty()) {
    out << "Of each stream, and of the changes, the first thing is named; what follows it was not looked at. "
           "docs/operating/collector.md says what each one means.\n";
  }
}

}  // namespace

int run_verify(const VerifyCommandOptions& options, std::ostream& out, std::ostream& err) {
  const auto checked = options.bundle.empty() ? check_database(options, err) : check_bundle(options, err);
  if (::isatty(STDERR_FILENO) == 1) err << '\r' << std::flush;
  if (!checked) return report(err, checked.error());
  options.json ? print_json(*checked, out) : print_text(*checked, out);
  return checked->findings.empty() ? 0 : kSomethingIsWrong;
}

}  // namespace collector::commands
