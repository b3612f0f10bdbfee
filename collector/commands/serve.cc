#include "collector/commands/serve.h"

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/thread_pool.hpp>
#include <csignal>
#include <ostream>

#include "collector/commands/keep_trust.h"
#include "collector/commands/log_key.h"
#include "collector/commands/mail_logo.h"
#include "collector/commands/serve_parts.h"
#include "collector/commands/workspace.h"
#include "collector/commands/zones.h"
#include "collector/identity/pki.h"
#include "collector/net/agent_server.h"
#include "collector/pipeline/pipeline.h"
#include "collector/proof/keeper.h"
#include "common/logging/log.h"
#include "common/timing/clock.h"

namespace collector::commands {

namespace {

logging::Level level_of(const std::string& name) {
  if (name == "debug") return logging::Level::debug;
  if (name == "warning") return logging::Level::warning;
  return name == "error" ? logging::Level::error : logging::Level::info;
}

// Threads of their own, so that a mail server that is slow keeps nothing else waiting.
std::vector<std::unique_ptr<pipeline::SendRunner>> start_senders(const Config& config,
                                                                 std::vector<pipeline::Sender> senders) {
  std::vector<std::unique_ptr<pipeline::SendRunner>> runners;
  for (std::size_t i = 0; i < senders.size(); ++i) {
    runners.push_back(std::make_unique<pipeline::SendRunner>(std::move(senders[i]), timing::system_clock(),
                                                             config.mail_accounts[i].name));
  }
  return runners;
}

// Ends when a signal asks for it; the server's connections end with it, and `beside`, which runs as long.
// What the server threw instead, if it ended by itself.
std::exception_ptr run_until_signal(boost::asio::io_context& io, net::AgentServer& server,
                                    boost::asio::awaitable<void> beside) {
  std::exception_ptr crash;
  boost::asio::cancellation_signal stop, stop_beside;
  boost::asio::co_spawn(
      io, std::move(beside),
      boost::asio::bind_cancellation_slot(stop_beside.slot(), [](const std::exception_ptr&) {}));
  boost::asio::signal_set signals{io, SIGINT, SIGTERM};
  signals.async_wait([&](const boost::system::error_code& error, int) {
    if (!error) stop.emit(boost::asio::cancellation_type::terminal);
  });
  boost::asio::co_spawn(io, server.run(),
                        boost::asio::bind_cancellation_slot(stop.slot(), [&](std::exception_ptr e) {
                          crash = std::move(e);
                          signals.cancel();
                          stop_beside.emit(boost::asio::cancellation_type::terminal);
                        }));
  io.run();
  return crash;
}

}  // namespace

int run_serve(const ServeOptions& options, std::ostream& out, std::ostream& err) {
  // A mail server or an agent that goes away must not end the program.
  std::signal(SIGPIPE, SIG_IGN);
  auto workspace = open_workspace(options.config);
  if (!workspace) return report(err, workspace.error());
  const Config& config = workspace->config;
  logging::set_level(level_of(config.log_level));
  const auto lock = take_serve_lock(config.directory);
  if (!lock) return report(err, lock.error());
  if (const auto kept = keep_port_certificate(config.pki_directory, timing::system_clock().utc()); !kept) {
    logging::warning("the port's certificate was not renewed", {{"reason", kept.error().message}});
  }
  const auto pki = identity::load_pki(config.pki_directory);
  if (!pki) return report(err, pki.error());
  auto for_pipeline = store::Connection::open(config.database_url);
  if (!for_pipeline) return report(err, for_pipeline.error());
  auto for_commits = store::Connection::open(config.database_url);
  if (!for_commits) return report(err, for_commits.error());
  auto for_log = store::Connection::open(config.database_url);
  if (!for_log) return report(err, for_log.error());
  auto log_key = load_or_make_log_key(config);
  if (!log_key) return report(err, log_key.error());
  auto settings = pipeline_settings(config);
  auto logo = load_logo(config);
  if (!logo) return report(err, logo.error());
  settings.mail_logo = *std::move(logo);
  auto senders = make_senders(config, timing::system_clock());
  if (!senders) return report(err, senders.error());

  // In the order of need: the server uses the worker and the committer, the committer wakes the runner, and
  // all of them are gone before the network's context is. The log's keeper goes last, to put down what the
  // committer stored last.
  boost::asio::io_context io{1};
  const proof::Keeper keeper{*std::move(for_log),
                             proof::Log{config.proof_origin, *std::move(log_key), checkpoint_file(config)},
                             std::chrono::seconds{config.checkpoint_seconds}, timing::system_clock()};
  identity::CurrentTrust trust{pki->trust};
  const auto send_runners = start_senders(config, std::move(*senders));
  pipeline::Runner runner{
      {*std::move(for_pipeline), std::move(settings), start_of_day_in_zone, timing::system_clock()}};
  ingest::Committer committer{std::move(*for_commits), [&runner] { runner.wake(); }};
  boost::asio::thread_pool worker{1};
  net::AgentServer server{io.get_executor(),
                          {.trust = trust,
                           .acknowledgement_key = pki->acknowledgement_key,
                           .committer = committer,
                           .database = workspace->database,
                           .worker = worker.get_executor(),
                           .clock = timing::system_clock(),
                           .limits = config.limits,
                           .clock_is_right = options.clock_is_right}};
  const auto opened =
      server.open(options.listen_agents.empty() ? config.listen_agents : options.listen_agents);
  if (!opened) return report(err, opened.error());
  out << "listening for agents on " << server.port() << '\n' << std::flush;
  const auto crash = run_until_signal(
      io, server, keep_trust(trust, config.pki_directory, worker.get_executor(), timing::system_clock()));
  for (const auto& one : send_runners) one->stop();
  worker.join();
  if (crash) {
    return report(err, {base::ErrorCode::internal, "the port for agents ended by itself; see the journal"});
  }
  logging::info("stopped");
  return 0;
}

}  // namespace collector::commands
