#include "collector/store/comments.h"

#include "collector/store/embedded_sql.h"
#include "collector/store/query.h"
#include "common/crypto/digest.h"

namespace collector::store {
namespace {

void name_comment(Query& query, const CommentRow& comment) {
  query.with_key("remote_id", comment.remote_id).with_key("anydesk_id", comment.anydesk_id);
  query.with("started_ms", comment.started).with_key("source", comment.source);
  // PostgreSQL cannot keep a text of any length in an index; its digest can stand for it.
  query.with("text_sha256", crypto::sha256(comment.text).hex());
}

void read_comment(Query& query, CommentRow& row) {
  query.into(row.id)
      .into(row.remote_id)
      .into(row.anydesk_id)
      .into(row.started)
      .into(row.text)
      .into(row.source);
  query.into(row.imported);
}

}  // namespace

base::Result<AddedComment> add_comment(Transaction& transaction, const CommentRow& comment) {
  return attempt(transaction, [&] {
    AddedComment added;
    Query insert(transaction, sql::comment_insert);
    name_comment(insert, comment);
    insert.with("text", comment.text).with("imported_ms", comment.imported).into(added.id);
    added.is_new = insert.run();
    if (added.is_new) {
      Query watch(transaction, sql::session_watch_commented);
      watch.with("remote_id", comment.remote_id);
      watch.with("from_ms", comment.started - kCommentToleranceMax);
      watch.with("to_ms", comment.started + kCommentToleranceMax).run();
      return added;
    }
    Query find(transaction, sql::comment_find_same);
    name_comment(find, comment);
    find.into(added.id).run();
    return added;
  });
}

base::Result<std::vector<CommentRow>> comments_near(Transaction& transaction, const std::string& remote_id,
                                                    timing::UtcMs from, timing::UtcMs to) {
  return attempt(transaction, [&] {
    Query query(transaction, sql::comment_list_near);
    CommentRow row;
    query.with("remote_id", remote_id).with("from_ms", from).with("to_ms", to);
    read_comment(query, row);
    std::vector<CommentRow> rows;
    while (query.next()) rows.push_back(row);
    return rows;
  });
}

base::Result<std::optional<CommentRow>> find_comment(Transaction& transaction, std::int64_t comment_id) {
  return attempt(transaction, [&]() -> std::optional<CommentRow> {
    Query query(transaction, sql::comment_find);
    CommentRow row;
    query.with("comment_id", comment_id);
    read_comment(query, row);
    if (!query.next()) return std::nullopt;
    return row;
  });
}

}  // namespace collector::store
