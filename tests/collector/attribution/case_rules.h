// The sentences of a story that are about rules, and what a session of a story is charged.

#pragma once

#include <map>
#include <string>
#include <vector>

#include "collector/attribution/attribute.h"
#include "collector/directory/nouns.h"
#include "collector/rating/explain.h"
#include "collector/rating/rate.h"

namespace cases {

using Templates = std::map<std::string, collector::rating::Rule>;

// "Template Evening: standard, band Evening weekdays 17:00-24:00 x1.5, minimum 15 min" or
// "Calendar GR: 2026-12-25 Christmas, 2026-12-26 Second day". False if the line is neither; throws
// std::runtime_error if it begins like one and cannot be read.
bool read_rule_sentence(const std::string& line, Templates& templates,
                        collector::directory::Directory& directory);

// A template of the story, else a built-in one. Throws if there is none.
collector::rating::Rule rule_named(const Templates& templates, const std::string& name);

struct Charge {
  collector::rating::Rated rated;
  std::vector<collector::rating::Step> steps;
};

// A ready session, rated as the pipeline does it: in its contract's time zone and holidays, for its
// technician's grade.
Charge charge_of(const collector::directory::Directory& directory,
                 const collector::attribution::SessionView& session,
                 const collector::attribution::Attribution& attribution, const std::string& work_type);

}  // namespace cases
