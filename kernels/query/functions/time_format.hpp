#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include <absl/status/statusor.h>

#include "kernels/query/functions/zone.hpp"

namespace grapevine::sql {

/// What a text says about a time by a format of MySQL: "%Y-%m-%d %H:%i:%s".
class TimeFormat {
 public:
  /// Errors  BadArguments (36): no such specifier; NotImplemented (48): one that cannot be read.
  static absl::StatusOr<TimeFormat> of(std::string_view format, std::string_view function);

  struct Moment {
    std::int64_t seconds = 0;  ///< Since 1970, UTC.
    std::int64_t microseconds = 0;
  };
  /// False: the whole text is no time of the format. What it does not say is that of 1970-01-01
  /// 00:00:00, or of the year 2000 where it says something of the day alone.
  bool read(std::string_view text, ZoneCursor& zone, Moment& moment) const;

 private:
  struct Piece {
    char specifier = 0;   ///< 0: a literal.
    std::string literal;  ///< Where it is one.
  };
  std::vector<Piece> pieces_;
};

}  // namespace grapevine::sql
