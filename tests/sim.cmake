# The simulated market (scripts/torture has the long form): fixed seeds, on one virtual clock.
file(GLOB sim_sources CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/sim/*.cpp)
list(FILTER sim_sources EXCLUDE REGEX "(small_market|promela)\\.cpp$")
add_executable(npod_sim ${sim_sources} ${CMAKE_CURRENT_SOURCE_DIR}/support/disk/faulty_disk.cpp)
target_link_libraries(npod_sim PRIVATE npod_daemon SQLite::SQLite3) # whose files lie on a disk that loses power
target_include_directories(npod_sim PRIVATE ${CMAKE_CURRENT_SOURCE_DIR})
npod_as_one(npod_sim)

add_executable(npod_explore ${CMAKE_CURRENT_SOURCE_DIR}/sim/explore/main.cpp ${CMAKE_CURRENT_SOURCE_DIR}/sim/small_market.cpp ${CMAKE_CURRENT_SOURCE_DIR}/sim/promela.cpp)
target_include_directories(npod_explore PRIVATE ${CMAKE_CURRENT_SOURCE_DIR} ${CMAKE_SOURCE_DIR})

add_test(NAME sim.explore COMMAND npod_explore)
# Another checker, where it is installed; circles take it minutes, and are for scripts/torture.
add_test(NAME sim.spin COMMAND ${NPOD_PYTHON} -B ${CMAKE_CURRENT_SOURCE_DIR}/sim/spin.py $<TARGET_FILE:npod_explore> --quick)
# The explorer must be able to fail: faults of the tables, each of which it has to find.
add_test(NAME sim.explore_can_fail COMMAND ${NPOD_PYTHON} -B ${CMAKE_CURRENT_SOURCE_DIR}/sim/explore_can_fail.py)
add_test(NAME sim.mutants_fit COMMAND ${NPOD_PYTHON} -B ${CMAKE_CURRENT_SOURCE_DIR}/sim/mutants.py)
add_test(NAME sim.market COMMAND npod_sim market --seeds 103..114 --days 50)
add_test(NAME sim.months COMMAND npod_sim market --seeds 5..5 --days 330) # long enough for a number to age and be given again
add_test(NAME sim.seeds COMMAND npod_sim seeds ${CMAKE_CURRENT_SOURCE_DIR}/sim/seeds.txt)
add_test(NAME sim.twice COMMAND npod_sim market --seeds 112..114 --days 20 --twice)
set_tests_properties(sim.explore sim.spin sim.explore_can_fail sim.mutants_fit sim.market sim.months sim.seeds sim.twice PROPERTIES TIMEOUT 600 LABELS sim)
