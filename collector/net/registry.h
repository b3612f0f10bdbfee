// The streams that are open now, by agent.
//
// Lives on the network's thread. A stream is known here before anything was asked about its agent, so that a
// revocation cannot fall between the question and the entry.

#pragma once

#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

namespace collector::net {

class AgentStream;

class Registry {
 public:
  // Enters a stream for as long as it lives. The registry must outlive it.
  class Seat {
   public:
    Seat(Registry& registry, std::string agent_id, AgentStream& stream)
        : registry_{registry}, agent_id_{std::move(agent_id)}, stream_{stream} {
      registry_.streams_[agent_id_].push_back(&stream_);
    }
    ~Seat() {
      auto& streams = registry_.streams_[agent_id_];
      std::erase(streams, &stream_);
      if (streams.empty()) registry_.streams_.erase(agent_id_);
    }
    Seat(const Seat&) = delete;
    Seat& operator=(const Seat&) = delete;

   private:
    Registry& registry_;
    std::string agent_id_;
    AgentStream& stream_;
  };

  // The open streams of this agent, oldest first; usually one.
  std::vector<AgentStream*> of(const std::string& agent_id) const {
    const auto found = streams_.find(agent_id);
    return found == streams_.end() ? std::vector<AgentStream*>{} : found->second;
  }

  bool empty() const { return streams_.empty(); }

 private:
  std::unordered_map<std::string, std::vector<AgentStream*>> streams_;
};

}  // namespace collector::net
