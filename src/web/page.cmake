# Builds the page (build.mjs) into the build folder when its sources change, and embeds it in npod_web.
find_program(NPOD_NODE NAMES node nodejs)
find_program(NPOD_NPM npm)
if(NOT NPOD_NODE OR NOT NPOD_NPM)
  message(FATAL_ERROR "The web page needs Node.js (18 or later) and npm: scripts/install-dependencies installs them. "
                      "-DNPOD_WEB=OFF builds npod without the page.")
endif()

set(web_source ${CMAKE_SOURCE_DIR}/src/web)
set(web_out ${CMAKE_BINARY_DIR}/web)
file(GLOB_RECURSE web_sources CONFIGURE_DEPENDS ${web_source}/app/*.ts ${web_source}/app/*.tsx ${web_source}/style/*.css)
list(APPEND web_sources ${web_source}/build.mjs ${web_source}/tsconfig.json ${web_source}/index.html ${web_source}/icon.svg)

# The packages of the lock file, without any script of theirs being run.
add_custom_command(OUTPUT ${web_out}/packages
  COMMAND ${CMAKE_COMMAND} -DNPM=${NPOD_NPM} -DSOURCE=${web_source} -DOUT=${web_out}
          -P ${CMAKE_SOURCE_DIR}/scripts/npm_packages.cmake
  DEPENDS ${web_source}/package.json ${web_source}/package-lock.json ${CMAKE_SOURCE_DIR}/scripts/npm_packages.cmake
  COMMENT "Fetching the packages that build the web page" VERBATIM)
add_custom_command(OUTPUT ${web_out}/page.bin ${web_out}/page.inc
  COMMAND ${NPOD_NODE} ${web_source}/build.mjs ${web_source} ${web_out}
  DEPENDS ${web_sources} ${web_out}/packages
  COMMENT "Building the web page" VERBATIM)
add_custom_target(npod_web_page DEPENDS ${web_out}/page.bin ${web_out}/page.inc)

add_dependencies(npod_web npod_web_page)
target_include_directories(npod_web PRIVATE ${web_out})
target_compile_definitions(npod_web PRIVATE NPOD_WEB_PAGE)
target_compile_options(npod_web PRIVATE -Wa,-I${web_out}) # where .incbin looks
set_source_files_properties(${web_source}/assets.cpp PROPERTIES OBJECT_DEPENDS "${web_out}/page.bin;${web_out}/page.inc")
