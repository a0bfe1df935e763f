# What `cmake --install` puts where, and the Debian package made of it (scripts/package).
include(GNUInstallDirs)
set(debian ${CMAKE_SOURCE_DIR}/scripts/debian)

install(FILES ${debian}/npod.service ${debian}/npod-backup.service ${debian}/npod-backup.timer
        DESTINATION /lib/systemd/system)
install(FILES ${debian}/npod.sysusers DESTINATION /usr/lib/sysusers.d RENAME npod.conf)
install(FILES ${debian}/npod.toml DESTINATION /etc/npod)
set(operation ${CMAKE_SOURCE_DIR}/src/daemon/operation)
install(FILES ${CMAKE_SOURCE_DIR}/README.md ${CMAKE_SOURCE_DIR}/schemas/openapi.yaml ${operation}/handbook.md ${operation}/answers.md
        ${operation}/threats.md
        DESTINATION ${CMAKE_INSTALL_DOCDIR})
install(FILES ${operation}/alerts.yaml ${operation}/dashboard.json DESTINATION ${CMAKE_INSTALL_DATADIR}/npod)
install(DIRECTORY ${CMAKE_SOURCE_DIR}/state_machines/ DESTINATION ${CMAKE_INSTALL_DOCDIR}/state_machines
        FILES_MATCHING PATTERN "*.md")

# Completions and manual pages are the programs' own words.
set(words ${CMAKE_BINARY_DIR}/words)
set(nouns status port number contract claim radar timer report event operator rule calendar machine case clock daemon completion manual)
set(pages ${words}/npctl.1 ${words}/npod.8 ${words}/npod.toml.5 ${words}/npod-messages.7)
set(make_pages COMMAND npctl manual page > ${words}/npctl.1
               COMMAND npod manual npod > ${words}/npod.8
               COMMAND npod manual npod.toml > ${words}/npod.toml.5
               COMMAND npod manual messages > ${words}/npod-messages.7)
foreach(noun ${nouns})
  list(APPEND pages ${words}/npctl-${noun}.1)
  list(APPEND make_pages COMMAND npctl manual page ${noun} > ${words}/npctl-${noun}.1)
endforeach()
add_custom_command(OUTPUT ${words}/npctl ${words}/_npctl ${words}/npctl.fish ${pages}
  COMMAND ${CMAKE_COMMAND} -E make_directory ${words}
  COMMAND npctl completion bash > ${words}/npctl
  COMMAND npctl completion zsh > ${words}/_npctl
  COMMAND npctl completion fish > ${words}/npctl.fish
  ${make_pages}
  DEPENDS npctl npod VERBATIM)
add_custom_target(words DEPENDS ${words}/npctl)
install(FILES ${words}/npctl DESTINATION ${CMAKE_INSTALL_DATADIR}/bash-completion/completions)
install(FILES ${words}/_npctl DESTINATION ${CMAKE_INSTALL_DATADIR}/zsh/vendor-completions)
install(FILES ${words}/npctl.fish DESTINATION ${CMAKE_INSTALL_DATADIR}/fish/vendor_completions.d)
foreach(page ${pages})
  string(REGEX MATCH "[1-8]$" section ${page})
  install(FILES ${page} DESTINATION ${CMAKE_INSTALL_MANDIR}/man${section})
endforeach()

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
