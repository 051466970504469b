#include "server/cli/inspect.hpp"

#include <algorithm>
#include <iostream>
#include <string>
#include <vector>

#include <absl/strings/str_format.h>
#include <absl/time/time.h>

namespace grapevine {
namespace {

std::string time_text(TimeMs ms) {
  return absl::FormatTime("%Y-%m-%dT%H:%M:%SZ", absl::FromUnixMillis(ms), absl::UTCTimeZone());
}

void print_contents(const FolderReport::Contents& contents, std::ostream& out) {
  out << absl::StrFormat(
      "contents: %d events of %d names in %d columns, %d customers with %d attributes,\n"
      "  %d documents, %d imports, %d messages remembered\n",
      contents.events, contents.event_names, contents.columns, contents.customers,
      contents.attributes, contents.documents, contents.imports, contents.messages);
  out << "parts:\n";
  for (const FolderReport::Part& part : contents.parts) {
    out << absl::StrFormat("  part-%012d %12d bytes %10d rows %4d runs  %s to %s\n", part.file,
                           part.file_bytes, part.rows, part.runs, time_text(part.first),
                           time_text(part.last));
  }
  out << "state:\n";
  for (const auto& section : contents.state) {
    out << absl::StrFormat("  %-12s version %d %12d bytes\n", section.name, section.version,
                           section.bytes);
  }
  std::vector<std::pair<std::string, std::uint64_t>> columns(contents.column_bytes.begin(),
                                                             contents.column_bytes.end());
  std::sort(columns.begin(), columns.end(),
            [](const auto& a, const auto& b) { return a.second > b.second; });
  out << "columns of events, bytes in memory:\n";
  for (const auto& [name, bytes] : columns) out << absl::StrFormat("  %12d %s\n", bytes, name);
}

}  // namespace

int inspect(const InspectCommand& command) {
  const auto report = inspect_folder(system_disk(), command.data_folder);
  if (!report.ok()) {
    std::cerr << "grapevine inspect: " << report.status().message() << '\n';
    return 1;
  }
  print_report(*report, std::cout);
  return report->damage.empty() ? 0 : 1;
}

void print_report(const FolderReport& report, std::ostream& out) {
  for (const FolderReport::Generation& generation : report.generations) {
    out << absl::StrFormat("checkpoint %d: up to record %d, %d parts, %d bytes, %s\n",
                           generation.number, generation.sequence, generation.parts,
                           generation.bytes, generation.whole ? "whole" : "DAMAGED");
  }
  if (report.generations.empty()) out << "no checkpoint yet: the log has everything\n";
  out << absl::StrFormat("log: %d files, %d bytes, %d records behind the checkpoint, up to %d\n",
                         report.log.files, report.log.bytes, report.log.records,
                         report.log.last_sequence);
  if (report.log.torn_bytes > 0) {
    out << absl::StrFormat("  %d bytes at its end are of no whole record\n", report.log.torn_bytes);
  }
  if (report.contents) print_contents(*report.contents, out);
  for (const std::string& damage : report.damage) out << "DAMAGED: " << damage << '\n';
  if (report.damage.empty()) out << "whole\n";
}

}  // namespace grapevine
