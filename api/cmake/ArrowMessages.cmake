# Arrow's IPC messages: encode/arrow/ipc.fbs → ipc_generated.h, by FlatBuffers' compiler. The header is
# for encode/arrow/*.cpp alone.
find_package(FlatBuffers REQUIRED)
find_program(FLATC flatc REQUIRED)

set(arrow_messages ${CMAKE_CURRENT_BINARY_DIR}/arrow/ipc_generated.h)
add_custom_command(
  OUTPUT ${arrow_messages}
  COMMAND ${FLATC} --cpp -o ${CMAKE_CURRENT_BINARY_DIR}/arrow
          ${CMAKE_CURRENT_SOURCE_DIR}/encode/arrow/ipc.fbs
  DEPENDS encode/arrow/ipc.fbs
  VERBATIM)
target_sources(api PRIVATE ${arrow_messages})
target_include_directories(api SYSTEM PRIVATE ${CMAKE_CURRENT_BINARY_DIR}/arrow)
target_link_libraries(api PRIVATE flatbuffers::flatbuffers)
