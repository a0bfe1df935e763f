# What reads bytes of others, fed with kept and mutated ones. Plain: every target replays its corpus and seeded mutations. With
# NPOD_SANITIZE=fuzzer (clang): npod_fuzz, which looks for new ones by coverage (scripts/torture fuzz).
file(GLOB fuzz_sources CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/fuzz/*.cpp)
list(FILTER fuzz_sources EXCLUDE REGEX "_main\\.cpp$")
add_library(npod_fuzz_targets STATIC EXCLUDE_FROM_ALL ${fuzz_sources})
# The targets without optimisation, as all tests; what they call is as shipped.
if(NPOD_SANITIZE STREQUAL "fuzzer")
  set_source_files_properties(${fuzz_sources} PROPERTIES COMPILE_OPTIONS -O0)
  # It is built anew for this alone: of two rooms with much else in them, only what is fuzzed.
  set(parts http/body http/event_parser http/gate http/message http/place http/request_head http/text
            daemon/config daemon/config_file daemon/config_keys)
  list(TRANSFORM parts PREPEND ${CMAKE_SOURCE_DIR}/src/)
  list(TRANSFORM parts APPEND .cpp)
  target_sources(npod_fuzz_targets PRIVATE ${parts})
  target_link_libraries(npod_fuzz_targets PUBLIC npod_casefile Boost::headers Boost::url tomlplusplus::tomlplusplus)
else()
  target_link_libraries(npod_fuzz_targets PUBLIC npod_daemon)
  target_compile_options(npod_fuzz_targets PRIVATE -O0)
  npod_as_one(npod_fuzz_targets)
endif()
target_include_directories(npod_fuzz_targets PUBLIC ${CMAKE_SOURCE_DIR} ${CMAKE_SOURCE_DIR}/src ${CMAKE_CURRENT_SOURCE_DIR})
target_compile_definitions(npod_fuzz_targets PUBLIC NPOD_SOURCE_DIR="${CMAKE_SOURCE_DIR}")

if(NPOD_SANITIZE STREQUAL "fuzzer")
  add_executable(npod_fuzz ${CMAKE_CURRENT_SOURCE_DIR}/fuzz/libfuzzer_main.cpp)
  target_link_libraries(npod_fuzz PRIVATE npod_fuzz_targets)
  target_link_options(npod_fuzz PRIVATE -fsanitize=fuzzer)
endif()
add_executable(npod_fuzz_replay ${CMAKE_CURRENT_SOURCE_DIR}/fuzz/replay_main.cpp)
target_link_libraries(npod_fuzz_replay PRIVATE npod_fuzz_targets)
if(NOT NPOD_SANITIZE STREQUAL "fuzzer")
  add_test(NAME fuzz.replay COMMAND npod_fuzz_replay)
  set_tests_properties(fuzz.replay PROPERTIES TIMEOUT 300 LABELS fuzz)
endif()
