#include "tests/stories/desk.h"

#include <fcntl.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <boost/json.hpp>
#include <cstdio>
#include <fstream>
#include <iostream>
#include <sstream>

#include "agent/seal/fact.h"
#include "collector/commands/serve_parts.h"
#include "collector/commands/workspace.h"
#include "collector/commands/zones.h"
#include "collector/pipeline/pipeline.h"
#include "collector/store/agents.h"
#include "collector/store/mails.h"
#include "collector/store/session.h"
#include "common/timing/clock.h"
#include "tests/collector/store/small_world.h"
#include "tests/collector/store/store_fixture.h"
#include "tests/stories/clock.h"
#include "tests/stories/mail_text.h"

// collector/main.cc, compiled into this program under another name (CMakeLists.txt).
int deskledger_collector_main(int argc, char** argv);

namespace stories {

using collector::store::must;

namespace {

std::string read(const std::filesystem::path& path) {
  std::ifstream in{path, std::ios::binary};
  if (!in) throw std::runtime_error("cannot read " + path.string());
  return {std::istreambuf_iterator<char>{in}, {}};
}

// Words between blanks; single and double quotes keep blanks, and stand for themselves in each other.
std::vector<std::string> words_of(const std::string& line) {
  std::vector<std::string> words;
  bool inside = false;
  char quote = 0;
  for (const char c : line) {
    if (quote == 0 && c == ' ') {
      inside = false;
      continue;
    }
    if (!inside) words.emplace_back();
    inside = true;
    if (quote == 0 && (c == '\'' || c == '"')) {
      quote = c;
    } else if (c == quote) {
      quote = 0;
    } else {
      words.back() += c;
    }
  }
  if (quote != 0) throw std::runtime_error("a quote is left open");
  return words;
}

void print_into(const std::filesystem::path& path, int descriptor) {
  const int file = ::open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0600);
  if (file < 0 || ::dup2(file, descriptor) < 0) ::_exit(126);
}

std::string csv_cell(const std::string& text) {
  std::string cell = "\"";
  for (const char c : text) cell += c == '"' ? std::string{"\"\""} : std::string{c};
  return cell + '"';
}

}  // namespace

Desk::Desk(const std::string& database_url) {
  std::string pattern = (std::filesystem::temp_directory_path() / "deskledger-story.XXXXXX").string();
  if (::mkdtemp(pattern.data()) == nullptr) throw std::runtime_error("no temporary folder");
  folder_ = pattern;
  std::filesystem::create_directory(folder_ / "files");
  told("root", "init " + (folder_ / "desk").string() + " --mail eml" +
                   (database_url.empty() ? "" : " --database '" + database_url + "'"));
}

Desk::~Desk() {
  std::filesystem::remove_all(folder_);
}

Ran Desk::types(const std::string& who, const std::string& line) const {
  auto words = words_of("deskledger-collector " + line);
  const auto out = folder_ / "out", err = folder_ / "err";
  std::fflush(nullptr);
  const pid_t child = ::fork();
  if (child == 0) {
    print_into(out, STDOUT_FILENO);
    print_into(err, STDERR_FILENO);
    if (::chdir((folder_ / "files").c_str()) != 0) ::_exit(126);
    ::setenv("SUDO_USER", who.c_str(), 1);
    ::setenv("DESKLEDGER_COLLECTOR_CONFIG", config().c_str(), 1);
    ::setenv("LC_ALL", "C.UTF-8", 1);
    std::vector<char*> arguments;
    for (auto& word : words) arguments.push_back(word.data());
    arguments.push_back(nullptr);
    const int code = deskledger_collector_main(static_cast<int>(words.size()), arguments.data());
    std::cout.flush();
    std::cerr.flush();
    ::_exit(code);
  }
  int status = 0;
  if (child < 0 || ::waitpid(child, &status, 0) != child) throw std::runtime_error("no child process");
  if (!WIFEXITED(status)) throw std::runtime_error("'" + line + "' was ended by a signal");
  return {.code = WEXITSTATUS(status), .out = read(out), .err = read(err)};
}

std::string Desk::told(const std::string& who, const std::string& line) const {
  auto ran = types(who, line);
  if (ran.code != 0) throw std::runtime_error("'" + line + "' was refused: " + ran.err);
  return std::move(ran.out);
}

void Desk::writes(const std::string& file, const std::string& line) const {
  std::ofstream{folder_ / "files" / file, std::ios::binary | std::ios::app} << line << '\n';
}

collector::ingest::Sender& Desk::workstation(const std::string& name) {
  if (const auto known = workstations_.find(name); known != workstations_.end()) return known->second;
  auto& sender =
      workstations_.emplace(name, collector::ingest::Sender{static_cast<int>(workstations_.size()) + 1})
          .first->second;
  auto place = must(collector::commands::open_workspace(config()));
  must(place.database.transaction([&](collector::store::Transaction& tx) -> base::Status {
    const auto token = collector::store::create_token(tx, {.secret_hash = "secret of " + name,
                                                           .workstation = name,
                                                           .created = now(),
                                                           .expires = now() + std::chrono::minutes{15}});
    if (!token) return std::unexpected{token.error()};
    auto row = collector::store::agent_row(*token, sender.id());
    row.workstation = name;
    row.record_key = sender.public_key().bytes();
    row.enrolled = now();
    return collector::store::enrol(tx, row);
  }));
  return sender;
}

void Desk::reports(const Work& work) {
  agent::session::Snapshot snapshot;
  snapshot.key = "ad.trace " + work.remote_id + " " + timing::to_rfc3339(work.start);
  snapshot.remote_id = work.remote_id;
  snapshot.anydesk_id = work.anydesk_id;
  snapshot.requested = snapshot.started = work.start;
  snapshot.source = "ad.trace";
  switch (work.how) {
    case End::running: snapshot.outcome = agent::session::Outcome::active; break;
    case End::abandoned:
      snapshot.outcome = agent::session::Outcome::abandoned;
      snapshot.abandon_cause = agent::session::AbandonCause::power;
      snapshot.last_seen = work.end;
      break;
    case End::seen:
      snapshot.outcome = agent::session::Outcome::completed;
      snapshot.ended = work.end;
      snapshot.end_reason = "closed";
      break;
  }
  const auto body = agent::seal::fact_of(snapshot, {.utc = now(), .boot_ms = 1, .utc_offset_min = 0});
  auto& sender = workstation(work.workstation);
  const auto incoming = sender.batch(sender.seq + 1, sender.head, {body});
  auto place = must(collector::commands::open_workspace(config()));
  must(place.database.transaction([&](collector::store::Transaction& tx) -> base::Status {
    const auto answer = collector::ingest::take(tx, incoming, now());
    if (!answer) return std::unexpected{answer.error()};
    if (answer->outcome != record::v1::Ack::ACCEPTED)
      return base::fail(base::ErrorCode::conflict, answer->detail);
    return {};
  }));
  sender.seq += 1;
  sender.head = incoming.batch.head;
}

void Desk::comments(const std::string& remote_id, timing::UtcMs start, const std::string& text) {
  const auto file = folder_ / "comments.csv";
  std::ofstream{file, std::ios::binary} << "anydesk_id,remote_id,start,comment\n," << csv_cell(remote_id)
                                        << ',' << timing::to_rfc3339(start) << ',' << csv_cell(text) << '\n';
  told("root", "import " + file.string());
}

void Desk::bills(std::int64_t session, const std::string& document) const {
  auto place = must(collector::commands::open_workspace(config()));
  must(place.database.transaction([&](collector::store::Transaction& tx) -> base::Status {
    tx.session().script("INSERT INTO billed_session (session_id, document, billed_ms) VALUES (" +
                        std::to_string(session) + ", '" + document + "', " +
                        std::to_string(timing::to_ms(now())) + ")");
    return {};
  }));
}

void Desk::carry_on() const {
  auto place = must(collector::commands::open_workspace(config()));
  collector::pipeline::Pipeline pipeline{std::move(place.database),
                                         collector::commands::pipeline_settings(place.config),
                                         collector::commands::start_of_day_in_zone, timing::system_clock()};
  must(pipeline.run());
  for (auto& sender : must(collector::commands::make_senders(place.config, timing::system_clock())))
    must(sender.run());
}

std::vector<Mail> Desk::mails() const {
  auto place = must(collector::commands::open_workspace(config()));
  std::vector<Mail> sent;
  must(place.database.read([&](collector::store::Transaction& tx) -> base::Status {
    const auto rows = collector::store::list_mails(tx, 1'000);
    if (!rows) return std::unexpected{rows.error()};
    for (const auto& row : *rows) {
      if (row.kind == "notice") continue;  // The stories tell of them by the command that lists them.
      if (row.state != "sent") throw std::runtime_error("a mail to " + row.recipient + " is " + row.state);
      const auto raw = read(folder_ / "desk" / "mails" / (row.message_id + ".eml"));
      sent.push_back({.to = row.recipient, .text = readable(raw)});
    }
    return {};
  }));
  std::ranges::reverse(sent);
  return sent;
}

std::int64_t Desk::contract(const std::string& name) const {
  const auto list = boost::json::parse(told("mary", "contracts --json"));
  for (const auto& one : list.as_array()) {
    if (one.at("name").as_string() == name) return one.at("contract").as_int64();
  }
  throw std::runtime_error("no contract is called '" + name + "'");
}

}  // namespace stories
