# libinkling, shared and static: everything below the program and the server in one file, the C
# interface exported; headers, a CMake package and a pkg-config file; `cmake --install`.

include(GNUInstallDirs)
include(CMakePackageConfigHelpers)

set(library_objects "")
foreach(floor IN LISTS library_floors)
  list(APPEND library_objects $<TARGET_OBJECTS:inkling_${floor}>)
endforeach()
set(library_needs fmt::fmt Threads::Threads hwy::hwy PkgConfig::DEFLATE OpenSSL::Crypto CURL::libcurl
  PkgConfig::LEPT tomlplusplus::tomlplusplus onnx_proto protobuf::libprotobuf)

add_library(inkling_shared SHARED ${library_objects})
target_link_libraries(inkling_shared PRIVATE ${library_needs})
set(map "${CMAKE_SOURCE_DIR}/packaging/library.map")
target_link_options(inkling_shared PRIVATE "-Wl,--version-script=${map}" -Wl,--exclude-libs,ALL
  -Wl,--as-needed)
set_target_properties(inkling_shared PROPERTIES
  OUTPUT_NAME inkling VERSION ${PROJECT_VERSION} SOVERSION ${PROJECT_VERSION_MAJOR} EXPORT_NAME inkling
  LINK_DEPENDS "${map}" LINKER_LANGUAGE CXX
  LIBRARY_OUTPUT_DIRECTORY "${CMAKE_BINARY_DIR}/lib")

add_library(inkling_static STATIC ${library_objects})
if(INKLING_SANITIZE)  # the tests have the same code; the sanitizer's functions come with a program
  set_target_properties(inkling_shared inkling_static PROPERTIES EXCLUDE_FROM_ALL ON)
else()
  target_link_options(inkling_shared PRIVATE -Wl,--no-undefined)
endif()
# By their names, so that a program that links it looks for nothing else.
set(static_needs curl crypto deflate lept fmt hwy tomlplusplus onnx_proto protobuf pthread)
target_link_libraries(inkling_static INTERFACE ${static_needs})
set_target_properties(inkling_static PROPERTIES OUTPUT_NAME inkling EXPORT_NAME static LINKER_LANGUAGE CXX
  ARCHIVE_OUTPUT_DIRECTORY "${CMAKE_BINARY_DIR}/lib")

foreach(library inkling_shared inkling_static)
  target_include_directories(${library} INTERFACE
    "$<BUILD_INTERFACE:${CMAKE_SOURCE_DIR}/include>" "$<INSTALL_INTERFACE:${CMAKE_INSTALL_INCLUDEDIR}>")
endforeach()

set(package_folder "${CMAKE_INSTALL_LIBDIR}/cmake/inkling")
install(TARGETS inkling RUNTIME COMPONENT program)
install(TARGETS inkling_shared EXPORT inkling-targets
  LIBRARY COMPONENT library NAMELINK_COMPONENT development)
install(TARGETS inkling_static EXPORT inkling-targets ARCHIVE COMPONENT development)
install(DIRECTORY "${CMAKE_SOURCE_DIR}/include/inkling" DESTINATION "${CMAKE_INSTALL_INCLUDEDIR}" COMPONENT development)
install(EXPORT inkling-targets FILE inkling-config.cmake NAMESPACE inkling:: DESTINATION "${package_folder}"
  COMPONENT development)
write_basic_package_version_file("${CMAKE_BINARY_DIR}/inkling-config-version.cmake" COMPATIBILITY SameMinorVersion)
install(FILES "${CMAKE_BINARY_DIR}/inkling-config-version.cmake" DESTINATION "${package_folder}" COMPONENT development)
list(TRANSFORM static_needs PREPEND -l OUTPUT_VARIABLE static_flags)
list(JOIN static_flags " " static_flags)
file(RELATIVE_PATH prefix_from_pc "/${CMAKE_INSTALL_LIBDIR}/pkgconfig" "/")
configure_file("${CMAKE_SOURCE_DIR}/packaging/inkling.pc.in" "${CMAKE_BINARY_DIR}/inkling.pc" @ONLY)
install(FILES "${CMAKE_BINARY_DIR}/inkling.pc" DESTINATION "${CMAKE_INSTALL_LIBDIR}/pkgconfig" COMPONENT development)
