# The same targets as Dependencies.cmake, from the sysroot that tools/windows/build-deps.sh filled. Everything is
# static, so that the agent is one file.
set(sysroot "${PROJECT_SOURCE_DIR}/build/windows-deps/sysroot")
if(NOT EXISTS "${PROJECT_SOURCE_DIR}/build/windows-deps/stamp")
  message(FATAL_ERROR "Run tools/windows/build-deps.sh first; ./dev build windows does.")
endif()

set(OPENSSL_USE_STATIC_LIBS TRUE)
find_package(Threads REQUIRED)
find_package(Boost 1.81 REQUIRED)
find_package(OpenSSL 3 REQUIRED)
find_package(SQLite3 REQUIRED)
# OpenSSL's random numbers, its sockets and the system's certificate stores.
set_property(TARGET OpenSSL::Crypto APPEND PROPERTY INTERFACE_LINK_LIBRARIES ws2_32 crypt32 bcrypt)

function(sysroot_library target file)
  add_library(${target} STATIC IMPORTED GLOBAL)
  set_target_properties(${target} PROPERTIES IMPORTED_LOCATION "${sysroot}/lib/${file}"
    INTERFACE_INCLUDE_DIRECTORIES "${sysroot}/include")
endfunction()
function(sysroot_headers target)
  add_library(${target} INTERFACE IMPORTED GLOBAL)
  set_target_properties(${target} PROPERTIES INTERFACE_INCLUDE_DIRECTORIES "${sysroot}/include")
endfunction()

sysroot_library(protobuf::libprotobuf-lite libprotobuf-lite.a)
sysroot_library(PkgConfig::ZSTD libzstd.a)
sysroot_headers(CLI11::CLI11)
sysroot_headers(tomlplusplus::tomlplusplus)
sysroot_headers(fmt::fmt)
sysroot_headers(spdlog::spdlog)
# Debian's spdlog comes without its own copy of fmt, and there is no archive of either for Windows.
target_compile_definitions(fmt::fmt INTERFACE FMT_HEADER_ONLY)
# Its files have wide names: narrow ones are in the system's old code page before Windows 10 1903.
target_compile_definitions(spdlog::spdlog INTERFACE SPDLOG_FMT_EXTERNAL FMT_HEADER_ONLY SPDLOG_WCHAR_FILENAMES)
