#include "collector/store/migrate.h"

#include <array>
#include <string>
#include <vector>

#include "collector/store/embedded_migrations.h"
#include "collector/store/embedded_sql.h"
#include "collector/store/query.h"

namespace collector::store {
namespace {

constexpr std::array sqlite_migrations{
    Migration{1, "initial", text::n0001_initial_sqlite, text::n0001_initial_sqlite_sha256},
    Migration{2, "second_witness", text::n0002_second_witness_sqlite,
              text::n0002_second_witness_sqlite_sha256},
    Migration{3, "trust", text::n0003_trust_sqlite, text::n0003_trust_sqlite_sha256},
    Migration{4, "change", text::n0004_change_sqlite, text::n0004_change_sqlite_sha256},
    Migration{5, "ledger", text::n0005_ledger_sqlite, text::n0005_ledger_sqlite_sha256},
    Migration{6, "master_data", text::n0006_master_data_sqlite, text::n0006_master_data_sqlite_sha256},
    Migration{7, "rules", text::n0007_rules_sqlite, text::n0007_rules_sqlite_sha256},
    Migration{8, "decisions", text::n0008_decisions_sqlite, text::n0008_decisions_sqlite_sha256},
    Migration{9, "change_head", text::n0009_change_head_sqlite, text::n0009_change_head_sqlite_sha256},
    Migration{10, "contract_life", text::n0010_contract_life_sqlite, text::n0010_contract_life_sqlite_sha256},
    Migration{11, "session_pages", text::n0011_session_pages_sqlite, text::n0011_session_pages_sqlite_sha256},
    Migration{12, "rerating", text::n0012_rerating_sqlite, text::n0012_rerating_sqlite_sha256},
    Migration{13, "notice_state", text::n0013_notice_state_sqlite, text::n0013_notice_state_sqlite_sha256},
    Migration{14, "charge_inputs", text::n0014_charge_inputs_sqlite, text::n0014_charge_inputs_sqlite_sha256},
    Migration{15, "mail_outbox", text::n0015_mail_outbox_sqlite, text::n0015_mail_outbox_sqlite_sha256},
    Migration{16, "mail_template", text::n0016_mail_template_sqlite, text::n0016_mail_template_sqlite_sha256},
    Migration{17, "fewer_pages", text::n0017_fewer_pages_sqlite, text::n0017_fewer_pages_sqlite_sha256},
    Migration{18, "mail_batch", text::n0018_mail_batch_sqlite, text::n0018_mail_batch_sqlite_sha256},
    Migration{19, "plain_checks", text::n0019_plain_checks_sqlite, text::n0019_plain_checks_sqlite_sha256},
};
constexpr std::array postgresql_migrations{
    Migration{1, "initial", text::n0001_initial_postgres, text::n0001_initial_postgres_sha256},
    Migration{2, "second_witness", text::n0002_second_witness_postgres,
              text::n0002_second_witness_postgres_sha256},
    Migration{3, "trust", text::n0003_trust_postgres, text::n0003_trust_postgres_sha256},
    Migration{4, "change", text::n0004_change_postgres, text::n0004_change_postgres_sha256},
    Migration{5, "ledger", text::n0005_ledger_postgres, text::n0005_ledger_postgres_sha256},
    Migration{6, "master_data", text::n0006_master_data_postgres, text::n0006_master_data_postgres_sha256},
    Migration{7, "rules", text::n0007_rules_postgres, text::n0007_rules_postgres_sha256},
    Migration{8, "decisions", text::n0008_decisions_postgres, text::n0008_decisions_postgres_sha256},
    Migration{9, "change_head", text::n0009_change_head_postgres, text::n0009_change_head_postgres_sha256},
    Migration{10, "contract_life", text::n0010_contract_life_postgres,
              text::n0010_contract_life_postgres_sha256},
    Migration{11, "session_pages", text::n0011_session_pages_postgres,
              text::n0011_session_pages_postgres_sha256},
    Migration{12, "rerating", text::n0012_rerating_postgres, text::n0012_rerating_postgres_sha256},
    Migration{13, "notice_state", text::n0013_notice_state_postgres,
              text::n0013_notice_state_postgres_sha256},
    Migration{14, "charge_inputs", text::n0014_charge_inputs_postgres,
              text::n0014_charge_inputs_postgres_sha256},
    Migration{15, "mail_outbox", text::n0015_mail_outbox_postgres, text::n0015_mail_outbox_postgres_sha256},
    Migration{16, "mail_template", text::n0016_mail_template_postgres,
              text::n0016_mail_template_postgres_sha256},
    Migration{17, "fewer_pages", text::n0017_fewer_pages_postgres, text::n0017_fewer_pages_postgres_sha256},
    Migration{18, "mail_batch", text::n0018_mail_batch_postgres, text::n0018_mail_batch_postgres_sha256},
    Migration{19, "plain_checks", text::n0019_plain_checks_postgres,
              text::n0019_plain_checks_postgres_sha256},
};

struct Applied {
  std::int64_t number = 0;
  std::string name;
  std::string sha256;
};

bool has_history(Transaction& transaction) {
  Query query(transaction, transaction.session().dialect() == Dialect::sqlite
                               ? sql::schema_migration_exists_sqlite
                               : sql::schema_migration_exists_postgres);
  std::int64_t tables = 0;
  query.into(tables).run();
  return tables > 0;
}

std::vector<Applied> applied_migrations(Transaction& transaction) {
  std::vector<Applied> all;
  Applied row;
  Query query(transaction, sql::schema_migration_list);
  query.into(row.number).into(row.name).into(row.sha256);
  while (query.next()) all.push_back(row);
  return all;
}

base::Status check_history(const std::vector<Applied>& applied, std::span<const Migration> known) {
  const auto version = known.empty() ? 0 : known.back().number;
  for (const auto& row : applied) {
    if (row.number > version) {
      return base::fail(
          base::ErrorCode::conflict,
          "the database has schema " + std::to_string(applied.back().number) +
              ", this program knows schemas up to " + std::to_string(version) +
              ": start the newer deskledger-collector that upgraded it, or restore the backup made "
              "before the upgrade");
    }
    const auto& same = known[static_cast<std::size_t>(row.number - 1)];
    if (row.sha256 != same.sha256) {
      return base::fail(
          base::ErrorCode::conflict,
          "migration " + std::to_string(row.number) + " (" + row.name + ") was applied as sha256 " +
              row.sha256 + ", this program has it as " + std::string(same.sha256) +
              ": the database was made by another build; start the one that made it, or restore a "
              "backup made by a release");
    }
  }
  return {};
}

void apply(Transaction& transaction, const Migration& migration, timing::UtcMs now) {
  auto& session = transaction.session();
  try {
    session.script(std::string(migration.text));
  } catch (...) {
    const auto what =
        "apply migration " + std::to_string(migration.number) + " (" + std::string(migration.name) + ")";
    throw StatementFailed{current_error(session, what)};
  }
  Query query(transaction, sql::schema_migration_insert);
  query.with("number", migration.number).with("name", migration.name).with("sha256", migration.sha256);
  query.with("applied_ms", now).run();
}

}  // namespace

std::span<const Migration> migrations(Dialect dialect) {
  if (dialect == Dialect::sqlite) return sqlite_migrations;
  return postgresql_migrations;
}

base::Status migrate(Connection& connection, timing::UtcMs now) {
  return migrate(connection, now, migrations(connection.dialect()));
}

base::Status migrate(Connection& connection, timing::UtcMs now, std::span<const Migration> known) {
  // Mostly there is nothing to do, and to see that needs no writer's turn: a rebuild would look through the
  // whole database while nothing is stored.
  bool done = false;
  const auto looked = connection.read([&](Transaction& transaction) {
    return attempt(transaction, [&]() -> base::Status {
      if (!has_history(transaction)) return {};
      const auto applied = applied_migrations(transaction);
      done = applied.size() == known.size();
      return check_history(applied, known);
    });
  });
  if (!looked || done) return looked;
  return connection.rebuild([&](Transaction& transaction) {
    return attempt(transaction, [&]() -> base::Status {
      if (!has_history(transaction)) Query(transaction, sql::schema_migration_create).run();
      const auto applied = applied_migrations(transaction);
      if (const auto sound = check_history(applied, known); !sound) return sound;
      for (const auto& migration : known.subspan(applied.size())) apply(transaction, migration, now);
      return {};
    });
  });
}

base::Result<int> schema_version(Connection& connection) {
  int version = 0;
  const auto read = connection.read([&](Transaction& transaction) {
    return attempt(transaction, [&] {
      if (!has_history(transaction)) return;
      const auto applied = applied_migrations(transaction);
      if (!applied.empty()) version = static_cast<int>(applied.back().number);
    });
  });
  if (!read) return std::unexpected(read.error());
  return version;
}

}  // namespace collector::store
