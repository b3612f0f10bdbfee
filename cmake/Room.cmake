# room(NAME common_base SOURCES ... LINKS ...)
# One room, one static library. LINKS is the room's list of allowed neighbours; tests/tidy reads the same rule from
# the includes. common_base is also linked as common::base.
function(room)
  cmake_parse_arguments(PARSE_ARGV 0 ARG "" "NAME" "SOURCES;LINKS;PRIVATE_LINKS")
  add_library(${ARG_NAME} STATIC ${ARG_SOURCES})
  string(REGEX REPLACE "^(common|agent|collector)_" "\\1::" alias "${ARG_NAME}")
  if(NOT alias STREQUAL ARG_NAME)  # Doubles below tests/support have no short name.
    add_library(${alias} ALIAS ${ARG_NAME})
  endif()
  target_link_libraries(${ARG_NAME} PUBLIC house_options ${ARG_LINKS} PRIVATE ${ARG_PRIVATE_LINKS})
endfunction()

# room_test(common_base SOURCES result_test.cc ... [LINKS ...] [POSTGRES]) builds one test program a room. With POSTGRES
# a private server runs around its tests, and support_database is linked (tests/support/database/fresh_database.h).
function(room_test room)
  cmake_parse_arguments(PARSE_ARGV 1 ARG "POSTGRES" "" "SOURCES;LINKS")
  set(fixtures "")
  if(ARG_POSTGRES)
    list(APPEND ARG_LINKS support_database)
    set(fixtures FIXTURES_REQUIRED postgres)
  endif()
  add_executable(${room}_test ${ARG_SOURCES})
  string(REGEX REPLACE "^(common|agent|collector)_" "\\1::" alias "${room}")
  target_link_libraries(${room}_test PRIVATE ${alias} ${ARG_LINKS} GTest::gmock GTest::gtest_main)
  windows_manifest(${room}_test)
  set_target_properties(${room}_test PROPERTIES RUNTIME_OUTPUT_DIRECTORY "${PROJECT_BINARY_DIR}/tests")
  string(REPLACE "_" "/" prefix "${room}")
  gtest_discover_tests(${room}_test TEST_PREFIX "${prefix}/" DISCOVERY_MODE PRE_TEST DISCOVERY_TIMEOUT 120
    PROPERTIES TIMEOUT 300 ${fixtures})
endfunction()
