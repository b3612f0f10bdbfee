// What `explain --json` says; docs/formats/explain.md names the fields.

#pragma once

#include <boost/json/object.hpp>

#include "collector/commands/story.h"

namespace collector::commands {

boost::json::object story_json(const Story& story);

}  // namespace collector::commands
