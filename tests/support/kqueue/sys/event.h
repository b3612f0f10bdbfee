// A double of kqueue for Linux, where Debian 12 has no libkqueue: as much of the interface as the agent's
// macOS parts use, written from kqueue(2) of FreeBSD and macOS. It shows that they do what the manual page
// asks for, not that the manual page tells all.

#pragma once

// A structure and a function of one name, as the system's own header has them.
#pragma GCC diagnostic ignored "-Wshadow"

#include <cstdint>
#include <ctime>

struct kevent {
  std::uintptr_t ident;
  std::int16_t filter;
  std::uint16_t flags;
  std::uint32_t fflags;
  std::intptr_t data;
  void* udata;
};

inline void EV_SET(struct kevent* event, std::uintptr_t ident, int filter, int flags, unsigned fflags,
                   std::intptr_t data, void* udata) {
  *event = {ident, static_cast<std::int16_t>(filter), static_cast<std::uint16_t>(flags), fflags, data, udata};
}

constexpr int EVFILT_VNODE = -4;
constexpr int EVFILT_PROC = -5;
constexpr int EV_ADD = 0x01;
constexpr int EV_DELETE = 0x02;
constexpr int EV_ONESHOT = 0x10;
constexpr int EV_CLEAR = 0x20;
constexpr unsigned NOTE_DELETE = 0x01;
constexpr unsigned NOTE_WRITE = 0x02;
constexpr unsigned NOTE_EXTEND = 0x04;
constexpr unsigned NOTE_ATTRIB = 0x08;
constexpr unsigned NOTE_RENAME = 0x20;
constexpr unsigned NOTE_REVOKE = 0x40;
constexpr unsigned NOTE_EXIT = 0x80000000;
constexpr unsigned NOTE_EXITSTATUS = 0x04000000;  // macOS only.

// The queue is an epoll descriptor: it can be polled and is closed with close(2).
int kqueue();
int kevent(int queue, const struct kevent* changes, int change_count, struct kevent* events, int event_count,
           const timespec* timeout);
