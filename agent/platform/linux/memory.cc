#include "agent/platform/memory.h"

#include <link.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cstddef>
#include <cstdint>

namespace agent::platform {

namespace {

// Code is mapped read-only from a file, so that dropping its pages drops no data.
int release(dl_phdr_info* program, std::size_t, void*) {
  const auto page = static_cast<std::uintptr_t>(::sysconf(_SC_PAGESIZE));
  for (int i = 0; i < program->dlpi_phnum; ++i) {
    const auto& part = program->dlpi_phdr[i];
    if (part.p_type != PT_LOAD || (part.p_flags & PF_X) == 0 || (part.p_flags & PF_W) != 0) continue;
    const std::uintptr_t begin = (program->dlpi_addr + part.p_vaddr) / page * page;
    const std::uintptr_t end = program->dlpi_addr + part.p_vaddr + part.p_memsz;
    ::madvise(reinterpret_cast<void*>(begin), end - begin, MADV_DONTNEED);
  }
  return 0;
}

}  // namespace

void release_code_pages() {
  ::dl_iterate_phdr(release, nullptr);
}

}  // namespace agent::platform
