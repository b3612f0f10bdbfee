# Windows x64 from Debian: mingw with posix threads, everything static. tools/windows/build-deps.sh fills the sysroot.
get_filename_component(deskledger_root "${CMAKE_CURRENT_LIST_DIR}/.." ABSOLUTE)
set(CMAKE_SYSTEM_NAME Windows)
set(CMAKE_SYSTEM_PROCESSOR x86_64)
# The names without -posix can point at the win32 thread model, which has no std::thread.
set(CMAKE_C_COMPILER x86_64-w64-mingw32-gcc-posix)
set(CMAKE_CXX_COMPILER x86_64-w64-mingw32-g++-posix)
set(CMAKE_RC_COMPILER x86_64-w64-mingw32-windres)
set(CMAKE_FIND_ROOT_PATH "${deskledger_root}/build/windows-deps/sysroot" /usr/x86_64-w64-mingw32)
set(CMAKE_FIND_ROOT_PATH_MODE_PROGRAM NEVER)  # Tools such as protoc come from the host.
foreach(kind LIBRARY INCLUDE PACKAGE)
  set(CMAKE_FIND_ROOT_PATH_MODE_${kind} ONLY)
endforeach()
# Third-party code names its files in messages; the folder they were built in must not end up in the program.
set(CMAKE_C_FLAGS_INIT "-ffile-prefix-map=${deskledger_root}=.")
# Beast fills more sections than the older object format can count.
set(CMAKE_CXX_FLAGS_INIT "-Wa,-mbig-obj -ffile-prefix-map=${deskledger_root}=.")
# Without a timestamp the same sources link to the same bytes.
set(CMAKE_EXE_LINKER_FLAGS_INIT "-static -Wl,--no-insert-timestamp")
add_compile_definitions(_WIN32_WINNT=0x0A00 WINVER=0x0A00 NTDDI_VERSION=0x0A000000
  WIN32_LEAN_AND_MEAN NOMINMAX UNICODE _UNICODE)
set(CMAKE_CROSSCOMPILING_EMULATOR "${deskledger_root}/tools/windows/wine-run")
