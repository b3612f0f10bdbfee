# embed_text(TARGET NAMESPACE ns HEADER path FILES ...)
# Makes `HEADER` (below the build folder) with one `inline constexpr std::string_view` a file, named after the file
# without its folder and ending: sql/record_insert.sql becomes ns::record_insert. Text stays text in the tree and
# travels inside the program.
function(embed_text target)
  cmake_parse_arguments(PARSE_ARGV 1 ARG "" "NAMESPACE;HEADER" "FILES")
  set(files "")
  foreach(file ${ARG_FILES})
    get_filename_component(absolute "${file}" ABSOLUTE)
    list(APPEND files "${absolute}")
  endforeach()
  set(output "${PROJECT_BINARY_DIR}/${ARG_HEADER}")
  add_custom_command(
    OUTPUT "${output}"
    COMMAND "${CMAKE_COMMAND}" "-DOUTPUT=${output}" "-DNAMESPACE=${ARG_NAMESPACE}" "-DFILES=${files}"
            -P "${PROJECT_SOURCE_DIR}/cmake/embed_text_script.cmake"
    DEPENDS ${files} "${PROJECT_SOURCE_DIR}/cmake/embed_text_script.cmake"
    COMMENT "Embedding ${ARG_HEADER}" VERBATIM)
  target_sources(${target} PRIVATE "${output}")
endfunction()
