#include "api/sql/run.hpp"

#include <algorithm>
#include <random>

#include "api/sql/bind/planner.hpp"
#include "api/sql/execute/execute.hpp"
#include "api/sql/execute/pipeline.hpp"
#include "api/sql/insert/insert_rows.hpp"
#include "api/sql/parse.hpp"
#include "api/sql/parse/literal_text.hpp"
#include "api/sql/running_queries.hpp"
#include "api/sql/statements.hpp"
#include "api/sql/tables/catalog.hpp"
#include "kernels/query/cut_rows.hpp"
#include "kernels/query/query_error.hpp"
#include "storage/status_macros.hpp"
#include "storage/store.hpp"

namespace grapevine::sql {
namespace {

// What all answers know of their query.
class AnswerOf : public QueryAnswer {
 public:
  AnswerOf(std::shared_ptr<QueryContext> context, std::optional<RunningQueries::Place> place,
           std::string format, Fields settings)
      : context_(std::move(context)),
        place_(std::move(place)),
        format_(std::move(format)),
        settings_(std::move(settings)) {}

  const std::vector<ResultColumn>& columns() const override { return columns_; }
  const std::optional<Block>& totals() const override { return totals_; }
  bool has_columns() const override { return !columns_.empty(); }
  const std::string& format() const override { return format_; }
  const std::string& query_id() const override { return context_->facts.query_id; }
  const SessionFacts& facts() const override { return context_->facts; }
  const Fields& settings() const override { return settings_; }
  const QueryProgress& progress() const override { return context_->progress; }
  std::optional<std::uint64_t> rows_before_limit() const override { return std::nullopt; }

 protected:
  std::shared_ptr<QueryContext> context_;
  std::optional<RunningQueries::Place> place_;
  std::vector<ResultColumn> columns_;
  std::optional<Block> totals_;
  std::string format_;
  Fields settings_;
};

// Rows that are known already, or none at all.
class KnownAnswer final : public AnswerOf {
 public:
  KnownAnswer(std::shared_ptr<QueryContext> context, std::optional<RunningQueries::Place> place,
              std::string format, Fields settings, StatementRows rows)
      : AnswerOf(std::move(context), std::move(place), std::move(format), std::move(settings)),
        block_(std::move(rows.block)) {
    columns_ = std::move(rows.columns);
  }

  absl::StatusOr<std::optional<Block>> next() override {
    if (given_ || block_.rows == 0) return std::nullopt;
    given_ = true;
    context_->progress.result_rows += block_.rows;
    return block_;
  }

 private:
  Block block_;
  bool given_ = false;
};

// The rows of a plan, read while they are taken.
class PlannedAnswer final : public AnswerOf {
 public:
  PlannedAnswer(std::shared_ptr<QueryContext> context, std::optional<RunningQueries::Place> place,
                std::string format, Fields settings)
      : AnswerOf(std::move(context), std::move(place), std::move(format), std::move(settings)) {}

  absl::Status begin(PlanPtr plan) {
    columns_ = plan->columns;
    const QuerySettings& asked = context_->settings;
    // The outermost LIMIT is kept here, so that what comes before it streams.
    if (plan->kind == Plan::Kind::Limit && !plan->limit_from_end && !plan->offset_from_end &&
        !plan->with_ties) {
      offset_ = plan->offset;
      left_ = plan->limit;
      PlanPtr input = std::move(plan->inputs[0]);
      plan = std::move(input);
    }
    if (asked.offset > 0 || asked.limit > 0) {
      offset_ = std::max(offset_, offset_ + asked.offset);
      left_ -= std::min(left_, asked.offset);
      if (asked.limit > 0) left_ = std::min(left_, asked.limit);
    }
    plan_ = std::move(plan);
    if (left_ == 0) return absl::OkStatus();
    GRAPEVINE_ASSIGN_OR_RETURN(Executed executed, execute(*plan_, *context_));
    totals_ = std::move(executed.totals);
    reader_ = std::make_unique<OrderedReader>(std::move(executed.source), *context_);
    return absl::OkStatus();
  }

  absl::StatusOr<std::optional<Block>> next() override {
    if (pieces_.empty()) {
      GRAPEVINE_ASSIGN_OR_RETURN(std::optional<Block> block, next_block());
      if (!block) return std::nullopt;
      // What a writer makes of a block it holds as a whole.
      pieces_ = cut_rows(*std::move(block), kPieceBytes);
      std::reverse(pieces_.begin(), pieces_.end());
    }
    Block piece = std::move(pieces_.back());
    pieces_.pop_back();
    GRAPEVINE_RETURN_IF_ERROR(context_->check());
    return piece;
  }

 private:
  static constexpr std::size_t kPieceBytes = std::size_t{4} << 20;

  absl::StatusOr<std::optional<Block>> next_block() {
    while (reader_ != nullptr && left_ > 0) {
      GRAPEVINE_ASSIGN_OR_RETURN(std::optional<Block> block, reader_->next());
      if (!block) break;
      const std::uint64_t passed = std::min<std::uint64_t>(offset_, block->rows);
      offset_ -= passed;
      const std::uint64_t kept = std::min(left_, block->rows - passed);
      if (kept == 0) continue;
      if (kept < block->rows) {
        const auto from = static_cast<std::size_t>(passed);
        for (ColumnPtr& column : block->columns) {
          column = slice(column, from, from + static_cast<std::size_t>(kept));
        }
        block->rows = static_cast<std::size_t>(kept);
      }
      left_ -= kept;
      GRAPEVINE_RETURN_IF_ERROR(count(*block));
      if (block->rows == 0) break;
      return block;
    }
    reader_.reset();
    return std::nullopt;
  }

  // Holds the result against max_result_rows.
  absl::Status count(Block& block) {
    QueryProgress& progress = context_->progress;
    const std::uint64_t max = context_->settings.max_result_rows;
    const std::uint64_t before = progress.result_rows.load();
    if (max > 0 && before + block.rows > max) {
      if (!context_->settings.result_overflow_break) {
        return query_error(QueryErrorCode::TooManyRowsOrBytes,
                           "Limit for result exceeded, max rows: " + std::to_string(max));
      }
      // As ClickHouse does: the block that goes beyond it is the last.
      left_ = 0;
    }
    progress.result_rows += block.rows;
    progress.result_bytes += bytes_of(block);
    return absl::OkStatus();
  }

  PlanPtr plan_;
  std::unique_ptr<OrderedReader> reader_;
  std::vector<Block> pieces_;  // Of a block, backwards.
  std::uint64_t offset_ = 0;
  std::uint64_t left_ = Plan::kNoLimit;
};

std::string text_of(const LiteralValue& value) {
  return std::visit(
      [](const auto& held) -> std::string {
        using Value = std::decay_t<decltype(held)>;
        if constexpr (std::is_same_v<Value, std::monostate>) {
          return "";
        } else if constexpr (std::is_same_v<Value, bool>) {
          return held ? "1" : "0";
        } else if constexpr (std::is_same_v<Value, std::string>) {
          return held;
        } else {
          return literal_text(LiteralValue(held));
        }
      },
      value);
}

// The settings of the request under those of the text.
Fields all_settings(const Fields& asked, const Statement& statement) {
  Fields settings;
  const auto set = [&](const std::string& name, std::string value) {
    for (auto& [known, held] : settings) {
      if (known == name) {
        held = std::move(value);
        return;
      }
    }
    settings.emplace_back(name, std::move(value));
  };
  for (const auto& [name, value] : asked) set(name, value);
  for (const Setting& setting : statement.settings) set(setting.name, text_of(setting.value));
  if (statement.query != nullptr && statement.query->kind == Query::Kind::Select) {
    for (const Setting& setting : statement.query->select.settings) {
      set(setting.name, text_of(setting.value));
    }
  }
  return settings;
}

std::string random_id() {
  std::random_device random;
  std::string id;
  constexpr std::string_view kDigits = "0123456789abcdef";
  for (std::size_t i = 0; i < 32; ++i) {
    if (i == 8 || i == 12 || i == 16 || i == 20) id += '-';
    id += kDigits[random() % 16];
  }
  return id;
}

SessionFacts facts_of(const QueryRequest& request, const QuerySettings& settings,
                      const Context& context) {
  SessionFacts facts;
  facts.server_timezone = context.timezone;
  facts.timezone =
      settings.session_timezone.empty() ? facts.server_timezone : settings.session_timezone;
  facts.now_ns = context.now_ms * 1'000'000;
  facts.database = request.database;
  facts.user = request.user;
  facts.query_id = request.query_id.empty() ? random_id() : request.query_id;
  return facts;
}

absl::Status read_only(const char* what) {
  return query_error(QueryErrorCode::ReadOnly,
                     std::string("Cannot execute ") + what + " in readonly mode");
}

}  // namespace

absl::StatusOr<std::unique_ptr<QueryAnswer>> begin_query(QueryRequest request,
                                                         const Context& context) {
  GRAPEVINE_ASSIGN_OR_RETURN(Statement statement, parse_statement(request.text));
  Fields settings = all_settings(request.settings, statement);
  GRAPEVINE_ASSIGN_OR_RETURN(const QuerySettings read, read_settings(settings));
  const bool writes_nothing = request.read_only || read.read_only;
  auto state = std::make_shared<QueryContext>(context, context.store.snapshot(), read,
                                              facts_of(request, read, context));
  std::optional<RunningQueries::Place> place;
  if (context.queries != nullptr) {
    GRAPEVINE_ASSIGN_OR_RETURN(RunningQueries::Place listed,
                               context.queries->add(state->facts.query_id, request.text, state));
    place.emplace(std::move(listed));
  }
  const auto known = [&](StatementRows rows) -> std::unique_ptr<QueryAnswer> {
    return std::make_unique<KnownAnswer>(state, std::move(place), statement.format,
                                         std::move(settings), std::move(rows));
  };
  if (const std::string select = as_select(statement, state->facts); !select.empty()) {
    GRAPEVINE_ASSIGN_OR_RETURN(Statement shown, parse_statement(select));
    statement.query = std::move(shown.query);
    statement.kind = Statement::Kind::Query;
  }
  switch (statement.kind) {
    case Statement::Kind::Explain: {
      GRAPEVINE_ASSIGN_OR_RETURN(StatementRows rows,
                                 explain(statement, *state, request.parameters));
      return known(std::move(rows));
    }
    case Statement::Kind::Describe: {
      GRAPEVINE_ASSIGN_OR_RETURN(StatementRows rows,
                                 describe_table(statement, *state, request.parameters));
      return known(std::move(rows));
    }
    case Statement::Kind::Use: {
      const auto databases = all_databases();
      if (std::find(databases.begin(), databases.end(), statement.database) == databases.end()) {
        return query_error(QueryErrorCode::UnknownDatabase,
                           "Database " + statement.database + " does not exist");
      }
      return known({});
    }
    case Statement::Kind::Set: return known({});
    case Statement::Kind::Kill: {
      if (writes_nothing) return read_only("KILL QUERY");
      GRAPEVINE_ASSIGN_OR_RETURN(StatementRows rows,
                                 kill_queries(statement, *state, request.parameters));
      return known(std::move(rows));
    }
    case Statement::Kind::Insert: {
      if (writes_nothing) return read_only("INSERT");
      const std::size_t begin = statement.data_offset.value_or(request.text.size());
      GRAPEVINE_ASSIGN_OR_RETURN(
          const InsertedRows inserted,
          insert_rows(statement, std::string_view(request.text).substr(begin), state->facts,
                      settings, context));
      state->progress.written_rows += inserted.rows;
      state->progress.written_bytes += inserted.bytes;
      return known({});
    }
    case Statement::Kind::Refused:
      return query_error(QueryErrorCode::NotImplemented,
                         statement.refused + " is not supported: Grapevine's tables are its own");
    default: break;
  }
  auto answer = std::make_unique<PlannedAnswer>(state, std::move(place), statement.format,
                                                std::move(settings));
  Planner planner(*state, request.parameters);
  GRAPEVINE_ASSIGN_OR_RETURN(PlanPtr plan, planner.plan(*statement.query));
  GRAPEVINE_RETURN_IF_ERROR(answer->begin(std::move(plan)));
  return std::unique_ptr<QueryAnswer>(std::move(answer));
}

}  // namespace grapevine::sql
