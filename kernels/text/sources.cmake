# Included where sources of this folder are compiled.
#
# embedded.cpp: says where its files are, and compiles it anew when one of them has changed, which a
# compiler cannot see through the assembler's .incbin.
set(text_folder ${CMAKE_CURRENT_LIST_DIR})
set(embedded ${text_folder}/korean_model.bin)
foreach(name IN ITEMS words emoji modifiers function_words service_words)
  list(APPEND embedded ${text_folder}/lexicon/${name}.tsv)
endforeach()
set_source_files_properties(${text_folder}/embedded.cpp PROPERTIES
  COMPILE_DEFINITIONS GRAPEVINE_TEXT_FOLDER="${text_folder}" OBJECT_DEPENDS "${embedded}")

# Scores are the same bits on every machine: no sum is fused with a product where a processor could.
file(GLOB text_sources CONFIGURE_DEPENDS ${text_folder}/*.cpp)
set_property(SOURCE ${text_sources} APPEND PROPERTY COMPILE_OPTIONS -ffp-contract=off)
