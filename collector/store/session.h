// Inside this room only: the SOCI session behind a Connection, and how its
// exceptions become our errors.

#pragma once

#include <soci/soci.h>

#include <memory>
#include <optional>
#include <string>

#include "collector/store/connection.h"
#include "collector/store/soci_statement_cache.h"
#include "collector/store/statement_cache.h"
#include "collector/store/write_turn.h"
#include "common/base/result.h"

namespace collector::store {

// Carries an Error from a statement to the border of the room (attempt() in
// query.h, Connection::transaction).
struct StatementFailed {
  base::Error error;
};

class Session {
 public:
  // What to open: SOCI's connection string without our prefix.
  Session(Dialect dialect, std::string parameters)
      : dialect_(dialect), parameters_(std::move(parameters)), turns_(WriteTurns::of(parameters_)) {}

  // Opens, or opens again after a lost connection, and sets what we rely on.
  // Throws what SOCI throws.
  void connect();
  bool connected() const { return connected_; }
  void lost() { connected_ = false; }

  // One or several statements without parameters, exactly as written.
  // Throws what SOCI throws.
  void script(const std::string& text);

  Dialect dialect() const { return dialect_; }
  WriteTurns& turns() { return *turns_; }
  soci::session& soci() { return soci_; }
  StatementCache& statements() { return statements_; }                // SQLite's.
  SociStatementCache& soci_statements() { return soci_statements_; }  // PostgreSQL's.

  // Whether the running transaction may only read. PostgreSQL sees to that itself; SQLite's query_only would
  // have it prepare every statement again after each change of it.
  bool only_reads() const { return only_reads_; }
  void only_reads(bool only) { only_reads_ = only; }

  // The first failure inside the running transaction dooms it.
  void doom(const base::Error& error) {
    if (!doomed_) doomed_ = error;
  }
  const std::optional<base::Error>& doomed() const { return doomed_; }
  void forget_doom() { doomed_.reset(); }

 private:
  Dialect dialect_;
  std::string parameters_;
  std::shared_ptr<WriteTurns> turns_;
  soci::session soci_;
  StatementCache statements_;  // Behind the session: they must be gone before it closes.
  SociStatementCache soci_statements_;
  bool connected_ = false;
  bool only_reads_ = false;
  std::optional<base::Error> doomed_;
};

// A connection string of PostgreSQL, URI or key=value pairs, with limits for a server that vanished, other
// than those it names itself. What cannot be parsed stays as it is.
std::string with_patience(std::string parameters);

// The exception being handled, as an Error whose message starts with what was
// `attempted`. Call inside a catch block only. Marks a lost connection.
base::Error current_error(Session& session, const std::string& attempted);

}  // namespace collector::store
