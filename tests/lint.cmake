# House rules as tests: who may include whom, and what a line may not hold. Python's standard library only.
find_program(NPOD_PYTHON NAMES python3 REQUIRED)
foreach(lint architecture style self_test)
  add_test(NAME lint.${lint} COMMAND ${NPOD_PYTHON} -B ${CMAKE_CURRENT_SOURCE_DIR}/lint/${lint}.py)
  set_tests_properties(lint.${lint} PROPERTIES TIMEOUT 60 LABELS lint)
endforeach()
# Every line of the page of threats is tried by tests that exist.
add_test(NAME threats COMMAND ${NPOD_PYTHON} -B ${CMAKE_CURRENT_SOURCE_DIR}/threats_test.py)
set_tests_properties(threats PROPERTIES TIMEOUT 60 LABELS lint)
