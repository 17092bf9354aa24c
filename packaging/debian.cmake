# `make deb`: one Debian package with program, library, headers, man page and completions (CPack).

set(made "${CMAKE_BINARY_DIR}/packaging")
file(MAKE_DIRECTORY "${made}")
file(READ "${CMAKE_SOURCE_DIR}/LICENSE" license)
string(REGEX REPLACE "^[^\n]*\n\n[^\n]*\n\n" "" license "${license}")  # title and copyright stand apart
string(REGEX REPLACE "\n\n" "\n.\n" license "${license}")
string(REGEX REPLACE "\n$" "" license "${license}")
string(REPLACE "\n" "\n " license_indented " ${license}")
configure_file("${CMAKE_SOURCE_DIR}/packaging/copyright" "${made}/copyright" @ONLY)

set(folder "${CMAKE_SOURCE_DIR}/packaging")
add_custom_command(
  OUTPUT "${made}/inkling.1.gz" "${made}/inkling.bash" "${made}/_inkling" "${made}/inkling.fish" "${made}/changelog.gz"
  COMMAND "${folder}/man_page" "$<TARGET_FILE:inkling>" "${INKLING_RELEASED}" | gzip -9n > "${made}/inkling.1.gz"
  COMMAND "${folder}/completions" "$<TARGET_FILE:inkling>" bash > "${made}/inkling.bash"
  COMMAND "${folder}/completions" "$<TARGET_FILE:inkling>" zsh > "${made}/_inkling"
  COMMAND "${folder}/completions" "$<TARGET_FILE:inkling>" fish > "${made}/inkling.fish"
  COMMAND "${folder}/debian_changelog" "${CMAKE_SOURCE_DIR}/CHANGELOG.md" | gzip -9n > "${made}/changelog.gz"
  DEPENDS inkling "${folder}/man_page" "${folder}/completions" "${folder}/debian_changelog" "${CMAKE_SOURCE_DIR}/CHANGELOG.md"
  VERBATIM)
add_custom_target(packaging_files DEPENDS "${made}/inkling.1.gz")

install(FILES "${made}/inkling.1.gz" DESTINATION "${CMAKE_INSTALL_MANDIR}/man1" COMPONENT pages OPTIONAL)
install(FILES "${made}/inkling.bash" DESTINATION "${CMAKE_INSTALL_DATADIR}/bash-completion/completions" RENAME inkling COMPONENT pages OPTIONAL)
install(FILES "${made}/_inkling" DESTINATION "${CMAKE_INSTALL_DATADIR}/zsh/vendor-completions" COMPONENT pages OPTIONAL)
install(FILES "${made}/inkling.fish" DESTINATION "${CMAKE_INSTALL_DATADIR}/fish/vendor_completions.d" COMPONENT pages OPTIONAL)
install(FILES "${made}/copyright" "${made}/changelog.gz" DESTINATION "${CMAKE_INSTALL_DATADIR}/doc/inkling" COMPONENT pages OPTIONAL)

set(CPACK_GENERATOR DEB)
set(CPACK_PACKAGE_NAME inkling)
set(CPACK_PACKAGE_CONTACT "The Inkling authors <inkling@example.org>")
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "${PROJECT_DESCRIPTION}")
set(CPACK_DEBIAN_PACKAGE_DESCRIPTION "Trains small networks in seconds on ordinary CPU cores, says honestly how
well they do, reads digits in photos, scans and drawings, and ships what it learned
as ONNX or as a package for the Hugging Face Hub. With the C and C++ library.")
set(CPACK_PACKAGING_INSTALL_PREFIX /usr)
set(CPACK_STRIP_FILES ON)
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_SECTION science)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
# What the library's users depend on, and that the loader's cache is renewed.
file(WRITE "${made}/shlibs" "libinkling ${PROJECT_VERSION_MAJOR} inkling (>= ${PROJECT_VERSION})\n")
file(WRITE "${made}/triggers" "activate-noawait ldconfig\n")
set(CPACK_DEBIAN_PACKAGE_CONTROL_EXTRA "${made}/shlibs;${made}/triggers")
set(CPACK_DEBIAN_PACKAGE_CONTROL_STRICT_PERMISSION ON)
set(CPACK_DEBIAN_PACKAGE_SUGGESTS gnuplot-nox)
set(CPACK_DEB_COMPONENT_INSTALL OFF)
set(CPACK_INSTALL_DEFAULT_DIRECTORY_PERMISSIONS OWNER_READ OWNER_WRITE OWNER_EXECUTE GROUP_READ GROUP_EXECUTE WORLD_READ WORLD_EXECUTE)
include(CPack)
