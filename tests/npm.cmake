# cmake -DNPM=npm -DFOLDER=sdk -DSCRIPT=test -P npm.cmake
#
# Runs a script of FOLDER/package.json. What its lock file says is installed first where that has
# changed since, so that a machine that has it needs no network.
if(NOT NPM)
  message("skipped: no npm")
  return()
endif()
set(folder ${CMAKE_CURRENT_LIST_DIR}/${FOLDER})
file(SHA256 ${folder}/package-lock.json lock)
set(stamp ${folder}/node_modules/.grapevine-lock)
set(installed "")
if(EXISTS ${stamp})
  file(READ ${stamp} installed)
endif()
if(NOT installed STREQUAL lock)
  # Not `npm ci`: it wants the lock file to name optional packages of every platform, and a registry
  # need not have them all.
  execute_process(COMMAND ${NPM} install --no-save WORKING_DIRECTORY ${folder}
                  COMMAND_ERROR_IS_FATAL ANY)
  file(WRITE ${stamp} ${lock})
endif()
execute_process(COMMAND ${NPM} run --silent ${SCRIPT} WORKING_DIRECTORY ${folder}
                COMMAND_ERROR_IS_FATAL ANY)
