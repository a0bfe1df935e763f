# npod serve as strangers and counterparts find it: floods, dying hubs, planted secrets.
if(TARGET npod)
  file(GLOB siege_sources CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/support/siege/*.cpp)
  list(FILTER siege_sources EXCLUDE REGEX "stepped_clock\\.cpp$")
  add_executable(npod_siege ${siege_sources} ${CMAKE_CURRENT_SOURCE_DIR}/support/story/process.cpp
    ${CMAKE_CURRENT_SOURCE_DIR}/unit/http/certificates.cpp)
  target_link_libraries(npod_siege PRIVATE npod_daemon)
  target_include_directories(npod_siege PRIVATE ${CMAKE_SOURCE_DIR} ${CMAKE_SOURCE_DIR}/src ${CMAKE_CURRENT_SOURCE_DIR})
  target_compile_options(npod_siege PRIVATE -O0)
  npod_as_one(npod_siege)
  # It calls several things of its own as its neighbours call theirs.
  set_source_files_properties(${CMAKE_CURRENT_SOURCE_DIR}/support/siege/people.cpp PROPERTIES SKIP_UNITY_BUILD_INCLUSION ON)
  add_dependencies(npod_siege npod npctl)
  # Loaded before npod, it steps the wall clock under it; not under sanitizers, which want to be loaded first themselves.
  add_library(npod_stepped_clock MODULE ${CMAKE_CURRENT_SOURCE_DIR}/support/siege/stepped_clock.cpp)
  add_dependencies(npod_siege npod_stepped_clock)
  if(NOT NPOD_SANITIZE)
    add_test(NAME siege.clock COMMAND npod_siege --npod $<TARGET_FILE:npod> --stepped-clock $<TARGET_FILE:npod_stepped_clock> clock)
    set_tests_properties(siege.clock PROPERTIES TIMEOUT 120 LABELS siege)
  endif()
  foreach(kind flood restarts restore storm limits secrets people tls rotation mailbox)
    add_test(NAME siege.${kind} COMMAND npod_siege --npod $<TARGET_FILE:npod> --npctl $<TARGET_FILE:npctl> ${kind})
    set_tests_properties(siege.${kind} PROPERTIES TIMEOUT 120 LABELS siege)
  endforeach()
  set_tests_properties(siege.storm siege.limits PROPERTIES TIMEOUT 300)
  # What is measured here is measured alone.
  add_test(NAME siege.load COMMAND npod_siege --npod $<TARGET_FILE:npod> load --seconds 2)
  add_test(NAME siege.crowd COMMAND npod_siege --npod $<TARGET_FILE:npod> crowd)
  set_tests_properties(siege.load siege.crowd PROPERTIES TIMEOUT 120 LABELS siege RUN_SERIAL TRUE)
  add_test(NAME siege.wrong_load COMMAND npod_siege --npod $<TARGET_FILE:npod> load --seconds 1 --tamper)
  set_tests_properties(siege.wrong_load PROPERTIES TIMEOUT 120 LABELS siege ENVIRONMENT TMPDIR=${CMAKE_CURRENT_BINARY_DIR}/wrong
    PASS_REGULAR_EXPRESSION "at half of saturation p99 of an acknowledgement was not below 0ms")
  # The siege itself must be able to fail: one message that was acknowledged and is nowhere.
  add_test(NAME siege.wrong_restarts COMMAND npod_siege --npod $<TARGET_FILE:npod> --npctl $<TARGET_FILE:npctl> restarts --tamper)
  set_tests_properties(siege.wrong_restarts PROPERTIES TIMEOUT 120 LABELS siege ENVIRONMENT TMPDIR=${CMAKE_CURRENT_BINARY_DIR}/wrong
    PASS_REGULAR_EXPRESSION "BRAVO-LOST was acknowledged and is not once in the log of HUB")
  add_test(NAME siege.wrong_people COMMAND npod_siege --npod $<TARGET_FILE:npod> --npctl $<TARGET_FILE:npctl> people --tamper)
  set_tests_properties(siege.wrong_people PROPERTIES TIMEOUT 120 LABELS siege ENVIRONMENT TMPDIR=${CMAKE_CURRENT_BINARY_DIR}/wrong
    PASS_REGULAR_EXPRESSION "BRAVO-00000001. was seen in .the log")
  add_test(NAME siege.wrong_storm
    COMMAND npod_siege --npod $<TARGET_FILE:npod> --npctl $<TARGET_FILE:npctl> storm --blows 3 --tamper)
  set_tests_properties(siege.wrong_storm PROPERTIES TIMEOUT 120 LABELS siege ENVIRONMENT TMPDIR=${CMAKE_CURRENT_BINARY_DIR}/wrong
    PASS_REGULAR_EXPRESSION "ALFA-LOST is 0 times in the log of ALFA")
endif()
