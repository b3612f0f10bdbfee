// How much of the machine's memory a waiting agent keeps mapped.

#pragma once

namespace agent::platform {

// Lets go of the code that ran until now: nearly all of it belongs to the start and to the first TLS
// handshake. What runs again comes back from the program's file. Any thread; never fails, at worst it changes
// nothing.
void release_code_pages();

}  // namespace agent::platform
