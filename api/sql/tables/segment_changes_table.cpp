#include "api/sql/tables/segment_changes_table.hpp"

#include <algorithm>

#include "api/sql/execute/query_context.hpp"
#include "api/sql/tables/name_conditions.hpp"
#include "api/sql/tables/people_codes.hpp"
#include "storage/memberships.hpp"
#include "storage/status_macros.hpp"

namespace grapevine::sql {
namespace {

using Stream = std::shared_ptr<const MembershipStream>;

enum : std::size_t { kName, kCustomer, kChange, kTime };

// Changes of one stream: those who were in when it began, or others by position.
struct Piece {
  std::string_view name;
  Stream stream;
  bool of_base = false;
  std::uint64_t begin = 0;
  std::uint64_t end = 0;
};

// Changes on their way into a block.
struct Changes {
  std::vector<std::uint32_t> people;
  std::vector<std::uint32_t> left;  // 0: entered.
  std::vector<std::int64_t> times;

  void add(CustomerId person, bool entered, TimeMs time) {
    people.push_back(index(person));
    left.push_back(entered ? 0 : 1);
    times.push_back(time);
  }
};

class ChangeSource final : public BlockSource {
 public:
  ChangeSource(std::vector<Piece> pieces, std::vector<std::size_t> columns, QueryContext& context)
      : pieces_(std::move(pieces)), columns_(std::move(columns)), context_(context) {
    constexpr std::string_view kWords[] = {"entered", "left"};
    words_ = make_pool(kWords).pool;
    for (const Piece& piece : pieces_) rows_ += piece.end - piece.begin;
  }

  std::size_t morsels() const override { return pieces_.size(); }
  std::uint64_t rows() const override { return rows_; }
  absl::Status read(std::size_t morsel, const Consume& consume) const override {
    const Piece& piece = pieces_[morsel];
    const Persons& persons = context_.snapshot->customers().persons();
    Changes changes;
    absl::Status status;
    const auto add = [&](CustomerId identity, bool entered, TimeMs time) {
      const CustomerId person = persons.of(identity);
      if (person == kNobody || !status.ok()) return;
      changes.add(person, entered, time);
      if (changes.people.size() == kBlockRows) status = flush(piece, changes, consume);
    };
    if (piece.of_base) {
      const MembershipStream::Base& base = *piece.stream->base;
      base.members.for_each([&](CustomerId identity) { add(identity, true, base.as_of); });
    } else {
      for (std::uint64_t at = piece.begin; at < piece.end; ++at) {
        const MembershipChange& change = piece.stream->at(at);
        add(change.identity, change.entered, change.ts);
      }
    }
    GRAPEVINE_RETURN_IF_ERROR(status);
    return flush(piece, changes, consume);
  }

 private:
  absl::Status flush(const Piece& piece, Changes& changes, const Consume& consume) const {
    const std::size_t rows = changes.people.size();
    if (rows == 0) return absl::OkStatus();
    context_.progress.read_rows.fetch_add(rows, std::memory_order_relaxed);
    context_.progress.read_bytes.fetch_add(rows * columns_.size() * 8, std::memory_order_relaxed);
    Block block{rows, {}};
    for (const std::size_t column : columns_) block.columns.push_back(make(column, piece, changes));
    changes = {};
    return consume(std::move(block));
  }

  ColumnPtr make(std::size_t column, const Piece& piece, const Changes& changes) const {
    if (column == kName) return constant_text(std::string(piece.name), changes.people.size());
    if (column == kCustomer) return people_column(changes.people, context_);
    if (column == kChange) {
      auto made = std::make_shared<Column>();
      made->type = plain(TypeId::String);
      made->rows = changes.left.size();
      made->values = PooledValues{changes.left, words_};
      return made;
    }
    auto made = new_fixed(DataType{.id = TypeId::DateTime64, .scale = 3}, changes.times.size());
    std::copy(changes.times.begin(), changes.times.end(), made->fixed<std::int64_t>().begin());
    return made;
  }

  std::vector<Piece> pieces_;
  std::vector<std::size_t> columns_;
  QueryContext& context_;
  std::shared_ptr<const StringPool> words_;
  std::uint64_t rows_ = 0;
};

}  // namespace

SegmentChangesTable::SegmentChangesTable()
    : columns_{{"name", plain(TypeId::String), "The segment"},
               {"customer_id", plain(TypeId::String), "Who came or went"},
               {"change", plain(TypeId::String), "entered or left"},
               {"ts", DataType{.id = TypeId::DateTime64, .scale = 3}, "When"}} {}

absl::StatusOr<Scan> SegmentChangesTable::scan(const ScanRequest& request,
                                               QueryContext& context) const {
  const MembershipStreams& streams = context.snapshot->memberships();
  std::vector<std::string_view> names;
  for (const auto& [key, stream] : streams) {
    if (key.consent.empty()) names.push_back(key.segment);
  }
  NameChoice choice = choose_names(std::move(names), kName, request);
  std::vector<Piece> pieces;
  for (const std::string_view name : choice.names) {
    const Stream& stream = streams.find(MembershipKey{std::string(name), ""})->second;
    if (stream->base->members.size() > 0) {
      pieces.push_back({name, stream, true, 0, stream->base->members.size()});
    }
    for (std::uint64_t begin = stream->first; begin < stream->end; begin += kBlockRows) {
      pieces.push_back(
          {name, stream, false, begin, std::min<std::uint64_t>(begin + kBlockRows, stream->end)});
    }
  }
  return Scan{std::make_shared<ChangeSource>(std::move(pieces), request.columns, context),
              std::move(choice.left), std::move(choice.notes)};
}

}  // namespace grapevine::sql
