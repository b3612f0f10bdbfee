#include "tests/support/power/disk.h"

#include <algorithm>

namespace support::power {

namespace {

bool changes_something(Call call) {
  return call == Call::write || call == Call::truncate || call == Call::sync || call == Call::remove ||
         call == Call::rename;
}

bool needs_space(Call call) {
  return call == Call::write || call == Call::map;
}

}  // namespace

Disk::Disk(std::uint64_t seed) : random_{seed} {}

void Disk::cut_power_at(std::uint64_t n) {
  cut_at_ = changes_ + n;
}

void Disk::fail_at(std::uint64_t n, Fault fault, bool persistent) {
  fault_ = fault;
  fail_in_ = n;
  persistent_ = persistent;
  failed_ = false;
}

Fault Disk::begin(Call call) {
  const auto decide = [&] {
    if (!powered_) return Fault::power;
    ++calls_;
    reads_ += call == Call::read ? 1 : 0;
    if (changes_something(call) && ++changes_ == cut_at_) {
      powered_ = false;
      return Fault::power;
    }
    const bool meets = fault_ == Fault::eio || (fault_ == Fault::enospc && needs_space(call)) ||
                       (fault_ == Fault::short_write && call == Call::write);
    if (fault_ == Fault::none || !meets) return Fault::none;
    if (fail_in_ > 1) {
      --fail_in_;
      return Fault::none;
    }
    failed_ = true;
    const Fault fault = fault_;
    if (!persistent_) fault_ = Fault::none;
    return fault;
  };
  const Fault fault = decide();
  if (fault != Fault::none) last_fault_ = fault;
  return fault;
}

std::shared_ptr<Disk::File> Disk::find(const std::string& name) const {
  const auto found = names_.find(name);
  return found == names_.end() ? nullptr : found->second;
}

std::shared_ptr<Disk::File> Disk::create(const std::string& name) {
  auto file = std::make_shared<File>();
  names_[name] = file;
  unsynced_names_.push_back({.name = name, .file = file});
  return file;
}

void Disk::remove(const std::string& name) {
  names_.erase(name);
  unsynced_names_.push_back({.name = name, .file = nullptr});
}

void Disk::rename(const std::string& from, const std::string& to) {
  auto file = names_.at(from);
  names_.erase(from);
  names_[to] = file;
  unsynced_names_.push_back({.name = to, .file = std::move(file), .former_name = from});
}

void Disk::sync_names() {
  durable_names_ = names_;
  unsynced_names_.clear();
}

void Disk::apply(std::string& bytes, const File::Change& change) {
  if (change.truncates) {
    bytes.resize(std::min(bytes.size(), change.offset));
    return;
  }
  bytes.resize(std::max(bytes.size(), change.offset + change.bytes.size()));
  bytes.replace(change.offset, change.bytes.size(), change.bytes);
}

void Disk::write(File& file, std::size_t offset, std::string_view bytes) {
  file.unsynced.push_back({.offset = offset, .bytes = std::string{bytes}});
  apply(file.seen, file.unsynced.back());
}

void Disk::truncate(File& file, std::size_t size) {
  file.unsynced.push_back({.offset = size, .bytes = {}, .truncates = true});
  apply(file.seen, file.unsynced.back());
}

void Disk::sync(File& file) {
  for (const auto& change : file.unsynced) apply(file.durable, change);
  file.unsynced.clear();
}

void Disk::keep_sectors(std::string& bytes, const File::Change& change, std::size_t sector) {
  const std::size_t end = change.offset + change.bytes.size();
  for (std::size_t from = change.offset; from < end;) {
    const std::size_t to = std::min(end, (from / sector + 1) * sector);
    std::string piece = change.bytes.substr(from - change.offset, to - from);
    const auto fate = random(20);
    if (fate == 0) piece.resize(1 + random(piece.size()));
    if (fate == 1) std::ranges::generate(piece, [this] { return static_cast<char>(random(256)); });
    if (fate < 13) apply(bytes, {.offset = from, .bytes = std::move(piece)});
    from = to;
  }
}

std::string Disk::after_cut(const File& file, Survival survival, std::size_t sector) {
  std::string bytes = file.durable;
  if (survival == Survival::nothing) return bytes;
  for (const auto& change : file.unsynced) {
    if (survival == Survival::everything) {
      apply(bytes, change);
    } else if (!change.truncates) {
      keep_sectors(bytes, change, sector);
    } else if (survives(survival)) {
      apply(bytes, change);
    }
  }
  return bytes;
}

void Disk::start_again() {
  const auto roll = random(6);
  const Survival survival = roll == 0 ? Survival::nothing : roll == 1 ? Survival::everything : Survival::some;
  const std::size_t sector = random(2) == 0 ? 512 : 4096;
  Names names = durable_names_;
  for (const auto& change : unsynced_names_) {
    if (survival == Survival::nothing || !survives(survival)) continue;
    names.erase(change.former_name);
    if (change.file) {
      names[change.name] = change.file;
    } else {
      names.erase(change.name);
    }
  }
  names_.clear();
  for (const auto& [name, file] : names) {
    auto fresh = std::make_shared<File>();
    fresh->durable = fresh->seen = after_cut(*file, survival, sector);
    names_[name] = std::move(fresh);
  }
  sync_names();
  powered_ = true;
  cut_at_ = 0;
  fault_ = Fault::none;
}

}  // namespace support::power
