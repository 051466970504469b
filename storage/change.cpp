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
  void operator()(const MembershipUpdates& updates) const {
    out.varint(updates.streams.size());
    for (const MembershipUpdate& update : updates.streams) {
      out.text(update.key.segment);
      out.text(update.key.consent);
      out.varint(update.stream);
      out.zigzag(update.as_of);
      update.members.encode(out);
      out.varint(update.changes.size());
      for (const MembershipChange& change : update.changes) {
        out.zigzag(update.as_of - change.ts);
        out.varint(std::uint64_t{index(change.identity)} << 1 | (change.entered ? 1 : 0));
      }
    }
  }
  void operator()(const Rescoring& rescoring) const { rescoring.encode(out); }
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

MembershipUpdate read_membership_update(ByteReader& in) {
  MembershipUpdate update;
  update.key.segment = in.text();
  update.key.consent = in.text();
  update.stream = in.varint();
  update.as_of = in.zigzag();
  update.members = IdList::decode(in);
  for (std::uint64_t left = in.varint(); left > 0 && in.ok(); --left) {
    MembershipChange& change = update.changes.emplace_back();
    // Unsigned, because what is damaged may be any number.
    change.ts = static_cast<TimeMs>(static_cast<std::uint64_t>(update.as_of) -
                                    static_cast<std::uint64_t>(in.zigzag()));
    const std::uint64_t who = in.varint();
    change.identity = CustomerId(static_cast<std::uint32_t>(who >> 1));
    change.entered = (who & 1) != 0;
  }
  return update;
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
    case 3: return ImportUndo{std::string(in.text())};
    case 4: {
      MembershipUpdates updates;
      for (std::uint64_t left = in.varint(); left > 0 && in.ok(); --left) {
        updates.streams.push_back(read_membership_update(in));
      }
      return updates;
    }
    default: return Rescoring::decode(in);
  }
}

}  // namespace

RecordType record_type(const Change& change) {
  return static_cast<RecordType>(static_cast<std::size_t>(RecordType::Document) + change.index());
}

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
