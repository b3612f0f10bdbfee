// One trace file on its way to facts. Used by Capture alone.

#pragma once

#include <map>
#include <string>
#include <vector>

#include "agent/capture/capture.h"

namespace agent::capture {

class Capture::Source final : public tail::Sink {
 public:
  Source(tail::FileSystem& files, const timing::Clock& clock, const std::string& path,
         std::optional<tail::Position> position, session::Builder builder, tail::CutShape cut);

  // Reads what is new; facts go behind `bodies`.
  [[nodiscard]] base::Result<tail::ReadState> read(std::vector<std::string>& bodies);

  // True if there is something that committed() has not been told about.
  bool changed() const;
  outbox::SourceState state() const;
  // What was counted since committed(), by the names that `status` shows.
  std::map<std::string, std::int64_t> counted() const;
  void committed();

  void on_line(const tail::Line& line) override;
  void on_gap(const tail::Gap& gap) override;

 private:
  using Counts = std::map<std::string, std::int64_t>;
  Counts counts() const;
  std::string position() const;
  seal::Observed observed() const;

  const timing::Clock& clock_;
  tail::Follower follower_;
  session::Builder builder_;
  trace::TraceCounters trace_;
  Counts committed_;
  std::string committed_position_;
  std::vector<std::string>* bodies_ = nullptr;  // Only during read().
};

}  // namespace agent::capture
