#include "kernels/query/aggregates/sequence_pattern.hpp"

#include <string>
#include <utility>

#include "kernels/query/query_error.hpp"
#include "storage/status_macros.hpp"

namespace grapevine::sql {
namespace {

constexpr std::size_t kStepsMax = 1'000'000;
constexpr std::size_t kPartsMax = 1'000;

}  // namespace

class SequencePattern::Parser {
 public:
  Parser(std::string_view text, std::size_t conditions) : text_(text), conditions_(conditions) {}

  absl::StatusOr<SequencePattern> parse() {
    // A match may begin anywhere.
    pattern_.parts_.push_back({Kind::Some});
    while (at_ < text_.size()) {
      if (pattern_.parts_.size() > kPartsMax) return wrong("Pattern has more than 1000 parts");
      if (take("(?")) {
        GRAPEVINE_RETURN_IF_ERROR(take("t") ? parse_time() : parse_condition());
        if (!take(")")) return wrong("Expected closing parenthesis, found");
      } else if (take(".*")) {
        pattern_.parts_.push_back({Kind::Some});
      } else if (take(".")) {
        pattern_.parts_.push_back({Kind::Any});
      } else {
        return wrong("Could not parse pattern, unexpected starting symbol");
      }
    }
    return std::move(pattern_);
  }

 private:
  bool take(std::string_view expected) {
    if (!text_.substr(at_).starts_with(expected)) return false;
    at_ += expected.size();
    return true;
  }
  [[nodiscard]] absl::Status wrong(std::string_view what) const {
    return query_error(QueryErrorCode::SyntaxError, std::string(what) + " '" +
                                                        std::string(text_.substr(at_)) +
                                                        "' at position " + std::to_string(at_));
  }
  std::optional<std::uint64_t> take_number() {
    constexpr std::size_t kDigitsMax = 19;  // As many as always fit.
    const std::size_t begin = at_;
    std::uint64_t number = 0;
    while (at_ < text_.size() && at_ - begin < kDigitsMax && text_[at_] >= '0' &&
           text_[at_] <= '9') {
      number = number * 10 + static_cast<std::uint64_t>(text_[at_++] - '0');
    }
    return at_ == begin ? std::nullopt : std::optional(number);
  }
  absl::Status parse_time() {
    Kind kind{};
    if (take("<=")) {
      kind = Kind::LessOrEqual;
    } else if (take("<")) {
      kind = Kind::Less;
    } else if (take(">=")) {
      kind = Kind::GreaterOrEqual;
    } else if (take(">")) {
      kind = Kind::Greater;
    } else if (take("==")) {
      kind = Kind::Equal;
    } else {
      return wrong("Unknown time condition");
    }
    const auto amount = take_number();
    if (!amount) return wrong("Could not parse number");
    const Kind before = pattern_.parts_.back().kind;
    if (before != Kind::Condition && before != Kind::Any && before != Kind::Some) {
      return wrong("Temporal condition should be preceded by an event condition");
    }
    pattern_.has_time_ = true;
    pattern_.parts_.push_back({kind, *amount});
    return absl::OkStatus();
  }
  absl::Status parse_condition() {
    const auto number = take_number();
    if (!number) return wrong("Could not parse number");
    if (*number == 0 || *number > conditions_) {
      return query_error(QueryErrorCode::BadArguments,
                         "Event number " + std::to_string(*number) + " is out of range");
    }
    pattern_.parts_.push_back({Kind::Condition, *number - 1});
    return absl::OkStatus();
  }

  std::string_view text_;
  std::size_t conditions_;
  std::size_t at_ = 0;
  SequencePattern pattern_;
};

absl::StatusOr<SequencePattern> SequencePattern::parse(std::string_view text,
                                                       std::size_t conditions) {
  return Parser(text, conditions).parse();
}

// All ways are followed at once: a state is how many events of the pattern have been seen.
std::optional<std::size_t> SequencePattern::match_without_time(
    std::span<const TimedConditions> events, std::size_t begin) const {
  std::vector<Part> moves;             // What leads from state i to state i + 1.
  std::vector<std::uint8_t> may_stay;  // Whether any event may come in state i.
  may_stay.push_back(0);
  for (const Part& part : parts_) {
    if (part.kind == Kind::Some) {
      may_stay.back() = 1;
    } else {
      moves.push_back(part);
      may_stay.push_back(0);
    }
  }
  std::vector<std::uint8_t> active(may_stay.size());
  active[0] = 1;
  for (std::size_t at = begin;; ++at) {
    if (active.back() != 0) return at;
    if (at == events.size()) return std::nullopt;
    for (std::size_t state = active.size() - 1; state-- > 0;) {
      const Part& move = moves[state];
      const bool moves_on = active[state] != 0 &&
                            (move.kind == Kind::Any || (events[at].holds >> move.number & 1) != 0);
      active[state + 1] =
          static_cast<std::uint8_t>((active[state + 1] & may_stay[state + 1]) | (moves_on ? 1 : 0));
    }
    active[0] &= may_stay[0];
  }
}

// Where there are times, one way is followed after the other, the shortest stay first.
class SequencePattern::Search {
 public:
  Search(const SequencePattern& pattern, std::span<const TimedConditions> events, std::size_t begin)
      : parts_(pattern.parts_), events_(events), now_{0, begin, begin} {}

  absl::StatusOr<std::optional<std::size_t>> run() {
    std::size_t steps = 0;
    while (now_.part < parts_.size() && now_.event < events_.size()) {
      if (!step()) break;
      if (++steps > kStepsMax) {
        return query_error(QueryErrorCode::TooSlow,
                           "Pattern application proves too difficult, exceeding max iterations (" +
                               std::to_string(kStepsMax) + ")");
      }
    }
    while (now_.part < parts_.size() && parts_[now_.part].kind == Kind::Some) ++now_.part;
    if (now_.part == parts_.size()) return std::optional(now_.event);
    return std::optional<std::size_t>();
  }

 private:
  struct Position {
    std::size_t part;
    std::size_t event;
    std::size_t base;  // The event that times count from.
  };

  // Whether there is something left to try.
  bool step() {
    const Part& part = parts_[now_.part];
    const TimedConditions& event = events_[now_.event];
    const std::uint64_t passed = event.time - events_[now_.base].time;
    switch (part.kind) {
      case Kind::Condition: return (event.holds >> part.number & 1) != 0 ? take_event() : go_back();
      case Kind::Any: return take_event();
      case Kind::Some: return stay_or_go_on();
      case Kind::Less: return passed < part.number ? stay_or_go_on() : go_back();
      case Kind::LessOrEqual: return passed <= part.number ? stay_or_go_on() : go_back();
      case Kind::Greater: return passed > part.number ? stay_or_go_on() : wait();
      case Kind::GreaterOrEqual: return passed >= part.number ? stay_or_go_on() : wait();
      default: return passed == part.number ? stay_or_go_on() : wait();
    }
  }
  bool take_event() {
    now_ = {now_.part + 1, now_.event + 1, now_.event};
    return true;
  }
  // Goes on from this event; a later one is tried should that fail.
  bool stay_or_go_on() {
    tried_.push_back(now_);
    now_ = {now_.part + 1, now_.event, now_.event};
    return true;
  }
  // Not enough time has passed yet.
  bool wait() { return ++now_.event < events_.size() || go_back(); }
  bool go_back() {
    while (!tried_.empty()) {
      now_ = tried_.back();
      tried_.pop_back();
      if (++now_.event < events_.size()) return true;
    }
    return false;
  }

  std::span<const Part> parts_;
  std::span<const TimedConditions> events_;
  Position now_;
  std::vector<Position> tried_;
};

absl::StatusOr<std::optional<std::size_t>> SequencePattern::match(
    std::span<const TimedConditions> events, std::size_t begin) const {
  if (!has_time_) return match_without_time(events, begin);
  return Search(*this, events, begin).run();
}

}  // namespace grapevine::sql
