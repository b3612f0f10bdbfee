# windows_manifest(TARGET) puts windows.manifest into a program: narrow texts are UTF-8 and paths may be longer than 260
# characters. Does nothing for other systems.
if(WIN32)
  enable_language(RC)
  configure_file("${CMAKE_CURRENT_LIST_DIR}/windows.manifest" "${PROJECT_BINARY_DIR}/windows.manifest" COPYONLY)
  file(WRITE "${PROJECT_BINARY_DIR}/manifest.rc" "1 24 \"windows.manifest\"\n")
endif()
function(windows_manifest target)
  if(WIN32)
    target_sources(${target} PRIVATE "${PROJECT_BINARY_DIR}/manifest.rc")
    # The resource compiler shall not see the warnings meant for C++.
    set_source_files_properties("${PROJECT_BINARY_DIR}/manifest.rc" PROPERTIES
      INCLUDE_DIRECTORIES "${PROJECT_BINARY_DIR}" OBJECT_DEPENDS "${PROJECT_BINARY_DIR}/windows.manifest")
  endif()
endfunction()
