# embed_text(TARGET NAMESPACE ns HEADER path FILES ... [WHOLE_NAMES])
# Makes `HEADER` (below the build folder) with one `inline constexpr std::string_view` a file, named after the file
# without its folder and ending: sql/record_insert.sql becomes ns::record_insert. Text stays text in the tree and
# travels inside the program. WHOLE_NAMES is for files told apart by their numbers and inner endings:
# 0001_initial.sqlite.sql becomes ns::n0001_initial_sqlite, and beside it stands ns::n0001_initial_sqlite_sha256, the
# digest of the file in hexadecimal.
function(embed_text target)
  cmake_parse_arguments(PARSE_ARGV 1 ARG "WHOLE_NAMES" "NAMESPACE;HEADER" "FILES")
  set(files "")
  foreach(file ${ARG_FILES})
    get_filename_component(absolute "${file}" ABSOLUTE)
    list(APPEND files "${absolute}")
  endforeach()
  set(output "${PROJECT_BINARY_DIR}/${ARG_HEADER}")
  add_custom_command(
    OUTPUT "${output}"
    COMMAND "${CMAKE_COMMAND}" "-DOUTPUT=${output}" "-DNAMESPACE=${ARG_NAMESPACE}" "-DFILES=${files}"
            "-DWHOLE_NAMES=${ARG_WHOLE_NAMES}" -P "${PROJECT_SOURCE_DIR}/cmake/embed_text_script.cmake"
    DEPENDS ${files} "${PROJECT_SOURCE_DIR}/cmake/embed_text_script.cmake"
    COMMENT "Embedding ${ARG_HEADER}" VERBATIM)
  target_sources(${target} PRIVATE "${output}")
endfunction()
