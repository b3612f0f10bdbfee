// A support firm's collector, whole and in one place: the program that people type at, the pipeline that
// carries rows on, workstations that tell of sessions, and the mails that go out. Time is the story's
// (clock.h).

#pragma once

#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "common/timing/utc.h"
#include "tests/collector/ingest/sender.h"

namespace stories {

// What a command printed and returned.
struct Ran {
  int code = 0;
  std::string out;
  std::string err;
};

enum class End { seen, running, abandoned };

struct Work {
  std::string workstation = {};
  std::string anydesk_id = {};  // The workstation's own; may be empty.
  std::string remote_id = {};
  timing::UtcMs start = {};
  timing::UtcMs end = {};  // Of no meaning while it runs; for an abandoned one the last sign of life.
  End how = End::seen;
};

struct Mail {
  std::string to;
  std::string text;  // Subject, an empty line, and the plain text, as the reader sees it.
};

// Throws std::runtime_error when a thing cannot be done that every story takes for granted.
class Desk {
 public:
  // An empty url is SQLite.
  explicit Desk(const std::string& database_url);
  ~Desk();
  Desk(const Desk&) = delete;
  Desk& operator=(const Desk&) = delete;

  // What somebody types behind the program's name, quotes as in a shell. The program itself runs, in a child.
  Ran types(const std::string& who, const std::string& line) const;
  // The same, for what must succeed; what it printed.
  std::string told(const std::string& who, const std::string& line) const;

  // Adds a line to a file in the folder in which people type.
  void writes(const std::string& file, const std::string& line) const;

  // A workstation tells of a session as it stands; enrolled when it first does. Signed, and taken in as from
  // the wire.
  void reports(const Work& work);
  // What a technician wrote arrives, for the session of that address and start.
  void comments(const std::string& remote_id, timing::UtcMs start, const std::string& text);
  // The session stands in that document from now on. The name is of letters, digits and -.
  void bills(std::int64_t session, const std::string& document) const;
  // The pipeline does what is due now.
  void carry_on() const;

  // Handed over so far, oldest first.
  std::vector<Mail> mails() const;
  // The number under which a contract of that name stands.
  std::int64_t contract(const std::string& name) const;

 private:
  std::filesystem::path config() const { return folder_ / "desk" / "collector.toml"; }
  collector::ingest::Sender& workstation(const std::string& name);

  std::filesystem::path folder_;  // Removed at the end.
  std::map<std::string, collector::ingest::Sender> workstations_;
};

}  // namespace stories
