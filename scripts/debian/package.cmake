# What `cmake --install` puts where, and the Debian package made of it (scripts/package).
include(GNUInstallDirs)
set(debian ${CMAKE_SOURCE_DIR}/scripts/debian)

install(FILES ${debian}/npod.service ${debian}/npod-backup.service ${debian}/npod-backup.timer
        DESTINATION /lib/systemd/system)
install(FILES ${debian}/npod.sysusers DESTINATION /usr/lib/sysusers.d RENAME npod.conf)
install(FILES ${debian}/npod.toml DESTINATION /etc/npod)
install(FILES ${CMAKE_SOURCE_DIR}/README.md ${CMAKE_SOURCE_DIR}/schemas/openapi.yaml DESTINATION ${CMAKE_INSTALL_DOCDIR})
install(DIRECTORY ${CMAKE_SOURCE_DIR}/state_machines/ DESTINATION ${CMAKE_INSTALL_DOCDIR}/state_machines
        FILES_MATCHING PATTERN "*.md")

# Completions are npctl's own words.
set(completions ${CMAKE_BINARY_DIR}/completions)
add_custom_command(OUTPUT ${completions}/npctl ${completions}/_npctl ${completions}/npctl.fish
  COMMAND ${CMAKE_COMMAND} -E make_directory ${completions}
  COMMAND npctl completion bash > ${completions}/npctl
  COMMAND npctl completion zsh > ${completions}/_npctl
  COMMAND npctl completion fish > ${completions}/npctl.fish
  DEPENDS npctl VERBATIM)
add_custom_target(completions DEPENDS ${completions}/npctl)
install(FILES ${completions}/npctl DESTINATION ${CMAKE_INSTALL_DATADIR}/bash-completion/completions)
install(FILES ${completions}/_npctl DESTINATION ${CMAKE_INSTALL_DATADIR}/zsh/vendor-completions)
install(FILES ${completions}/npctl.fish DESTINATION ${CMAKE_INSTALL_DATADIR}/fish/vendor_completions.d)

set(CPACK_GENERATOR DEB)
set(CPACK_PACKAGING_INSTALL_PREFIX /usr)
set(CPACK_STRIP_FILES ON)
set(CPACK_PACKAGE_CONTACT "npod maintainers <maintainers@npod.invalid>")
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "number portability daemon for telecom operators")
set(CPACK_DEBIAN_PACKAGE_DESCRIPTION "npod moves telephone numbers in and out without losing one, missing a deadline or
guessing what it owes; npctl is its command line. Everything durable is one SQLite file.")
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_SECTION net)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
set(CPACK_DEBIAN_PACKAGE_DEPENDS "adduser, tzdata")
set(CPACK_DEBIAN_PACKAGE_RECOMMENDS "ca-certificates")
# Without conffiles an upgrade would overwrite what the operator wrote.
file(WRITE ${CMAKE_BINARY_DIR}/conffiles "/etc/npod/npod.toml\n")
set(CPACK_DEBIAN_PACKAGE_CONTROL_EXTRA
    "${debian}/postinst;${debian}/prerm;${debian}/postrm;${CMAKE_BINARY_DIR}/conffiles")
set(CPACK_DEBIAN_PACKAGE_CONTROL_STRICT_PERMISSION ON)
include(CPack)
