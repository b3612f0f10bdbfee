# How every target of ours is compiled. Linked, never set globally, so that third-party and generated code keep
# their own warnings.

set(DESKLEDGER_SANITIZE "" CACHE STRING "Sanitizers to enable: address,undefined or thread")
option(DESKLEDGER_COVERAGE "Instrument for line and branch coverage (clang)" OFF)

add_library(house_options INTERFACE)
target_compile_features(house_options INTERFACE cxx_std_23)
target_include_directories(house_options INTERFACE "${PROJECT_SOURCE_DIR}" "${PROJECT_BINARY_DIR}")
target_compile_options(house_options INTERFACE
  -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wnon-virtual-dtor -Wold-style-cast -Werror
  # Objects must not carry the folder they were built in.
  -ffile-prefix-map=${PROJECT_SOURCE_DIR}=.)
if(CMAKE_CXX_COMPILER_ID MATCHES "Clang")
  # g++ leaves these out of -Wconversion; one rule for both compilers.
  target_compile_options(house_options INTERFACE -Wno-sign-conversion)
else()
  # GCC 12 warns falsely about std::string's own operator+ (GCC bug 105651), and when it inlines Asio's coroutine
  # frames, which come from aligned_alloc through a pair of operators of their own. At -O2 it also takes the empty
  # payload of a std::optional for a value that is read (GCC bug 80635); clang's -Wuninitialized and memory tests watch.
  target_compile_options(house_options INTERFACE -Wno-restrict -Wno-mismatched-new-delete -Wno-maybe-uninitialized)
endif()

if(DESKLEDGER_SANITIZE)
  add_compile_options(-fsanitize=${DESKLEDGER_SANITIZE} -fno-omit-frame-pointer)
  add_link_options(-fsanitize=${DESKLEDGER_SANITIZE})
  if(DESKLEDGER_SANITIZE MATCHES "undefined")
    add_compile_options(-fno-sanitize-recover=undefined)
  endif()
endif()
if(DESKLEDGER_COVERAGE)
  # Of the source, not of what was compiled: no branches that only an exception or the compiler makes.
  target_compile_options(house_options INTERFACE -fprofile-instr-generate -fcoverage-mapping)
  add_link_options(-fprofile-instr-generate)
endif()

# Hardening for what ships; Debug builds stay quick.
if(NOT DESKLEDGER_SANITIZE AND NOT WIN32)
  target_compile_options(house_options INTERFACE $<$<CONFIG:RelWithDebInfo>:-fstack-protector-strong>)
  target_compile_definitions(house_options INTERFACE $<$<CONFIG:RelWithDebInfo>:_FORTIFY_SOURCE=2>)
endif()

find_program(MOLD_LINKER mold)
if(MOLD_LINKER AND NOT CMAKE_CROSSCOMPILING)
  add_link_options(-fuse-ld=mold)
endif()
