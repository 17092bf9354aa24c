# Precompiled headers: what most files include is parsed once for each set of flags, since GCC takes
# a precompiled header only where the flags are the same. INKLING_PRECOMPILE=OFF builds without, which
# shows a file that forgets an include.

# JSON is worth its place only where most files use it: it costs each file that does not 0.3 s (g++ 12, Zen 4).
set(with_json HEADERS <nlohmann/json.hpp> LIBRARIES nlohmann_json::nlohmann_json)

# add_precompiled(NAME FLAGS FLAG... [HEADERS HEADER...] [LIBRARIES LIBRARY...])
function(add_precompiled name)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "" "FLAGS;HEADERS;LIBRARIES")
  file(CONFIGURE OUTPUT "${CMAKE_CURRENT_BINARY_DIR}/${name}.cpp" CONTENT "")
  add_library(${name} STATIC EXCLUDE_FROM_ALL "${CMAKE_CURRENT_BINARY_DIR}/${name}.cpp")
  target_compile_options(${name} PRIVATE ${arg_FLAGS})
  target_precompile_headers(${name} PRIVATE
    <algorithm> <array> <cmath> <filesystem> <fstream> <functional> <map> <memory> <optional> <set> <span>
    <string> <string_view> <vector> <fmt/core.h> ${arg_HEADERS})
  target_link_libraries(${name} PRIVATE fmt::fmt Threads::Threads ${arg_LIBRARIES})
endfunction()

function(use_precompiled target name)
  if(INKLING_PRECOMPILE)
    target_precompile_headers(${target} REUSE_FROM ${name})
  endif()
endfunction()

# A floor's files compiled six at a time: what they include is then parsed once for six. They share a
# namespace, so no two of them may give a name of their own to different things.
function(compile_together target)
  if(INKLING_UNITY)
    set_target_properties(${target} PROPERTIES UNITY_BUILD ON UNITY_BUILD_BATCH_SIZE 6)
  endif()
endfunction()
