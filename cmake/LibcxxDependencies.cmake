# The same targets as Dependencies.cmake for clang's own library: what is C comes from the distribution, headers too, and
# what is C++ and compiled was built by tools/libcxx/build-deps.sh. Without the collector, whose libraries are C++.
set(sysroot "${PROJECT_SOURCE_DIR}/build/libcxx-deps/sysroot")
if(NOT EXISTS "${PROJECT_SOURCE_DIR}/build/libcxx-deps/stamp")
  message(FATAL_ERROR "Run tools/libcxx/build-deps.sh first; ./dev build libcxx does.")
endif()

find_package(Threads REQUIRED)
find_package(Boost 1.81 REQUIRED)
find_package(OpenSSL 3 REQUIRED)
find_package(SQLite3 REQUIRED)
find_package(PkgConfig REQUIRED)
pkg_check_modules(ZSTD REQUIRED IMPORTED_TARGET libzstd)
find_package(CLI11 REQUIRED)
find_program(PROTOC_PROGRAM protoc REQUIRED)

add_executable(protobuf::protoc IMPORTED GLOBAL)
set_target_properties(protobuf::protoc PROPERTIES IMPORTED_LOCATION "${PROTOC_PROGRAM}")
add_library(protobuf::libprotobuf-lite STATIC IMPORTED GLOBAL)
set_target_properties(protobuf::libprotobuf-lite PROPERTIES IMPORTED_LOCATION "${sysroot}/lib/libprotobuf-lite.a"
  INTERFACE_INCLUDE_DIRECTORIES "${sysroot}/include" INTERFACE_LINK_LIBRARIES Threads::Threads)

# The headers are enough.
foreach(target spdlog::spdlog fmt::fmt tomlplusplus::tomlplusplus)
  add_library(${target} INTERFACE IMPORTED GLOBAL)
endforeach()
target_compile_definitions(spdlog::spdlog INTERFACE SPDLOG_FMT_EXTERNAL FMT_HEADER_ONLY)
target_compile_definitions(fmt::fmt INTERFACE FMT_HEADER_ONLY)

find_package(GTest CONFIG REQUIRED PATHS "${sysroot}" NO_DEFAULT_PATH)
include(GoogleTest)
