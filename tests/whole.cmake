# Whole-program tests: stories played between real processes over real HTTP (tests/support/story, tests/scenarios).
file(GLOB story_sources CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/support/story/*.cpp)
add_executable(npod_story ${story_sources})
target_link_libraries(npod_story PRIVATE npod_http npod_protocol)
target_include_directories(npod_story PRIVATE ${CMAKE_SOURCE_DIR} ${CMAKE_SOURCE_DIR}/src)
target_compile_options(npod_story PRIVATE -O0)
npod_as_one(npod_story)

if(TARGET npod)
  add_dependencies(npod_story npod)
  file(GLOB stories RELATIVE ${CMAKE_CURRENT_SOURCE_DIR}/scenarios CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/scenarios/*.story)
  list(REMOVE_ITEM stories market.story) # only the beginning of the others
  foreach(story ${stories})
    get_filename_component(name ${story} NAME_WE)
    add_test(NAME story.${name} COMMAND npod_story --npod $<TARGET_FILE:npod> ${CMAKE_CURRENT_SOURCE_DIR}/scenarios/${story})
    set_tests_properties(story.${name} PROPERTIES TIMEOUT 300 LABELS story)
  endforeach()
  # The runner itself must be able to fail: each of these says one wrong thing, and must be told so at its line.
  file(GLOB wrong_stories RELATIVE ${CMAKE_CURRENT_SOURCE_DIR}/scenarios/wrong CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/scenarios/wrong/*.story)
  file(MAKE_DIRECTORY ${CMAKE_CURRENT_BINARY_DIR}/wrong) # what a failed story leaves behind
  foreach(story ${wrong_stories})
    get_filename_component(name ${story} NAME_WE)
    add_test(NAME story.wrong_${name} COMMAND npod_story --npod $<TARGET_FILE:npod> ${CMAKE_CURRENT_SOURCE_DIR}/scenarios/wrong/${story})
    set_tests_properties(story.wrong_${name} PROPERTIES TIMEOUT 60 LABELS story ENVIRONMENT TMPDIR=${CMAKE_CURRENT_BINARY_DIR}/wrong
      PASS_REGULAR_EXPRESSION "${name}\\.story:[0-9]+: (it is otherwise|the problems told are others|the answer was)")
  endforeach()
  # What a newcomer tries first, from the programs alone.
  add_test(NAME market COMMAND ${NPOD_PYTHON} -B ${CMAKE_CURRENT_SOURCE_DIR}/market_test.py ${CMAKE_BINARY_DIR})
  set_tests_properties(market PROPERTIES TIMEOUT 200 LABELS story)
  # The shells' completions, in the shells.
  add_test(NAME completion COMMAND ${NPOD_PYTHON} -B ${CMAKE_CURRENT_SOURCE_DIR}/completion_test.py ${CMAKE_BINARY_DIR})
  set_tests_properties(completion PROPERTIES TIMEOUT 120 LABELS story)
  # Every command that README and the handbook show, as a reader would type it.
  add_test(NAME commands COMMAND ${NPOD_PYTHON} -B ${CMAKE_CURRENT_SOURCE_DIR}/commands_test.py ${CMAKE_BINARY_DIR})
  set_tests_properties(commands PROPERTIES TIMEOUT 300 LABELS story)
  # kill -9 before and after every commit of every daemon, and at random moments: the story ends the same.
  add_test(NAME story.crash COMMAND npod_story --npod $<TARGET_FILE:npod> --crash every-commit ${CMAKE_CURRENT_SOURCE_DIR}/scenarios/whole.story)
  add_test(NAME story.crash_random COMMAND npod_story --npod $<TARGET_FILE:npod> --crash random --seed 1 --kills 30 ${CMAKE_CURRENT_SOURCE_DIR}/scenarios/whole.story)
  set_tests_properties(story.crash story.crash_random PROPERTIES TIMEOUT 1500 LABELS "story;crash")
endif()
