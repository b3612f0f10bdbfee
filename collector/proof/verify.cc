#include "collector/proof/verify.h"

#include "collector/proof/agent_book.h"
#include "collector/proof/change_check.h"
#include "collector/proof/stream_check.h"
#include "collector/proof/walk.h"
#include "collector/store/audit.h"

namespace collector::proof {

namespace {

base::Status check_log(store::Connection& database, const VerifyOptions& options, Report& report) {
  LogCheck check{options.log, options.kept};
  const auto read = database.read([&](store::Transaction& tx) { return walk_log(tx, check); });
  if (!read) return read;
  check.end();
  report.counts.leaves = check.leaves();
  report.counts.checkpoints = check.checkpoints();
  report.findings = check.findings();
  return {};
}

base::Status check_changes(store::Connection& database, Report& report) {
  ChangeCheck check;
  const auto read = database.read([&](store::Transaction& tx) { return walk_changes(tx, check); });
  if (!read) return read;
  report.counts.changes = check.changes();
  if (check.finding()) report.findings.push_back(*check.finding());
  return {};
}

base::Status check_stream(store::Connection& database, const store::StreamName& stream,
                          const AgentBook::Checked& agent, const AgentBook& book, Report& report) {
  StreamCheck check{agent.id, stream.epoch, agent.key};
  const auto read = database.read([&](store::Transaction& tx) { return walk_stream(tx, stream, check); });
  if (!read) return read;
  report.counts.records += check.records();
  report.counts.batches += check.batches();
  if (check.finding()) {
    auto finding = *check.finding();
    finding.agent = stream.agent;
    finding.workstation = book.workstation(stream.agent);
    finding.epoch = stream.epoch;
    report.findings.push_back(std::move(finding));
  }
  return {};
}

}  // namespace

base::Result<Report> verify_database(store::Connection& database, const VerifyOptions& options) {
  Report report;
  if (auto done = check_log(database, options, report); !done) return std::unexpected{done.error()};
  if (options.agent.empty()) {
    if (auto done = check_changes(database, report); !done) return std::unexpected{done.error()};
  }
  AgentBook book{options.keys ? &*options.keys : nullptr};
  std::vector<store::StreamName> streams;
  const auto read = database.read([&](store::Transaction& tx) -> base::Status {
    auto agents = store::audit_agents(tx);
    if (!agents) return std::unexpected{agents.error()};
    for (auto& agent : *agents) {
      if (options.agent.empty() || options.agent == agent.agent) book.add(std::move(agent));
    }
    auto all = store::audit_streams(tx);
    if (!all) return std::unexpected{all.error()};
    streams = std::move(*all);
    return {};
  });
  if (!read) return std::unexpected{read.error()};
  for (auto& finding : book.findings()) report.findings.push_back(std::move(finding));
  for (const auto& stream : streams) {
    if (!options.agent.empty() && stream.agent != options.agent) continue;
    ++report.counts.streams;
    const auto agent = book.find(stream.agent);
    if (const auto* known = std::get_if<AgentBook::Checked>(&agent)) {
      if (auto done = check_stream(database, stream, *known, book, report); !done) {
        return std::unexpected{done.error()};
      }
    } else if (!book.contains(stream.agent)) {  // Else it was told with the agents.
      auto finding = std::get<Finding>(agent);
      finding.epoch = stream.epoch;
      report.findings.push_back(std::move(finding));
    }
    if (options.progress) options.progress(report.counts);
  }
  return report;
}

}  // namespace collector::proof
