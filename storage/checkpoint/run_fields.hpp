#pragma once

#include "storage/checkpoint/fields.hpp"
#include "storage/part.hpp"

namespace grapevine {

/// What a run consists of, in the order in which it stands in a file. A change of these is a new
/// version of the section.

void fields(auto& archive, Is<TextValues::Block> auto& block) {
  archive(block.first_row, block.plain_bytes, block.begin, block.compressed);
}
void fields(auto& archive, Is<TextValues> auto& texts) {
  archive(texts.rows, texts.blocks, texts.bytes);
}
void fields(auto& archive, Is<CodeValues> auto& column) { archive(column.codes); }
void fields(auto& archive, Is<BoolValues> auto& column) { archive(column.bits); }
void fields(auto& archive, Is<Int64Values> auto& column) { archive(column.numbers); }
void fields(auto& archive, Is<TimeValues> auto& column) { archive(column.times); }
void fields(auto& archive, Is<RealValues> auto& column) {
  archive(column.numbers, column.form, column.digits, column.single);
}
void fields(auto& archive, Is<RunColumn> auto& column) {
  archive(column.id, column.present, column.values);
}
void fields(auto& archive, Is<CustomerColumn::Block> auto& block) {
  archive(block.high, block.begin);
}
void fields(auto& archive, Is<IdentityStretch> auto& stretch) {
  archive(stretch.begin, stretch.end, stretch.identity);
}
void fields(auto& archive, Is<MessageIdColumn> auto& ids) { archive(ids.uuids, ids.texts); }
void fields(auto& archive, Is<Run> auto& run) {
  archive(run.event, run.first, run.last, run.customers, run.times, run.sequences, run.targets,
          run.identities, run.message_ids, run.columns);
}

}  // namespace grapevine
