#include "api/encode/formats/buffered_writer.hpp"

namespace grapevine::sql {
namespace {

/// Writes nothing: to see how long a query takes.
class NullWriter final : public BufferedWriter {
 public:
  void begin() override {}
  void write(const Block& block) override { static_cast<void>(block); }
  void write_totals(const Block& totals) override { static_cast<void>(totals); }
  void end(const FormatStatistics& statistics) override { static_cast<void>(statistics); }
};

}  // namespace

WriterPtr make_null_writer() { return std::make_unique<NullWriter>(); }

}  // namespace grapevine::sql
