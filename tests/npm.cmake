# npod under tools that are not ours (tests/npm): ajv, an OpenAPI validator and request generator, an EventSource, curl, openssl.
if(TARGET npod)
  add_test(NAME npm.independent_tools COMMAND ${CMAKE_CURRENT_SOURCE_DIR}/npm/run $<TARGET_FILE:npod> ${CMAKE_BINARY_DIR}/npm)
  set_tests_properties(npm.independent_tools PROPERTIES TIMEOUT 240 LABELS npm)
endif()
