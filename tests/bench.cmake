# The benchmark (scripts/bench). As a test it only proves, in a very small form, that it runs: no goal is looked at.
file(GLOB bench_sources CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/bench/*.cpp)
add_executable(npod_bench ${bench_sources} ${CMAKE_CURRENT_SOURCE_DIR}/support/story/process.cpp)
target_link_libraries(npod_bench PRIVATE npod_api)
target_include_directories(npod_bench PRIVATE ${CMAKE_CURRENT_SOURCE_DIR})

if(TARGET npod AND TARGET npctl)
  add_dependencies(npod_bench npod npctl)
  add_test(NAME bench COMMAND ${CMAKE_SOURCE_DIR}/scripts/bench --smoke --build ${CMAKE_BINARY_DIR} --out ${CMAKE_CURRENT_BINARY_DIR}/bench-results)
  set_tests_properties(bench PROPERTIES TIMEOUT 300 LABELS bench)
endif()
