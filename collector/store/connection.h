// One connection to the collector's database, and the transactions on it.
//
// SQLite by default, PostgreSQL by configuration; every promise below holds on
// both. The functions beside this header (agents.h, records.h, ...) take the
// Transaction they run in, so that the caller decides what commits together.
//
// Writers take turns: SQLite has one writer at a time, and on PostgreSQL
// transaction() takes one advisory lock, so that what is read inside a
// transaction cannot be changed by another before it commits.

#pragma once

#include <functional>
#include <memory>
#include <string>

#include "common/base/result.h"

namespace collector::store {

enum class Dialect { sqlite, postgresql };

class Session;  // The room's own side of a connection; session.h.

// Only handed out by Connection, only valid inside the function it is given to.
class Transaction {
 public:
  explicit Transaction(Session& session) : session_(session) {}
  Transaction(const Transaction&) = delete;
  Transaction& operator=(const Transaction&) = delete;

  Session& session() { return session_; }

 private:
  Session& session_;
};

// Move-only; one thread at a time. Several connections to one database may be
// used by several threads or processes.
class Connection {
 public:
  using Work = std::function<base::Status(Transaction&)>;

  // `sqlite:/path/to/file.db` (made with mode 0600 if it does not exist),
  // `postgresql://user@host/name`, or `postgresql:` and libpq's key=value pairs.
  // invalid_argument for any other form, unavailable if nobody answers, corrupt
  // if the file is no database. The schema is not looked at: see migrate.h.
  [[nodiscard]] static base::Result<Connection> open(const std::string& url);

  Connection(Connection&&) noexcept;
  Connection& operator=(Connection&&) noexcept;
  ~Connection();

  // Runs `work` alone among writers and commits, durably, if it succeeded;
  // otherwise nothing it did remains and its error is returned. A store function
  // that failed inside the database dooms the transaction: it rolls back with
  // that error even if `work` went on and succeeded.
  //
  // Errors of the store: unavailable (locked for more than 10 s, connection
  // lost: the next call connects again), conflict (a constraint or an
  // append-only table refused), resource_exhausted (disk full), corrupt,
  // invalid_argument (text that is not storable, see text.h), internal.
  [[nodiscard]] base::Status transaction(const Work& work);

  // For migrations: a transaction in which tables may be replaced while others refer to them. SQLite's own
  // way (lang_altertable.html, section 7): its foreign keys are off meanwhile and checked before the commit;
  // conflict if one of them then points nowhere.
  [[nodiscard]] base::Status rebuild(const Work& work);

  // The same for reading: everything `work` sees is of one moment, and it cannot
  // write. Does not wait for writers.
  [[nodiscard]] base::Status read(const Work& work);

  Dialect dialect() const;

 private:
  explicit Connection(std::unique_ptr<Session> session);
  std::unique_ptr<Session> session_;
};

}  // namespace collector::store
