#include "storage/change.hpp"

#include <cstring>

#include "storage/log/bytes.hpp"

namespace grapevine {
namespace {

struct Encode {
  ByteWriter& out;
  void operator()(const DocumentChange& change) const {
    out.text(change.kind);
    out.text(change.name);
    out.text(change.content);
  }
  void operator()(const Unmerge& change) const {
    out.varint(change.merge);
    out.zigzag(change.when);
  }
  void operator()(const Erasure& change) const {
    out.zigzag(change.when);
    out.varint(change.proofs.size());
    for (const ErasureProof& proof : change.proofs) out.fixed(proof);
  }
  void operator()(const ImportUndo& change) const { out.text(change.import_id); }
};

Change read_erasure(ByteReader& in) {
  Erasure change;
  change.when = in.zigzag();
  const std::uint64_t count = in.varint();
  for (std::uint64_t i = 0; i < count && in.ok(); ++i) {
    change.proofs.push_back(in.fixed<ErasureProof>());
  }
  return change;
}

Change read_change(std::size_t kind, ByteReader& in) {
  switch (kind) {
    case 0: {
      DocumentChange change;
      change.kind = in.text();
      change.name = in.text();
      change.content = in.text();
      return change;
    }
    case 1: {
      Unmerge change;
      change.merge = static_cast<std::uint32_t>(in.varint());
      change.when = in.zigzag();
      return change;
    }
    case 2: return read_erasure(in);
    default: return ImportUndo{std::string(in.text())};
  }
}

}  // namespace

void encode_change(const Change& change, std::string& bytes) {
  ByteWriter out(bytes);
  std::visit(Encode{out}, change);
}

absl::StatusOr<Change> decode_change(std::size_t kind, std::string_view bytes) {
  ByteReader in(bytes);
  Change change = read_change(kind, in);
  if (kind >= std::variant_size_v<Change> || !in.ok() || !in.at_end()) {
    return absl::DataLossError("not a change");
  }
  return change;
}

}  // namespace grapevine
