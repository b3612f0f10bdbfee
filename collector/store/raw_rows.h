// Inside this room only: a cursor over the rows of one SELECT, read with the database's own functions. Values
// are looked at where the database has them, without a copy.
//
// Throws what current_error() of session.h understands.

#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "collector/store/audit.h"
#include "collector/store/session.h"

namespace collector::store {

class RawRows {
 public:
  // `sql` may name :agent and :epoch; its first line is a comment that says its reason.
  static std::unique_ptr<RawRows> open(Session& session, std::string_view sql, const StreamName& stream);
  virtual ~RawRows() = default;

  // False behind the last row.
  virtual bool next() = 0;
  // Of the row at hand; valid until the next call of next(). No value is an empty text, or 0.
  virtual std::string_view text(int column) = 0;
  virtual std::int64_t number(int column) = 0;

  Session& session() { return session_; }
  const std::string& reason() const { return reason_; }

 protected:
  RawRows(Session& session, std::string reason) : session_(session), reason_(std::move(reason)) {}

 private:
  Session& session_;
  std::string reason_;
};

}  // namespace collector::store
