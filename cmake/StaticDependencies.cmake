# The same targets as Dependencies.cmake, from the distribution's archives: everything but glibc is in the program.
# (glibc stays outside: names are looked up by what the machine has configured, and that is loaded at run time.)
set(OPENSSL_USE_STATIC_LIBS TRUE)
set(Protobuf_USE_STATIC_LIBS ON)
find_library(SQLite3_LIBRARY NAMES libsqlite3.a REQUIRED)
find_library(ZSTD_ARCHIVE NAMES libzstd.a REQUIRED)
find_package(Threads REQUIRED)
find_package(Boost 1.81 REQUIRED)
find_package(OpenSSL 3 REQUIRED)
find_package(SQLite3 REQUIRED)
find_package(Protobuf REQUIRED)
find_package(CLI11 REQUIRED)
target_link_libraries(SQLite::SQLite3 INTERFACE m ${CMAKE_DL_LIBS})

add_library(PkgConfig::ZSTD STATIC IMPORTED GLOBAL)
set_target_properties(PkgConfig::ZSTD PROPERTIES IMPORTED_LOCATION "${ZSTD_ARCHIVE}")

# Debian has no archives of these; their headers are enough.
foreach(target spdlog::spdlog fmt::fmt tomlplusplus::tomlplusplus)
  add_library(${target} INTERFACE IMPORTED GLOBAL)
endforeach()
target_compile_definitions(spdlog::spdlog INTERFACE SPDLOG_FMT_EXTERNAL FMT_HEADER_ONLY)
target_compile_definitions(fmt::fmt INTERFACE FMT_HEADER_ONLY)

# What nothing calls stays out, the same code is there once, and the loader's list of addresses is packed
# (which needs glibc 2.36, as everything here does).
add_compile_options(-ffunction-sections -fdata-sections)
add_link_options(-static-libstdc++ -static-libgcc -Wl,--gc-sections -Wl,--exclude-libs,ALL)
if(MOLD_LINKER)
  add_link_options(-Wl,--icf=safe -Wl,--pack-dyn-relocs=relr)
endif()
