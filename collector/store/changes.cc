#include "collector/store/changes.h"

#include "collector/store/embedded_sql.h"
#include "collector/store/query.h"
#include "common/crypto/digest.h"
#include "common/record/signed_text.h"

namespace collector::store {

base::Result<std::int64_t> note_change(Transaction& transaction, const Change& change, timing::UtcMs now) {
  return attempt(transaction, [&]() -> base::Result<std::int64_t> {
    if (change.who.empty() || change.action.empty() || change.object.empty()) {
      return base::fail(base::ErrorCode::invalid_argument,
                        "store: a change needs to say who did what to what kind of thing");
    }
    Query newest(transaction, sql::change_newest);
    std::int64_t number = 0;
    std::string hash;
    newest.into(number).into_hex(hash).run();
    auto text = record::ChangeText{.number = static_cast<std::uint64_t>(++number),
                                   .previous = {},
                                   .changed_utc_ms = static_cast<std::uint64_t>(timing::to_ms(now)),
                                   .who = change.who,
                                   .action = change.action,
                                   .object = change.object,
                                   .key = change.key,
                                   .before = change.before,
                                   .after = change.after,
                                   .why = change.why};
    if (!hash.empty()) {
      const auto previous = crypto::Digest::from_bytes(hash);
      if (!previous) return std::unexpected(previous.error());
      text.previous = *previous;
    }
    Query insert(transaction, sql::change_insert);
    insert.with("number", number).with("changed_ms", now).with("who", change.who);
    insert.with("action", change.action).with("object", change.object).with_key("object_key", change.key);
    insert.with("before", change.before).with("after", change.after).with("why", change.why);
    insert.with_hex("hash", crypto::sha256(record::change_text(text)).bytes()).run();
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
