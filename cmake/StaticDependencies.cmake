# The same targets as Dependencies.cmake, from the distribution's archives: everything but glibc is in the program.
# (glibc stays outside: names are looked up by what the machine has configured, and that is loaded at run time.)

# The archive without the tables for unwinding, 0.7 MB in all: these are C, and no exception of ours passes through them.
function(lean_archive variable name)
  find_library(${name}_ARCHIVE NAMES ${name}.a REQUIRED)
  set(lean "${PROJECT_BINARY_DIR}/lean/${name}.a")
  file(MAKE_DIRECTORY "${PROJECT_BINARY_DIR}/lean")
  execute_process(COMMAND ${CMAKE_OBJCOPY} --remove-section .eh_frame --remove-section .rela.eh_frame
    "${${name}_ARCHIVE}" "${lean}" COMMAND_ERROR_IS_FATAL ANY)
  set(${variable} "${lean}" CACHE FILEPATH "" FORCE)
endfunction()
lean_archive(OPENSSL_CRYPTO_LIBRARY libcrypto)
lean_archive(OPENSSL_SSL_LIBRARY libssl)
lean_archive(SQLite3_LIBRARY libsqlite3)
lean_archive(ZSTD_ARCHIVE libzstd)

set(OPENSSL_USE_STATIC_LIBS TRUE)
set(Protobuf_USE_STATIC_LIBS ON)
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

# What nothing calls stays out, and the loader's list of addresses is packed (which needs glibc 2.36, as everything here
# does). GNU ld, because mold 1.10 packs them so that glibc refuses the program.
add_compile_options(-ffunction-sections -fdata-sections)
add_link_options(-fuse-ld=bfd -static-libstdc++ -static-libgcc -Wl,--gc-sections -Wl,--exclude-libs,ALL
  -Wl,-z,pack-relative-relocs)
