#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "server/config.hpp"

namespace grapevine {

/// `grapevine serve`.
struct ServeCommand {
  ListenAddress listen;
  std::string data_folder;     ///< Where the log lives; empty: memory only.
  bool salvage = false;        ///< Start with what is whole of a damaged log.
  std::int64_t retain_ms = 0;  ///< Age from which events are dropped; 0: none.
  bool demo = false;           ///< Load the generated world.
  std::size_t threads = 0;     ///< Of TBB; 0: as many as there are cores.
  std::string timezone = "UTC";
  bool webhook_allow_private = false;  ///< Send webhooks into private networks, too.
  std::int64_t webhook_dead_after_ms = 24 * 3'600'000;  ///< Failures for so long end a webhook.
};

/// `grapevine import`.
struct ImportCommand {
  std::string server;
  std::string table;             ///< "events" or "customers".
  std::string format;            ///< "ndjson", "csv" or "higgs".
  std::string charset;           ///< As the server calls it; empty: utf-8.
  std::vector<std::string> map;  ///< "NAME=COLUMN" each, for CSV.
  std::string import_id;         ///< Empty: a random one.
  std::string file;              ///< "-" is stdin.
};

/// `grapevine query`.
struct QueryCommand {
  std::string server = "http://127.0.0.1:8080";
  std::string format;                   ///< Empty: PrettyCompact on a terminal, else TabSeparated.
  std::vector<std::string> parameters;  ///< "name=value" each.
  std::string database;
  std::string user;
  std::string password;
  std::string file;   ///< Holds the query.
  std::string query;  ///< "-": stdin.
};

/// `grapevine generate`.
struct GenerateCommand {
  std::size_t customers = 0;
  std::size_t events = 0;
  std::uint64_t seed = 1;
  std::int64_t until_ms = 0;  ///< Since 1970, UTC.
  bool sentiment = false;     ///< Texts come with a score of their mood.
  std::string out;            ///< "-" is stdout, here and below; empty: not written.
  std::string customers_out;
  std::string truth_out;
};

/// `grapevine inspect`.
struct InspectCommand {
  std::string data_folder;
};

/// `grapevine backup` and `grapevine restore`.
struct CopyCommand {
  bool restores = false;
  std::string from;
  std::string to;
};

/// `grapevine version`.
struct VersionCommand {};

using Command = std::variant<ServeCommand, ImportCommand, QueryCommand, GenerateCommand,
                             InspectCommand, CopyCommand, VersionCommand>;

/// What a command line comes to: a command, or a text to print and an exit code.
struct CommandLine {
  std::optional<Command> command;
  std::string text;
  int exit_code =
      0;  ///< 0: `text` is help that was asked for, for stdout. 2: an error, for stderr.
};

/// Parses the arguments behind the program's name. `now_ms` is the clock, for defaults.
CommandLine parse_command_line(const std::vector<std::string>& arguments, std::int64_t now_ms);

}  // namespace grapevine
