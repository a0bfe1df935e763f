# The web page in a real Chromium (tests/web): against a market of three daemons that has been through the whole story.
if(TARGET npod AND NPOD_WEB)
  add_test(NAME web.page COMMAND ${CMAKE_CURRENT_SOURCE_DIR}/web/run $<TARGET_FILE:npod> $<TARGET_FILE:npod_story> ${CMAKE_BINARY_DIR}/web
    ${CMAKE_BINARY_DIR}/web/tests)
  set_tests_properties(web.page PROPERTIES TIMEOUT 190 LABELS web)
endif()
