#include "collector/store/connection.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <system_error>

#include "collector/store/session.h"

namespace collector::store {
namespace {

// Any number will do, as long as every collector of one database uses the same:
// "deskledg" in ASCII. Advisory locks belong to one database, not to the server.
constexpr const char* postgresql_writer_lock = "SELECT pg_advisory_xact_lock(7234305322093471847)";

// As long as SQLite waits for another process (busy_timeout in session.cc).
constexpr std::chrono::milliseconds turn_limit{10'000};

// SQLite would make the file with the process's umask; its -wal and -shm
// files take over the mode of the file.
//
// A file that exists must not be opened here, not even for a moment: closing
// any descriptor of it drops the locks that this process's other connections
// hold (SQLite, "How To Corrupt", 2.2). Another program would then take itself
// for the last user and delete the WAL under them, with everything committed.
base::Status make_private_file(const std::string& path) {
  const int fd = ::open(path.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
  if (fd < 0) {
    const int reason = errno;
    if (reason == EEXIST) return {};
    const auto code = reason == EACCES || reason == EPERM || reason == EROFS
                          ? base::ErrorCode::permission_denied
                          : base::ErrorCode::unavailable;
    return base::fail(code, "store: open " + path + ": " + std::generic_category().message(reason));
  }
  ::close(fd);
  return {};
}

base::Result<std::unique_ptr<Session>> session_for(const std::string& url) {
  if (url.starts_with("sqlite:")) {
    const std::string path = url.substr(7);
    if (path.empty() || path.find('"') != std::string::npos || path.find('\0') != std::string::npos) {
      return base::fail(base::ErrorCode::invalid_argument, "store: no usable file name in " + url);
    }
    if (const auto made = make_private_file(path); !made) return std::unexpected(made.error());
    return std::make_unique<Session>(Dialect::sqlite, "dbname=\"" + path + "\"");
  }
  if (url.starts_with("postgresql://")) return std::make_unique<Session>(Dialect::postgresql, url);
  if (url.starts_with("postgresql:")) return std::make_unique<Session>(Dialect::postgresql, url.substr(11));
  return base::fail(base::ErrorCode::invalid_argument,
                    "store: a database url starts with sqlite: or postgresql:, this one does not");
}

const char* begin_statement(Dialect dialect, bool writes) {
  if (dialect == Dialect::sqlite) return writes ? "BEGIN IMMEDIATE" : "BEGIN DEFERRED";
  return writes ? "BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE"
                : "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY";
}

// Whatever happened before, the session is outside any transaction afterwards,
// or marked as lost.
void roll_back(Session& session) {
  try {
    session.script("ROLLBACK");
  } catch (const soci::soci_error&) {
    // SQLite has rolled back by itself after a full disk; a lost PostgreSQL
    // connection has nothing left to roll back.
    if (session.dialect() == Dialect::postgresql) session.lost();
  }
}

// Begins, works, ends. Throws what SOCI throws and what `work` throws.
base::Status begin_and_work(Session& session, bool writes, const Connection::Work& work) {
  if (!session.connected()) session.connect();
  session.script(begin_statement(session.dialect(), writes));
  session.only_reads(!writes);
  if (writes && session.dialect() == Dialect::postgresql) session.script(postgresql_writer_lock);
  Transaction transaction(session);
  const base::Status done = work(transaction);
  if (const auto& doomed = session.doomed()) return std::unexpected(*doomed);
  return done;
}

base::Status run(Session& session, bool writes, const Connection::Work& work) {
  session.forget_doom();
  const std::string attempted = writes ? "write transaction" : "read transaction";
  WriteTurn turn;
  if (writes && session.dialect() == Dialect::sqlite && !turn.take(session.turns(), turn_limit)) {
    return base::fail(base::ErrorCode::unavailable, "store: " + attempted + ": the database is locked");
  }
  base::Status done;
  try {
    done = begin_and_work(session, writes, work);
    if (done && writes) {
      session.script("COMMIT");
      return done;
    }
  } catch (...) {
    done = std::unexpected(current_error(session, attempted));
  }
  if (!session.connected()) return done;
  try {
    roll_back(session);
  } catch (...) {
    return std::unexpected(current_error(session, attempted));
  }
  return done;
}

}  // namespace

Connection::Connection(std::unique_ptr<Session> session) : session_(std::move(session)) {}
Connection::Connection(Connection&&) noexcept = default;
Connection& Connection::operator=(Connection&&) noexcept = default;
Connection::~Connection() = default;

base::Result<Connection> Connection::open(const std::string& url) {
  auto session = session_for(url);
  if (!session) return std::unexpected(session.error());
  try {
    (*session)->connect();
  } catch (...) {
    return std::unexpected(current_error(**session, "connect"));
  }
  return Connection(std::move(*session));
}

base::Status Connection::transaction(const Work& work) {
  return run(*session_, true, work);
}

base::Status Connection::rebuild(const Work& work) {
  if (dialect() != Dialect::sqlite) return transaction(work);
  const auto set_foreign_keys = [&](const char* statement) -> base::Status {
    try {
      if (!session_->connected()) session_->connect();
      session_->script(statement);
      return {};
    } catch (...) {
      return std::unexpected(current_error(*session_, "rebuild"));
    }
  };
  if (const auto off = set_foreign_keys("PRAGMA foreign_keys = OFF"); !off) return off;
  const auto done = transaction([&](Transaction& tx) -> base::Status {
    if (const auto worked = work(tx); !worked) return worked;
    const soci::rowset<soci::row> dangling = (tx.session().soci().prepare << "PRAGMA foreign_key_check");
    if (dangling.begin() == dangling.end()) return {};
    return base::fail(base::ErrorCode::conflict, "store: rebuild: a row of " +
                                                     dangling.begin()->get<std::string>(0) +
                                                     " would refer to nothing; nothing was changed");
  });
  const auto on = set_foreign_keys("PRAGMA foreign_keys = ON");
  return done ? on : done;
}

base::Status Connection::read(const Work& work) {
  return run(*session_, false, work);
}

Dialect Connection::dialect() const {
  return session_->dialect();
}

}  // namespace collector::store
