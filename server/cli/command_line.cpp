#include <algorithm>
#include <sstream>
#include <utility>

#include <CLI/CLI.hpp>
#include <absl/time/time.h>

#include "api/parse/within.hpp"
#include "server/cli/commands.hpp"

namespace grapevine {
namespace {

constexpr int kUsageError = 2;

constexpr char kServeExamples[] = R"(Examples:
  grapevine serve --demo
  grapevine serve --listen 127.0.0.1:9000 --data /var/lib/grapevine --timezone Asia/Seoul)";

constexpr char kImportExamples[] = R"(Examples:
  grapevine import --server http://127.0.0.1:8080 --table events history.ndjson.gz
  grapevine import --server http://127.0.0.1:8080 --table customers customers.csv
  grapevine import --server http://127.0.0.1:8080 --table customers --charset cp949 --map 'Customer No=customer_id' sheet.csv
  zcat *.gz | grapevine import --server http://127.0.0.1:8080 --table events -
Exits with 0 when rows were taken (those that were not are counted and shown), with 1 when none were.)";

constexpr char kQueryExamples[] = R"(Examples:
  grapevine query "SELECT channel, count() FROM events GROUP BY channel"
  grapevine query --format CSVWithNames --file weekly.sql > weekly.csv
  grapevine query --param event='Order Completed' "SELECT count() FROM events WHERE event = {event:String}"
  grapevine query "INSERT INTO events FORMAT CSVWithNames" < events.csv
Exits with 0 when the query was answered, with 1 when not.)";

constexpr char kGenerateExamples[] = R"(Examples:
  grapevine generate --customers 100000 --events 1000000 --seed 7 --out events.ndjson
  grapevine generate --customers 1000 --events 10000 --until 2026-01-01 --out - | head)";

constexpr char kBackupNotes[] =
    R"(The backup has all that was acknowledged before, and was verified.
On the file system of DIR it shares files with it: copy it elsewhere to survive that disk.)";

// The first midnight UTC after `now_ms`.
std::int64_t coming_midnight(std::int64_t now_ms) {
  constexpr std::int64_t kDayMs = 24 * 60 * 60 * 1000;
  return (now_ms / kDayMs + 1) * kDayMs;
}

std::int64_t parse_until(const std::string& text, std::int64_t now_ms) {
  if (text.empty()) return coming_midnight(now_ms);
  absl::Time time;
  for (const char* format : {absl::RFC3339_full, "%Y-%m-%d"}) {
    std::string error;
    if (absl::ParseTime(format, text, absl::UTCTimeZone(), &time, &error)) {
      return absl::ToUnixMillis(time);
    }
  }
  throw CLI::ValidationError("--until",
                             "must be an ISO 8601 time, as 2026-01-01T00:00:00Z: " + text);
}

void require(const char* option, const absl::Status& status) {
  if (status.ok()) return;
  throw CLI::ValidationError(option, std::string(status.message()));
}

// 0: none was given.
std::int64_t parse_duration(const std::string& option, const std::string& text) {
  if (text.empty()) return 0;
  const auto span = parse_within(text);
  const auto* duration = span ? std::get_if<TimeMs>(&*span) : nullptr;
  if (duration == nullptr) {
    throw CLI::ValidationError(option, "must be a duration, as 400d, 12h or 6w: " + text);
  }
  return *duration;
}

void require_different(const GenerateCommand& command) {
  const std::string* files[] = {&command.out, &command.customers_out, &command.truth_out};
  for (const auto* first : files) {
    for (const auto* second : files) {
      if (first < second && !first->empty() && *first == *second) {
        throw CLI::ValidationError("generate", "two outputs have the same name: " + *first);
      }
    }
  }
}

// By the file's name: what is compressed is called after what it was.
std::string format_of(std::string_view file) {
  for (const std::string_view ending : {".gz", ".zst"}) {
    if (file.ends_with(ending)) file.remove_suffix(ending.size());
  }
  return file.ends_with(".csv") ? "csv" : "ndjson";
}

// The options of all commands, before they are checked.
struct Options {
  ServeCommand serve;
  std::string listen = "127.0.0.1:8080";
  std::string retain;
  std::string webhook_dead_after = "24h";
  ImportCommand import;
  QueryCommand query;
  GenerateCommand generate;
  std::string until;
  InspectCommand inspect;
  CopyCommand backup;
  CopyCommand restore;
};

CLI::App* add_serve(CLI::App& app, Options& options) {
  CLI::App* serve = app.add_subcommand("serve", "Serves the HTTP interface until SIGTERM.");
  serve->add_option("--listen", options.listen, "Where to listen; port 0 picks one")
      ->type_name("HOST:PORT")
      ->capture_default_str();
  serve
      ->add_option("--data", options.serve.data_folder,
                   "Folder of the log; made if missing. Without it nothing outlives the process")
      ->type_name("DIR");
  serve->add_flag(
      "--salvage", options.serve.salvage,
      "Start although the log is damaged, with all of it that is whole; say what is not");
  serve
      ->add_option("--retain", options.retain,
                   "Events older than this are dropped, and refused; default: kept for ever")
      ->type_name("DURATION");
  serve->add_flag("--demo", options.serve.demo, "Load a generated world first");
  serve->add_option("--threads", options.serve.threads, "Cores for queries; default: all")
      ->type_name("N")
      ->check(CLI::Range(1, 1024));
  serve->add_option("--timezone", options.serve.timezone, "Whose days and weeks are meant")
      ->type_name("ZONE")
      ->capture_default_str();
  serve->add_flag("--webhook-allow-private", options.serve.webhook_allow_private,
                  "Send webhooks to addresses of private networks, too");
  serve
      ->add_option("--webhook-dead-after", options.webhook_dead_after,
                   "A webhook that has failed for so long is given up")
      ->type_name("DURATION")
      ->capture_default_str();
  serve->footer(kServeExamples);
  return serve;
}

CLI::App* add_import(CLI::App& app, Options& options) {
  CLI::App* import = app.add_subcommand("import", "Sends a file of history to a server.");
  import->add_option("--server", options.import.server, "Such as http://127.0.0.1:8080")
      ->type_name("URL")
      ->required();
  import->add_option("--table", options.import.table, "What a row is")
      ->required()
      ->check(CLI::IsMember({"events", "customers"}));
  import
      ->add_option(
          "--format", options.import.format,
          "Of the file, which may be compressed (.gz, .zst); default: by its name, csv for "
          ".csv, else ndjson")
      ->check(CLI::IsMember({"ndjson", "csv", "higgs"}));
  import
      ->add_option("--charset", options.import.charset,
                   "Of the text: utf-8, or cp949 or euc-kr as Korean spreadsheets write it")
      ->type_name("NAME");
  import
      ->add_option("--map", options.import.map,
                   "What a column of the CSV is called here: 'Customer No=customer_id'; repeatable")
      ->type_name("NAME=COLUMN")
      ->allow_extra_args(false)
      ->check([](const std::string& map) {
        const std::size_t at = map.rfind('=');
  const bool fine = at != std::string::npos && at > 0 && at + 1 < map.size();
  return fine ? std::string() : "must be NAME=COLUMN: " + map;
});
import
    ->add_option("--import-id", options.import.import_id,
                 "The same again stores nothing twice; default: a random one")
    ->type_name("ID");
import->add_option("FILE", options.import.file, "What to send; - is stdin")->required();
import->footer(kImportExamples);
return import;
}  // namespace

CLI::App* add_query(CLI::App& app, Options& options) {
  QueryCommand& command = options.query;
  CLI::App* query = app.add_subcommand("query", "Asks a server a query in SQL, prints the answer.");
  query->add_option("--server", command.server, "Where the server is")
      ->type_name("URL")
      ->capture_default_str();
  query
      ->add_option("--format", command.format,
                   "Of the answer; default: PrettyCompact on a terminal, else TabSeparated")
      ->type_name("NAME");
  query->add_option("--param", command.parameters, "The value of {name:Type}; repeatable")
      ->type_name("NAME=VALUE")
      ->allow_extra_args(false)
      ->check([](const std::string& parameter) {
        const std::size_t at = parameter.find('=');
        const bool fine = at != std::string::npos && at > 0;
        return fine ? std::string() : "must be NAME=VALUE: " + parameter;
      });
  query->add_option("--database", command.database, "Of tables that name none");
  query->add_option("--user", command.user, "Who asks");
  query->add_option("--password", command.password, "Of the user");
  CLI::Option* file = query->add_option("--file", command.file, "Holds the query");
  query->add_option("QUERY", command.query, "What to ask; -, or none, is stdin")->excludes(file);
  query->footer(kQueryExamples);
  return query;
}

CLI::App* add_generate(CLI::App& app, Options& options) {
  GenerateCommand& command = options.generate;
  CLI::App* generate = app.add_subcommand("generate", "Writes the generated world as NDJSON.");
  generate->add_option("--customers", command.customers, "How many people")
      ->type_name("N")
      ->required()
      ->check(CLI::Range(std::size_t{1}, std::size_t{100'000'000}));
  generate->add_option("--events", command.events, "How many events")
      ->type_name("M")
      ->required()
      ->check(CLI::Range(std::size_t{0}, std::size_t{10'000'000'000}));
  generate->add_option("--seed", command.seed, "The same seed and --until give the same bytes")
      ->type_name("S")
      ->capture_default_str();
  generate
      ->add_option("--until", options.until,
                   "When the world ends; default: the coming midnight UTC")
      ->type_name("TIME");
  generate->add_flag("--sentiment", command.sentiment, "Texts come with a score of their mood");
  generate->add_option("--out", command.out, "Where events go; - is stdout")
      ->type_name("FILE")
      ->required();
  generate
      ->add_option("--customers-out", command.customers_out, "Where traits go, as identify calls")
      ->type_name("FILE");
  generate->add_option("--truth-out", command.truth_out, "Where the true probabilities go")
      ->type_name("FILE");
  generate->footer(kGenerateExamples);
  return generate;
}

CLI::App* add_inspect(CLI::App& app, Options& options) {
  CLI::App* inspect =
      app.add_subcommand("inspect", "Says what a data folder holds, and whether it is whole.");
  inspect->add_option("DIR", options.inspect.data_folder, "What serve was given as --data")
      ->required();
  inspect->footer(
      "A server may run on the folder. Exits with 0 when all is whole, with 1 when not.");
  return inspect;
}

CLI::App* add_backup(CLI::App& app, Options& options) {
  CLI::App* backup = app.add_subcommand("backup", "Copies a data folder, of a running server too.");
  backup->add_option("DIR", options.backup.from, "What serve was given as --data")->required();
  backup->add_option("--to", options.backup.to, "Made; serve can open it as it is")
      ->type_name("TARGET")
      ->required();
  backup->footer(kBackupNotes);
  return backup;
}

CLI::App* add_restore(CLI::App& app, Options& options) {
  CLI::App* restore = app.add_subcommand("restore", "Verifies a backup and copies it to a folder.");
  options.restore.restores = true;
  restore->add_option("BACKUP", options.restore.from, "What backup made")->required();
  restore->add_option("--to", options.restore.to, "A folder that is new or empty")
      ->type_name("DIR")
      ->required();
  return restore;
}

ServeCommand checked_serve(Options& options) {
  absl::StatusOr<ListenAddress> listen = parse_listen(options.listen);
  require("--listen", listen.status());
  require("--listen", check_exposure(*listen));
  require("--timezone", check_timezone(options.serve.timezone));
  options.serve.listen = *std::move(listen);
  options.serve.retain_ms = parse_duration("--retain", options.retain);
  options.serve.webhook_dead_after_ms =
      parse_duration("--webhook-dead-after", options.webhook_dead_after);
  return options.serve;
}

ImportCommand checked_import(Options& options) {
  ImportCommand& import = options.import;
  if (import.format.empty()) import.format = format_of(import.file);
  if (!import.map.empty() && import.format != "csv") {
    throw CLI::ValidationError("--map", "is for CSV only");
  }
  return import;
}

}  // namespace grapevine

CommandLine parse_command_line(const std::vector<std::string>& arguments, std::int64_t now_ms) {
  CLI::App app("Grapevine: who customers are, whom they listen to, how word will travel.",
               "grapevine");
  app.require_subcommand(1);
  Options options;
  const CLI::App* serve = add_serve(app, options);
  const CLI::App* import = add_import(app, options);
  const CLI::App* query = add_query(app, options);
  const CLI::App* generate = add_generate(app, options);
  const CLI::App* inspect = add_inspect(app, options);
  const CLI::App* backup = add_backup(app, options);
  const CLI::App* restore = add_restore(app, options);
  app.add_subcommand("version", "Says which version this is.");

  CommandLine line;
  try {
    std::vector<std::string> reversed(arguments.rbegin(), arguments.rend());  // As CLI11 wants it.
    app.parse(reversed);
    if (serve->parsed()) {
      line.command = checked_serve(options);
    } else if (import->parsed()) {
      line.command = checked_import(options);
    } else if (query->parsed()) {
      line.command = options.query;
    } else if (generate->parsed()) {
      options.generate.until_ms = parse_until(options.until, now_ms);
      require_different(options.generate);
      line.command = options.generate;
    } else if (inspect->parsed()) {
      line.command = options.inspect;
    } else if (backup->parsed()) {
      line.command = options.backup;
    } else if (restore->parsed()) {
      line.command = options.restore;
    } else {
      line.command = VersionCommand{};
    }
  } catch (const CLI::ParseError& error) {
    std::ostringstream out;
    std::ostringstream err;
    const int code = app.exit(error, out, err);
    line.text = out.str() + err.str();
    line.exit_code = code == 0 ? 0 : kUsageError;
  }
  return line;
}

}  // namespace grapevine
