# Installs the packages of SOURCE/package-lock.json into OUT/node_modules and leaves the file OUT/packages when done.
# No script of any package is run. Call: cmake -DNPM=… -DSOURCE=… -DOUT=… -P scripts/npm_packages.cmake
file(MAKE_DIRECTORY ${OUT})
file(REMOVE ${OUT}/packages)
foreach(name package.json package-lock.json)
  configure_file(${SOURCE}/${name} ${OUT}/${name} COPYONLY)
endforeach()
execute_process(COMMAND ${NPM} ci --ignore-scripts --no-audit --no-fund --prefer-offline --loglevel=error
  WORKING_DIRECTORY ${OUT} RESULT_VARIABLE result OUTPUT_VARIABLE said ERROR_VARIABLE said)
if(NOT result EQUAL 0)
  message(FATAL_ERROR "npm could not fetch the packages of ${SOURCE}/package-lock.json; it said:\n${said}\n"
    "Is the npm registry reachable from here (npm ping; npm config get registry)? Once it is, build again; "
    "it goes on where it stopped. Without the web page: -DNPOD_WEB=OFF.")
endif()
file(WRITE ${OUT}/packages "")
