// The questions of bench/segments, asked of a stored world in this process.
//
//   segments_suite make FOLDER CUSTOMERS EVENTS    generates the world into a data folder
//   segments_suite export FOLDER OUT               writes it as the peers' tables
//   segments_suite answer FOLDER THREADS           reads lines "NAME RUNS", writes for each one line:
//                                                  {"answer": rows, "ms": [...], "cpu_ms": [...]}
#include <chrono>
#include <cstdlib>
#include <ctime>
#include <iostream>
#include <sstream>
#include <string>
#include <vector>

#include <tbb/global_control.h>

#include "api/encode/json_writer.hpp"
#include "bench/segments/peer_tables.hpp"
#include "bench/segments/question.hpp"
#include "server/freed_memory.hpp"

namespace grapevine::bench {
namespace {

// Of the whole process.
double cpu_ms() {
  timespec used{};
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &used);
  return static_cast<double>(used.tv_sec) * 1e3 + static_cast<double>(used.tv_nsec) * 1e-6;
}

// In so many runs or more, as peers.mjs asks the peers, and one before that only warms up.
void answer(const Question& question, int runs, const World& world) {
  std::string rows = question.ask(world);
  std::vector<double> took, used;
  constexpr double kAtLeastMs = 200;
  double all = 0;
  for (int run = 0; run < runs || all < kAtLeastMs; ++run) {
    const auto begun = std::chrono::steady_clock::now();
    const double cpu = cpu_ms();
    rows = question.ask(world);
    used.push_back(cpu_ms() - cpu);
    took.push_back(
        std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - begun)
            .count());
    all += took.back();
  }
  JsonWriter json;
  json.begin_object();
  json.raw_member("answer", rows);
  for (const auto& [name, times] : {std::pair("ms", &took), std::pair("cpu_ms", &used)}) {
    json.key(name);
    json.begin_array();
    for (const double time : *times) json.value(time);
    json.end_array();
  }
  json.end_object();
  std::cout << std::move(json).take() << std::endl;
}

int answer_all(const World& world) {
  for (std::string line; std::getline(std::cin, line);) {
    std::istringstream words(line);
    std::string name;
    int runs = 0;
    words >> name >> runs;
    const Question* asked = nullptr;
    for (const Question& question : questions()) {
      if (question.name == name) asked = &question;
    }
    if (asked == nullptr) {
      std::cerr << "no such question: " << name << '\n';
      return 1;
    }
    answer(*asked, runs, world);
  }
  return 0;
}

int run(const std::vector<std::string>& words) {
  const auto done = [](const absl::Status& status) {
    if (!status.ok()) std::cerr << "segments_suite: " << status.message() << '\n';
    return status.ok() ? 0 : 1;
  };
  if (words.size() == 4 && words[0] == "make") {
    return done(make_world(words[1], {std::stoull(words[2]), std::stoull(words[3])}));
  }
  if (words.size() == 3 && words[0] == "export") {
    const World world(words[1]);
    return done(write_peer_tables(world.snapshot(), words[2]));
  }
  if (words.size() == 3 && words[0] == "answer") {
    const tbb::global_control limit(tbb::global_control::max_allowed_parallelism,
                                    std::stoul(words[2]));
    const World world(words[1]);
    std::cout << "ready" << std::endl;
    return answer_all(world);
  }
  std::cerr << "segments_suite make FOLDER CUSTOMERS EVENTS | export FOLDER OUT | "
               "answer FOLDER THREADS\n";
  return 2;
}

}  // namespace
}  // namespace grapevine::bench

int main(int count, char** words) {
  grapevine::keep_freed_memory();  // As the server does.
  return grapevine::bench::run(std::vector<std::string>(words + 1, words + count));
}
