#include "collector/net/guard.h"

namespace collector::net {

namespace {

const std::string kAllOthers = "other addresses";

// A burst of as much as comes back within `span_s`.
Bucket per_span(std::int64_t n, std::int64_t span_s) {
  return {static_cast<double>(n) / static_cast<double>(span_s), static_cast<double>(n)};
}

Bucket per_minute(std::int64_t n) {
  return per_span(n, 60);
}

// Of everybody together.
Bucket per_second(std::int64_t n) {
  constexpr std::int64_t kBurst_s = 10;
  return per_span(n * kBurst_s, kBurst_s);
}

void drop_before(std::deque<std::int64_t>& times, std::int64_t earliest) {
  while (!times.empty() && times.front() < earliest) times.pop_front();
}

}  // namespace

Guard::Guard(const Limits& limits)
    : limits_{limits},
      strangers_{per_second(limits.stranger_handshakes_per_s)},
      enrolments_{per_second(limits.enrolments_per_s)} {}

Guard::Address& Guard::address(const std::string& key) {
  const auto found = addresses_.find(key);
  if (found != addresses_.end()) return found->second;
  const auto& name = addresses_.size() < kKept ? key : kAllOthers;
  const auto [made, is_new] =
      addresses_.try_emplace(name, Address{.handshakes = per_minute(limits_.address_handshakes_per_min),
                                           .enrolments = per_minute(limits_.address_enrolments_per_min)});
  return made->second;
}

Guard::Agent& Guard::agent(const std::string& id) {
  const auto number = [](std::int64_t n) { return static_cast<double>(n); };
  const auto [made, is_new] = agents_.try_emplace(
      id, Agent{.records = {number(limits_.agent_records_per_s), number(limits_.agent_records_burst)},
                .bytes = {number(limits_.agent_bytes_per_s), number(limits_.agent_bytes_burst)},
                .renewals = per_span(limits_.agent_renewals_per_h, 3'600)});
  return made->second;
}

Guard::Refusal Guard::enter(const std::string& key, std::int64_t now_ms) {
  if (static_cast<std::int64_t>(connections_) >= limits_.connections_max) return "connections_full";
  auto& from = address(key);
  if (from.connections >= limits_.address_connections_max) return "address_connections";
  if (from.handshakes.take(1, now_ms) > 0) return "address_handshakes";
  ++from.connections;
  ++connections_;
  return std::nullopt;
}

void Guard::leave(const std::string& key) {
  const auto found = addresses_.find(key);
  const bool own = found != addresses_.end() && found->second.connections > 0;
  auto& from = own ? found->second : address(kAllOthers);
  if (from.connections > 0) --from.connections;
  if (connections_ > 0) --connections_;
}

Guard::Refusal Guard::enter_stranger(std::int64_t now_ms) {
  if (strangers_.take(1, now_ms) > 0) return "stranger_handshakes";
  return std::nullopt;
}

Guard::Refusal Guard::enrol(const std::string& key, std::int64_t now_ms) {
  if (address(key).enrolments.take(1, now_ms) > 0) return "address_enrolments";
  if (enrolments_.take(1, now_ms) > 0) return "enrolments";
  return std::nullopt;
}

Guard::Refusal Guard::renew(const std::string& agent_id, std::int64_t now_ms) {
  if (agent(agent_id).renewals.take(1, now_ms) > 0) return "agent_renewals";
  return std::nullopt;
}

bool Guard::strike(Strikes& strikes, std::int64_t now_ms) const {
  const auto span_ms = limits_.strikes_s * 1'000;
  drop_before(strikes.at_ms, now_ms - span_ms);
  strikes.at_ms.push_back(now_ms);
  if (static_cast<std::int64_t>(strikes.at_ms.size()) < limits_.strikes_max) return false;
  strikes.at_ms.clear();
  strikes.refused_until_ms = now_ms + span_ms;
  return true;
}

bool Guard::strike_address(const std::string& key, std::int64_t now_ms) {
  return strike(address(key).strikes, now_ms);
}

bool Guard::strike_agent(const std::string& agent_id, const std::string& address, std::int64_t now_ms) {
  auto& strikes = agent(agent_id).strikes;
  const bool has_place = strikes.contains(address) || strikes.size() < kFaultyAddresses;
  return strike(strikes[has_place ? address : kAllOthers], now_ms);
}

Guard::Refusal Guard::refuse_address(const std::string& key, std::int64_t now_ms) {
  if (now_ms < address(key).strikes.refused_until_ms) return "address_refused";
  return std::nullopt;
}

Guard::Refusal Guard::refuse_agent(const std::string& agent_id, const std::string& address,
                                   std::int64_t now_ms) {
  const auto found = agents_.find(agent_id);
  if (found == agents_.end()) return std::nullopt;
  const auto& strikes = found->second.strikes;
  auto at = strikes.find(address);
  if (at == strikes.end() && strikes.size() >= kFaultyAddresses) at = strikes.find(kAllOthers);
  if (at == strikes.end() || now_ms >= at->second.refused_until_ms) return std::nullopt;
  return "agent_refused";
}

Guard::Wait Guard::take_batch(const std::string& agent_id, std::int64_t records, std::int64_t bytes,
                              std::int64_t now_ms) {
  auto& of = agent(agent_id);
  if (const auto wait_ms = of.records.take(records, now_ms); wait_ms > 0) {
    return {.ms = wait_ms, .name = "busy_records"};
  }
  if (const auto wait_ms = of.bytes.take(bytes, now_ms); wait_ms > 0) {
    return {.ms = wait_ms, .name = "busy_bytes"};
  }
  return {};
}

bool Guard::replace(const std::string& agent_id, std::int64_t now_ms) {
  auto& times = agent(agent_id).replaced_ms;
  drop_before(times, now_ms - kClone_s * 1'000);
  times.push_back(now_ms);
  if (static_cast<std::int64_t>(times.size()) <= limits_.replacements_max) return false;
  times.clear();
  return true;
}

bool Guard::at_rest(const Strikes& strikes, std::int64_t now_ms) const {
  const bool none = strikes.at_ms.empty() || strikes.at_ms.back() < now_ms - limits_.strikes_s * 1'000;
  return none && now_ms >= strikes.refused_until_ms;
}

void Guard::forget(std::int64_t now_ms) {
  std::erase_if(addresses_, [&](const auto& entry) {
    const auto& from = entry.second;
    return from.connections == 0 && from.handshakes.is_full(now_ms) && from.enrolments.is_full(now_ms) &&
           at_rest(from.strikes, now_ms);
  });
  for (auto& [id, of] : agents_) {
    std::erase_if(of.strikes, [&](const auto& at) { return at_rest(at.second, now_ms); });
  }
  std::erase_if(agents_, [&](const auto& entry) {
    const auto& of = entry.second;
    const bool replaced = !of.replaced_ms.empty() && of.replaced_ms.back() >= now_ms - kClone_s * 1'000;
    return !replaced && of.records.is_full(now_ms) && of.bytes.is_full(now_ms) &&
           of.renewals.is_full(now_ms) && of.strikes.empty();
  });
}

}  // namespace collector::net
