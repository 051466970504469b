// How long requests take over one connection, each counted once: as soon as the one before is answered, or so many a
// second on a schedule (one that comes late is sent at once). Prints a line of JSON.
//
//   request_times PORT SQL SECONDS RATE     RATE: requests a second; 0: as soon as possible
#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <iostream>
#include <string>
#include <thread>
#include <vector>

#include <boost/asio/ip/tcp.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http.hpp>

int main(int count, char** arguments) {
  namespace asio = boost::asio;
  namespace http = boost::beast::http;
  using Clock = std::chrono::steady_clock;
  if (count != 5) {
    std::cerr << "usage: request_times PORT SQL SECONDS RATE\n";
    return 2;
  }
  const int port = std::atoi(arguments[1]);
  const std::chrono::duration<double> lasting(std::atof(arguments[3]));
  const double rate = std::atof(arguments[4]);

  asio::io_context context;
  asio::ip::tcp::socket socket(context);
  socket.connect({asio::ip::address_v4::loopback(), static_cast<asio::ip::port_type>(port)});
  socket.set_option(asio::ip::tcp::no_delay(true));
  http::request<http::string_body> request(http::verb::post, "/", 11);
  request.set(http::field::host, "localhost");
  request.body() = arguments[2];
  request.prepare_payload();

  std::vector<double> times;
  boost::beast::flat_buffer buffer;
  const Clock::time_point begun = Clock::now();
  while (Clock::now() - begun < lasting) {
    if (rate > 0) {
      const std::chrono::duration<double> due(static_cast<double>(times.size()) / rate);
      std::this_thread::sleep_until(begun + std::chrono::duration_cast<Clock::duration>(due));
    }
    const Clock::time_point sent = Clock::now();
    http::write(socket, request);
    http::response<http::string_body> response;
    http::read(socket, buffer, response);
    const std::chrono::duration<double, std::milli> took = Clock::now() - sent;
    times.push_back(took.count());
    if (response.result() != http::status::ok) {
      std::cerr << response.body();
      return 1;
    }
  }
  std::sort(times.begin(), times.end());
  const auto at = [&](double share) {
    const auto rank = static_cast<std::size_t>(share * static_cast<double>(times.size()));
    return times[std::min(rank, times.size() - 1)];
  };
  std::cout << "{\"requests\": " << times.size() << ", \"p50_ms\": " << at(0.5)
            << ", \"p95_ms\": " << at(0.95) << ", \"p99_ms\": " << at(0.99) << "}\n";
  return 0;
}
