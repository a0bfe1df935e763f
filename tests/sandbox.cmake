# npod serve against npod sandbox, both as processes: every fault of every part, and days of law time with faults at every seam.
if(TARGET npod)
  set(story ${CMAKE_CURRENT_SOURCE_DIR}/support/story)
  add_executable(npod_trial ${CMAKE_CURRENT_SOURCE_DIR}/support/trial/main.cpp ${story}/daemon.cpp ${story}/process.cpp)
  target_link_libraries(npod_trial PRIVATE npod_daemon)
  target_include_directories(npod_trial PRIVATE ${CMAKE_SOURCE_DIR} ${CMAKE_SOURCE_DIR}/src ${CMAKE_CURRENT_SOURCE_DIR})
  target_compile_options(npod_trial PRIVATE -O0)
  add_dependencies(npod_trial npod)
  foreach(part recipient donor hub)
    add_test(NAME sandbox.${part} COMMAND npod_trial --npod $<TARGET_FILE:npod> ${part})
    set_tests_properties(sandbox.${part} PROPERTIES TIMEOUT 240 LABELS sandbox)
  endforeach()
  add_test(NAME sandbox.soak COMMAND npod_trial --npod $<TARGET_FILE:npod> soak)
  set_tests_properties(sandbox.soak PROPERTIES TIMEOUT 240 LABELS sandbox)
  # The soak itself must be able to fail: one message that was acknowledged and is not there.
  add_test(NAME sandbox.wrong_soak COMMAND npod_trial --npod $<TARGET_FILE:npod> soak --days 1 --seconds 12 --tamper)
  set_tests_properties(sandbox.wrong_soak PROPERTIES TIMEOUT 120 LABELS sandbox ENVIRONMENT TMPDIR=${CMAKE_CURRENT_BINARY_DIR}/wrong
    PASS_REGULAR_EXPRESSION "acknowledged, and not here: a message that was confirmed and lost")
endif()
