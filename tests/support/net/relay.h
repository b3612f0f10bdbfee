// A TCP relay on loopback that disturbs what passes through it, for programs that talk to each other over
// TLS.
//
// TLS lets nothing be changed or repeated, so what a network can still do is: end a connection anywhere, hold
// it up, hand over byte by byte, go silent without ending it, and let an answer come so late that the sender
// has connected again meanwhile and is answered twice.

#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <string>
#include <thread>

namespace support {

// What may happen to a connection, each as a share of all of them; the rest passes undisturbed.
struct Weather {
  int cut_percent = 0;        // Ends at some byte of either direction.
  int stall_percent = 0;      // Passes nothing for a while, then goes on.
  int trickle_percent = 0;    // Some thousand bytes pass one by one.
  int late_percent = 0;       // From some byte on, answers are held back until the connection is cut.
  int half_open_percent = 0;  // From some byte on, nothing passes, and nobody is told.
  int byte_max = 20'000;      // Where it happens: at a byte from 0 to this one.
  int stall_ms = 1'500;       // How long a stall lasts at most; an answer is held back so long at most.
};

// Accepts on a port of its own, on a thread of its own, until it is destroyed.
class Relay {
 public:
  // Every connection is passed on to `to_port`. Throws if there is no port to listen on.
  Relay(std::uint16_t to_port, Weather weather, std::uint64_t seed);
  ~Relay();
  Relay(const Relay&) = delete;
  Relay& operator=(const Relay&) = delete;

  std::uint16_t port() const;

  // Holds for connections that are accepted from now on. Safe from every thread, like all of these.
  void set(Weather weather);
  // Ends all connections that are open.
  void cut_all();

  struct Counts {
    std::atomic<int> connections = 0, cuts = 0, stalls = 0, trickles = 0, late = 0, half_open = 0;
  };
  const Counts& counts() const;
  // "23 connections: 4 cut, ..."
  std::string summary() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
  std::thread thread_;
};

}  // namespace support
