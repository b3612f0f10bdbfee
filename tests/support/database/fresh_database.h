// A database for one test: empty, or with the current schema.
//
// They are gone when the test program ends. A test program that asks for
// PostgreSQL is declared with room_test(... POSTGRES), which starts the private
// server around it; asked for without one, fresh_postgres_url() ends the
// program with a message.

#pragma once

#include <string>

namespace support {

// A url for collector::store::Connection::open. Each call names another database.
std::string fresh_sqlite_url();
std::string fresh_postgres_url();

// The same, with the current schema in it, which is copied in a tenth of the time that the migrations take.
// Where no server runs, migrated_sqlite_url() is an empty one: who asks migrates it in any case.
std::string migrated_sqlite_url();
std::string migrated_postgres_url();

// Another database with the same in it. Nobody may be connected to the one that `url` names.
std::string copy_of(const std::string& url);

// Removes it before the test program ends.
void drop(const std::string& url);

// The file behind a url of fresh_sqlite_url().
std::string sqlite_path(const std::string& url);

}  // namespace support
