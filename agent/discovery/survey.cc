#include "agent/discovery/survey.h"

#include <algorithm>
#include <map>
#include <set>
#include <utility>

namespace agent::discovery {

namespace {

using base::ErrorCode;
using tail::System;

Access access_of(const base::Error& error) {
  switch (error.code) {
    case ErrorCode::not_found: return Access::missing;
    case ErrorCode::permission_denied: return Access::not_permitted;
    default: return Access::unusable;
  }
}

std::string last_component(const std::string& path) {
  return path.substr(path.find_last_of("/\\") + 1);
}

// A folder that a pattern named, and what its first '*' stood for.
struct Folder {
  std::string path;
  std::string star;
};

class Surveyor {
 public:
  Surveyor(tail::FileSystem& files, System system, const tail::Environment& environment)
      : files_{files},
        places_{tail::default_places(system, environment)},
        letters_{tail::letter_case(system)},
        separator_{system == System::windows ? '\\' : '/'},
        system_{system} {}

  Survey run() {
    for (const auto& place : places_) {
      const bool one_folder_for_all = place.owner.empty() && system_ != System::windows;
      one_folder_for_all ? look_at_machine(place) : look_at_profiles(place);
    }
    Survey survey;
    for (auto& [folder, instance] : instances_) {
      if (has_something(instance)) survey.instances.push_back(std::move(instance));
    }
    for (const auto& folder : closed_) {
      const bool below = std::ranges::any_of(
          survey.closed, [&](const auto& known) { return folder.starts_with(known + separator_); });
      if (!below) survey.closed.push_back(folder);
    }
    return survey;
  }

 private:
  // Linux and macOS: the services' traces of all clients are in one folder, their configurations beside each
  // other in another one (traces.md section 1.2).
  void look_at_machine(const tail::Place& place) {
    std::map<std::string, std::vector<std::string>> traces;  // By name without its end.
    for (const auto& name : names_in("/etc", "anydesk*")) traces[name];
    for (const auto& name : names_in(place.folder, place.traces)) {
      traces[name.substr(0, name.size() - std::string_view{".trace"}.size())].push_back(name);
    }
    for (const auto& [stem, names] : traces) {
      const std::string service_trace = place.folder + "/" + stem + ".trace";
      Instance& instance = add("/etc/" + stem, client_of(stem), "");
      instance.service_trace = service_trace;
      instance.traces = {look_at(service_trace)};
    }
  }

  void look_at_profiles(const tail::Place& place) {
    for (const Folder& folder : expand(place.folder)) {
      if (instances_.contains(folder.path)) continue;
      const auto names = files_.list(folder.path);
      if (!names && names.error().code != ErrorCode::permission_denied) continue;
      if (!names) closed_.insert(folder.path);
      // Closed, and its name does not come from a listing: perhaps it is not there.
      if (!names && !last_component(place.folder).ends_with('*')) continue;
      const Client client = client_of(last_component(folder.path));
      Instance& instance = add(folder.path, client, place.owner == "*" ? folder.star : place.owner);
      for (const auto& name : matching(names, place.traces)) {
        instance.traces.push_back(look_at(folder.path + separator_ + name));
      }
      if (instance.owner.empty()) {
        instance.service_trace = service_trace_in(folder.path);
        if (instance.traces.empty()) instance.traces.push_back(look_at(instance.service_trace));
      }
    }
  }

  // A folder can be there for the custom clients below it alone.
  bool has_something(const Instance& instance) const {
    const auto there = [](const FoundFile& file) { return file.access != Access::missing; };
    return closed_.contains(instance.folder) || std::ranges::any_of(instance.traces, there) ||
           there(instance.system_conf) || there(instance.user_conf) || there(instance.connection_trace);
  }

  // Windows. Custom clients were seen with names of both forms (traces.md section 1.1).
  std::string service_trace_in(const std::string& folder) {
    const std::string own = folder + separator_ + last_component(folder) + "_svc.trace";
    return files_.look_up(own) ? own : folder + separator_ + "ad_svc.trace";
  }

  Instance& add(const std::string& folder, const Client& client, const std::string& owner) {
    Instance& instance = instances_[folder];
    instance.client = client;
    instance.owner = owner;
    instance.folder = folder;
    instance.connection_trace = look_at(folder + separator_ + "connection_trace.txt");
    instance.system_conf = read(folder + separator_ + "system.conf", instance.conf);
    instance.user_conf = read(folder + separator_ + "user.conf", instance.conf);
    return instance;
  }

  FoundFile look_at(const std::string& path) {
    const auto opened = files_.open(path);
    if (opened) return {.path = path, .access = Access::readable, .why = {}};
    const Access access = access_of(opened.error());
    return {.path = path, .access = access, .why = access == Access::missing ? "" : opened.error().message};
  }

  // What the file tells goes into `conf`, where it was not told before.
  FoundFile read(const std::string& path, Conf& conf) {
    auto told = read_conf(files_, path);
    if (!told) {
      const Access access = access_of(told.error());
      return {.path = path, .access = access, .why = access == Access::missing ? "" : told.error().message};
    }
    const auto fill = [](std::string& into, std::string& from) {
      if (into.empty()) into = std::move(from);
    };
    fill(conf.own_id, told->own_id);
    fill(conf.alias, told->alias);
    fill(conf.version, told->version);
    fill(conf.license, told->license);
    if (conf.comment_option == CommentOption::unknown) conf.comment_option = told->comment_option;
    return {.path = path, .access = Access::readable, .why = {}};
  }

  std::vector<std::string> matching(const base::Result<std::vector<std::string>>& names,
                                    const std::string& pattern) const {
    std::vector<std::string> found;
    if (!names) return found;
    std::ranges::copy_if(*names, std::back_inserter(found), [&](const std::string& name) {
      return tail::glob_matches(pattern, name, letters_);
    });
    return found;
  }

  std::vector<std::string> names_in(const std::string& folder, const std::string& pattern) {
    const auto names = files_.list(folder);
    if (!names && names.error().code == ErrorCode::permission_denied) closed_.insert(folder);
    return matching(names, pattern);
  }

  // As tail::expand(), but what is closed to us is remembered. The last component is not looked into.
  std::vector<Folder> expand(const std::string& pattern) {
    std::vector<Folder> found{{.path = "", .star = ""}};
    bool first = true;
    for (std::size_t at = 0; at <= pattern.size();) {
      const std::size_t end = std::min(pattern.find(separator_, at), pattern.size());
      const std::string component = pattern.substr(at, end - at);
      std::vector<Folder> next;
      for (const Folder& folder : found) {
        const std::string prefix = first ? "" : folder.path + separator_;
        if (component.find('*') == std::string::npos) {
          next.push_back({.path = prefix + component, .star = folder.star});
          continue;
        }
        for (const auto& name : names_in(folder.path, component)) {
          next.push_back({.path = prefix + name, .star = folder.star.empty() ? name : folder.star});
        }
      }
      found = std::move(next);
      first = false;
      at = end + 1;
    }
    return found;
  }

  tail::FileSystem& files_;
  std::vector<tail::Place> places_;
  tail::LetterCase letters_;
  char separator_;
  System system_;
  std::map<std::string, Instance> instances_;  // By folder.
  std::set<std::string> closed_;
};

}  // namespace

std::string_view to_string(Access access) {
  switch (access) {
    case Access::readable: return "readable";
    case Access::not_permitted: return "not permitted";
    case Access::missing: return "missing";
    case Access::unusable: break;
  }
  return "unusable";
}

Survey survey(tail::FileSystem& files, System system, const tail::Environment& environment) {
  return Surveyor{files, system, environment}.run();
}

}  // namespace agent::discovery
