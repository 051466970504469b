# cmake -P npm_ci.cmake FOLDER: installs what FOLDER/package-lock.json says, where that has changed
# since, so that a machine that has it needs no network.
set(folder ${CMAKE_CURRENT_LIST_DIR}/${CMAKE_ARGV3})
file(SHA256 ${folder}/package-lock.json lock)
set(stamp ${folder}/node_modules/.grapevine-lock)
if(EXISTS ${stamp})
  file(READ ${stamp} installed)
  if(installed STREQUAL lock)
    return()
  endif()
endif()
execute_process(COMMAND npm ci --no-audit --no-fund WORKING_DIRECTORY ${folder}
                COMMAND_ERROR_IS_FATAL ANY)
file(WRITE ${stamp} ${lock})
