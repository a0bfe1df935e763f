# The benchmark (scripts/bench). As a test it only proves, in a very small form, that it runs; no goal is looked at but the one that
# is the same on every machine, the bytes of a completed port.
file(GLOB bench_sources CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/bench/*.cpp)
add_executable(npod_bench ${bench_sources} ${CMAKE_CURRENT_SOURCE_DIR}/support/story/process.cpp)
target_link_libraries(npod_bench PRIVATE npod_api)
target_include_directories(npod_bench PRIVATE ${CMAKE_CURRENT_SOURCE_DIR})
npod_as_one(npod_bench)

if(TARGET npod AND TARGET npctl)
  add_dependencies(npod_bench npod npctl)
  add_test(NAME bench COMMAND ${CMAKE_SOURCE_DIR}/scripts/bench --smoke --build ${CMAKE_BINARY_DIR} --out ${CMAKE_CURRENT_BINARY_DIR}/bench-results)
  add_test(NAME bench.bytes COMMAND npod_bench recipient --npod $<TARGET_FILE:npod> --ports 3000 --most-bytes 4096)
  add_test(NAME bench.wrong_bytes COMMAND npod_bench recipient --npod $<TARGET_FILE:npod> --ports 300 --most-bytes 1000)
  set_tests_properties(bench.wrong_bytes PROPERTIES PASS_REGULAR_EXPRESSION "a completed port takes [0-9]+ bytes, more than 1000")
  set_tests_properties(bench bench.bytes bench.wrong_bytes PROPERTIES TIMEOUT 300 LABELS bench)
endif()
