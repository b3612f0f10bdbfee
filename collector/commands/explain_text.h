// What `explain` prints.

#pragma once

#include <iosfwd>
#include <string>

#include "collector/commands/story.h"

namespace collector::commands {

// Conditions are marked with a tick or a cross, or with yes and no where the output is not `utf8`.
void print_story(std::ostream& out, const Story& story, bool utf8);

// What wrote the entry: "charge 7", "mary, sell, on 2026-11-16", "a person", "time: ...", "the reversal of
// ...".
std::string origin_text(const EntryStory& entry);

// "in force", "replaced by charge 9", "voided: ...".
std::string status_text(const ChargeStory& charge);

// "not billed", or the document.
std::string document_text(const SessionStory& session);

}  // namespace collector::commands
