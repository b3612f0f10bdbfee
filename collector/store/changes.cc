#include "collector/store/changes.h"

#include "collector/store/embedded_sql.h"
#include "collector/store/query.h"
#include "common/crypto/digest.h"
#include "common/record/signed_text.h"

namespace collector::store {

namespace {

base::Status check(const Change& change) {
  using base::ErrorCode;
  if (change.who.empty() || change.action.empty() || change.object.empty()) {
    return base::fail(ErrorCode::invalid_argument,
                      "store: a change needs to say who did what to what kind of thing");
  }
  const auto bytes = change.who.size() + change.action.size() + change.object.size() + change.key.size() +
                     change.before.size() + change.after.size() + change.why.size();
  if (bytes > change_bytes_max) {
    return base::fail(ErrorCode::invalid_argument, "a change of " + std::to_string(bytes) +
                                                       " bytes of text is too large: at most " +
                                                       std::to_string(change_bytes_max) + " can be kept");
  }
  return {};
}

struct End {
  std::int64_t number = 0;
  crypto::Digest head;
};

base::Result<End> find_end(Transaction& transaction) {
  Query query(transaction, sql::change_state_find);
  End end;
  std::string head;
  std::int64_t newest = 0;
  if (!query.into(end.number).into_hex(head).into(newest).run() || newest > end.number) {
    return base::fail(base::ErrorCode::corrupt,
                      "the chain of changes goes on behind where it is said to end: somebody changed the "
                      "database, and nothing can be noted. See: deskledger-collector verify");
  }
  const auto digest = crypto::Digest::from_bytes(head);
  if (!digest) return std::unexpected(digest.error());
  end.head = *digest;
  return end;
}

}  // namespace

base::Result<std::int64_t> note_change(Transaction& transaction, const Change& change, timing::UtcMs now) {
  return attempt(transaction, [&]() -> base::Result<std::int64_t> {
    if (auto good = check(change); !good) return std::unexpected(good.error());
    const auto end = find_end(transaction);
    if (!end) return std::unexpected(end.error());
    const auto number = end->number + 1;
    const auto hash =
        crypto::sha256(record::change_text({.number = static_cast<std::uint64_t>(number),
                                            .previous = end->head,
                                            .changed_utc_ms = static_cast<std::uint64_t>(timing::to_ms(now)),
                                            .who = change.who,
                                            .action = change.action,
                                            .object = change.object,
                                            .key = change.key,
                                            .before = change.before,
                                            .after = change.after,
                                            .why = change.why}));
    Query insert(transaction, sql::change_insert);
    insert.with("number", number).with("changed_ms", now).with("who", change.who);
    insert.with("action", change.action).with("object", change.object).with_key("object_key", change.key);
    insert.with("before", change.before).with("after", change.after).with("why", change.why);
    insert.with_hex("hash", hash.bytes()).run();
    Query put(transaction, sql::change_state_put);
    put.with("number", number).with_hex("head", hash.bytes()).run();
    return number;
  });
}

base::Result<std::vector<ChangeRow>> list_changes(Transaction& transaction, const ChangeFilter& filter) {
  return attempt(transaction, [&] {
    Query query(transaction, sql::change_list);
    ChangeRow row;
    query.with("limit", filter.limit).with("object", filter.object).with("object_key", filter.key);
    query.into(row.number).into(row.changed).into(row.change.who).into(row.change.action);
    query.into(row.change.object).into(row.change.key).into(row.change.before).into(row.change.after);
    query.into(row.change.why).into_hex(row.hash);
    std::vector<ChangeRow> rows;
    while (query.next()) rows.push_back(row);
    return rows;
  });
}

}  // namespace collector::store
