#include "server/cli/wiring.hpp"

#include <chrono>
#include <iostream>
#include <iterator>
#include <thread>
#include <utility>

#include "api/clickhouse/query_sessions.hpp"
#include "api/live/alerts/alert_keeper.hpp"
#include "api/live/graph_view.hpp"
#include "api/live/job_board.hpp"
#include "api/live/recompute_sentiment.hpp"
#include "api/live/segments/segment_keeper.hpp"
#include "api/live/topics/topic_keeper.hpp"
#include "api/live/webhook_board.hpp"
#include "api/live/word_index.hpp"
#include "api/result_cache.hpp"
#include "api/routes.hpp"
#include "api/sql/running_queries.hpp"
#include "server/cli/demo_data.hpp"
#include "server/demo/generate.hpp"
#include "server/webhooks/webhook_sender.hpp"
#include "storage/status_macros.hpp"
#include "storage/store.hpp"

namespace grapevine {
namespace {

TimeMs epoch_ms() {
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  return std::chrono::duration_cast<std::chrono::milliseconds>(now).count();
}

// Who may ask a server that listens to this machine only is on this machine, and reaches what is on
// it without us.
WebhookReach webhook_reach(const ServeCommand& command) {
  return {command.listen.loopback, command.webhook_allow_private};
}

WebhookOptions webhook_options(const ServeCommand& command) {
  WebhookOptions options;
  options.dead_after = std::chrono::milliseconds(command.webhook_dead_after_ms);
  return options;
}

class StoredData final : public OpenData {
 public:
  StoredData(std::unique_ptr<Store> store, const ServeCommand& command)
      : store_(std::move(store)),
        keeper_(*store_, graph_, command.timezone, epoch_ms),
        topic_keeper_(*store_, topics_),
        alerts_(*store_, epoch_ms, &topics_),
        board_(webhook_reach(command)),
        jobs_(epoch_ms),
        keeping_([this] { keeper_.run(stop_); }),
        keeping_topics_([this] { topic_keeper_.run(stop_); }),
        watching_([this] { alerts_.run(stop_); }),
        working_([this] { jobs_.run(); }),
        sender_(*store_, &keeper_, board_, &log_, webhook_options(command)) {
    score_texts_again();
  }
  ~StoredData() override {
    stop_.request();
    jobs_.stop();
    working_.join();
    keeping_.join();
    keeping_topics_.join();
    watching_.join();
  }

  Services services() override {
    return {*store_, graph_,           results_,  &keeper_, &board_,
            &jobs_,  &query_sessions_, &queries_, &words_,  &topics_};
  }
  absl::Status ready() override { return store_->status(); }

  std::vector<Gauge> gauges() override {
    const auto snapshot_gauge = [this](std::string name, std::string help, auto read) {
      return Gauge{std::move(name), std::move(help),
                   [this, read] { return static_cast<double>(read(*store_->snapshot())); }};
    };
    const auto fact_gauge = [this](std::string name, std::string help,
                                   std::size_t StoreFacts::*fact) {
      return Gauge{std::move(name), std::move(help),
                   [this, fact] { return static_cast<double>(store_->facts().*fact); }};
    };
    const auto live_gauge = [this](std::string name, std::string help, auto member) {
      return Gauge{std::move(name), std::move(help),
                   [this, member] { return static_cast<double>(keeper_.facts().*member); }};
    };
    const auto alert_gauge = [this](std::string name, std::string help, auto member) {
      return Gauge{std::move(name), std::move(help),
                   [this, member] { return static_cast<double>(alerts_.facts().*member); }};
    };
    std::vector<Gauge> gauges = sender_.gauges();
    const Gauge of_store[] = {
        snapshot_gauge("grapevine_events", "Rows of events stored.",
                       [](const Snapshot& s) { return s.rows(); }),
        snapshot_gauge("grapevine_customers", "Customers known.",
                       [](const Snapshot& s) { return s.customers().people(); }),
        snapshot_gauge("grapevine_snapshot", "The newest snapshot's number.",
                       [](const Snapshot& s) { return s.number(); }),
        fact_gauge("grapevine_event_bytes", "Memory of the sorted parts of events.",
                   &StoreFacts::event_bytes),
        fact_gauge("grapevine_parts", "Sorted parts of events.", &StoreFacts::parts),
        fact_gauge("grapevine_delta_rows", "Events that are not in a part yet.",
                   &StoreFacts::delta_rows),
        fact_gauge("grapevine_log_bytes", "Size of the write-ahead log.", &StoreFacts::log_bytes),
        fact_gauge("grapevine_log_syncs", "Syncs of the write-ahead log since the start.",
                   &StoreFacts::log_syncs),
        fact_gauge("grapevine_checkpoints", "Checkpoints written since the start.",
                   &StoreFacts::checkpoints),
        fact_gauge("grapevine_checkpoint_bytes", "Size of the newest checkpoint.",
                   &StoreFacts::checkpoint_bytes),
        fact_gauge("grapevine_checkpoint_failing",
                   "Whether the last checkpoint could not be written; the log has all of it.",
                   &StoreFacts::checkpoint_failing),
        live_gauge("grapevine_live_segments", "Segments that are kept live.",
                   &LiveSegments::Facts::segments),
        live_gauge("grapevine_live_conditions", "Different conditions of live segments.",
                   &LiveSegments::Facts::conditions),
        live_gauge("grapevine_live_bytes", "Memory of whom live conditions hold of.",
                   &LiveSegments::Facts::bytes),
        live_gauge("grapevine_live_tests", "Tests of a live condition for one person.",
                   &LiveSegments::Facts::tests),
        live_gauge("grapevine_live_passes", "Passes of a live condition over everybody.",
                   &LiveSegments::Facts::passes),
        Gauge{"grapevine_topic_bytes", "Memory of which rows are about which topic.",
              [this] { return static_cast<double>(topics_.bytes()); }},
        Gauge{"grapevine_topic_texts", "Texts that were read to find what they are about.",
              [this] { return static_cast<double>(topics_.texts_read()); }},
        Gauge{"grapevine_judged_texts", "Texts that were read to tell complaints from the rest.",
              [this] { return static_cast<double>(topics_.verdicts().texts_read()); }},
        alert_gauge("grapevine_watched_series", "Series of mentions that are watched for bursts.",
                    &AlertKeeper::Facts::series),
        alert_gauge("grapevine_bursts", "Series with a burst that is not over.",
                    &AlertKeeper::Facts::bursts),
        alert_gauge("grapevine_watched_mentions", "Mentions that were watched since the start.",
                    &AlertKeeper::Facts::mentions),
        alert_gauge("grapevine_unwatched_mentions",
                    "Mentions of series for which there was no room.",
                    &AlertKeeper::Facts::unwatched),
        fact_gauge("grapevine_membership_changes", "Changes of live segments kept one by one.",
                   &StoreFacts::membership_changes),
        fact_gauge("grapevine_membership_bytes", "Memory of what was told of live segments.",
                   &StoreFacts::membership_bytes),
        fact_gauge("grapevine_message_ids", "Messages remembered, to store each once.",
                   &StoreFacts::message_ids),
        fact_gauge("grapevine_message_id_bytes", "Memory of the messages remembered.",
                   &StoreFacts::message_id_bytes),
        fact_gauge("grapevine_message_ids_forgotten",
                   "Messages forgotten before their time, because there were too many.",
                   &StoreFacts::message_ids_forgotten),
    };
    gauges.insert(gauges.end(), std::begin(of_store), std::end(of_store));
    return gauges;
  }

 private:
  // Of a server before this one, that had another model.
  void score_texts_again() {
    const std::size_t texts = texts_of_other_models(*store_);
    if (texts == 0) return;
    const auto work = [this](const Stop& stop) -> absl::StatusOr<Response> {
      Response response;
      GRAPEVINE_ASSIGN_OR_RETURN(response.body, recomputed_sentiment_json(*store_, stop));
      return response;
    };
    if (const auto job = jobs_.add("recomputeSentiment", work); !job.ok()) return;
    std::cerr << "scoring " << texts
              << " texts again, which another model had scored: see GET /v1/jobs\n";
  }

  std::unique_ptr<Store> store_;
  GraphView graph_;
  ResultCache results_;
  SegmentKeeper keeper_;
  TopicIndex topics_;
  TopicKeeper topic_keeper_;
  AlertKeeper alerts_;
  WebhookBoard board_;
  ServerLog log_;
  JobBoard jobs_;
  QuerySessions query_sessions_;
  WordIndex words_;
  sql::RunningQueries queries_;
  Stop stop_;
  std::thread keeping_;
  std::thread keeping_topics_;
  std::thread watching_;
  std::thread working_;
  WebhookSender sender_;
};

absl::StatusOr<std::unique_ptr<OpenData>> open_data(const ServeCommand& command) {
  StoreOptions options;
  options.folder = command.data_folder;
  options.salvage = command.salvage;
  options.retain_ms = command.retain_ms;
  absl::StatusOr<std::unique_ptr<Store>> opened = Store::open(options);
  if (absl::IsDataLoss(opened.status()) && !command.salvage) {
    return absl::DataLossError(std::string(opened.status().message()) +
                               " (--salvage starts with what is whole)");
  }
  GRAPEVINE_ASSIGN_OR_RETURN(std::unique_ptr<Store> store, std::move(opened));
  for (const std::string& lost : store->salvage_losses()) std::cerr << "lost: " << lost << '\n';
  for (const std::string& damaged : store->recovery().damaged) {
    std::cerr << "a damaged checkpoint was passed over: " << damaged << '\n';
  }
  const StoreFacts facts = store->facts();
  if (facts.torn_bytes > 0) {
    std::cerr << "cut " << facts.torn_bytes
              << " bytes off the end of the log, which were not whole: a crash had torn them\n";
  }
  if (command.data_folder.empty()) {
    std::cerr << "memory only: nothing survives this process (--data DIR keeps it)\n";
  }
  return std::make_unique<StoredData>(std::move(store), command);
}

absl::Status make_world(const GenerateCommand& command, const LineSink& events,
                        const LineSink& customers, const LineSink& truth) {
  const auto to_world_sink = [](const LineSink& sink) -> WorldSink {
    return [&sink](std::string_view lines) {
      sink(lines);
      return absl::OkStatus();
    };
  };
  const WorldSink customer_sink = to_world_sink(customers);
  const WorldSink truth_sink = to_world_sink(truth);
  const WorldOptions options{command.customers, command.events, command.seed, command.until_ms,
                             command.sentiment};
  return generate_world(options, to_world_sink(events), customers ? &customer_sink : nullptr,
                        truth ? &truth_sink : nullptr);
}

}  // namespace

ServeWiring serve_wiring() {
  return {{routes(), find_route},
          open_data,
          [](OpenData& data) { return load_demo(data.services()); },
          demo_hints};
}

WorldMaker world_maker() { return make_world; }

}  // namespace grapevine
