# The front door. Each target says what it does in `make help`.
.DEFAULT_GOAL := help
.PHONY: help run build test conformance conformance-answers bench bench-segments bench-sql bench-preview bench-cheap-query format format-check packages asan tsan tsan-tbb fuzz torture tidy clean

sudo := $(shell [ "$$(id -u)" = 0 ] || echo sudo)
jobs ?= $(shell nproc)
fuzz_seconds ?= 60

build_packages := g++ cmake ninja-build ccache pkg-config git ca-certificates \
  libboost1.81-dev libboost-url1.81-dev libtbb-dev libeigen3-dev libabsl-dev libsimdjson-dev \
  libxxhash-dev libhwy-dev libfmt-dev libspdlog-dev libcli11-dev prometheus-cpp-dev libzstd-dev liblz4-dev \
  zlib1g-dev libssl-dev libisal-dev libutf8proc-dev libre2-dev libgtest-dev libgmock-dev libbenchmark-dev libyaml-cpp-dev nlohmann-json3-dev \
  libflatbuffers-dev flatbuffers-compiler
test_packages := curl nodejs npm python3 python3-igraph clang-format
fuzz_packages := clang-14 libclang-rt-14-dev llvm-14

help:  ## These lines.
	@sed -n 's/^\([a-z-]*\):.*## /\1\t/p' $(MAKEFILE_LIST) | expand -t 14

run: build  ## Builds a release and serves generated demo data on http://127.0.0.1:8080.
	build/release/grapevine serve --demo

build: packages  ## The release binary, build/release/grapevine.
	cmake --preset release
	cmake --build build/release --target grapevine -j $(jobs)

test: packages test-packages  ## Builds and runs every test.
	cmake --preset dev
	cmake --build build/dev -j $(jobs)
	ctest --preset dev -j $(jobs)

# The peers' engines are installed below tests/conformance (some 600 MB).
queries ?= 20000
conformance: packages test-packages  ## SQL beside ClickHouse and DuckDB: every topic, and queries by chance (queries=20000).
	cmake --preset release
	cmake --build build/release --target grapevine -j $(jobs)
	cd tests/conformance && npm install --no-save --silent && \
	  TZ=UTC GRAPEVINE_BINARY=$(CURDIR)/build/release/grapevine npm run --silent live -- --queries $(queries)

conformance-answers: test-packages  ## Asks ClickHouse anew what tests/queries/sql expects.
	cd tests/conformance && npm install --no-save --silent && TZ=UTC npm run --silent generate

bench: packages  ## Builds the release and runs the benchmarks.
	cmake --preset release
	cmake --build build/release -j $(jobs)
	build/release/grapevine_bench --benchmark_filter='-BM_SpreadOfAllIsRight|BM_SeedsKeepTheirBounds'

# The peers' engines are installed below build/ (some 600 MB); the worlds and their tables are kept there.
events ?= 10000000
customers ?= 1000000
define bench_peers
	cmake --preset release
	cmake --build build/release --target segments_suite grapevine -j $(jobs)
	mkdir -p build/bench && cp -r bench/segments bench/sql bench/segments/package.json build/bench/
	cd build/bench && npm install --no-save --silent
endef
bench-segments: packages test-packages  ## The questions of segments, beside DuckDB and ClickHouse (events=50000000).
	$(bench_peers)
	cd build/bench/segments && node run.mjs ../../release/segments_suite \
	  --folder ../worlds --customers $(customers) --events $(events) --out table.md

bench-sql: packages test-packages  ## The same in SQL over HTTP, and what dashboards ask (events=50000000).
	$(bench_peers)
	cd build/bench/sql && node run.mjs ../../release \
	  --folder ../worlds --customers $(customers) --events $(events) --out table.md

bench-preview: packages test-packages  ## Previews over HTTP, of the world that bench-segments made.
	@$(call install,wrk)
	cmake --preset release
	cmake --build build/release --target grapevine -j $(jobs)
	node bench/server/preview.mjs build/release/grapevine build/bench/worlds/$(customers)x$(events)/data

bench-cheap-query: packages test-packages  ## Cheap SQL queries over HTTP, beside Beast's ceiling and beside full scans, of the same world.
	@$(call install,wrk)
	cmake --preset release
	cmake --build build/release --target grapevine beast_ceiling request_times -j $(jobs)
	node bench/server/cheap_query.mjs build/release build/bench/worlds/$(customers)x$(events)/data

asan: packages test-packages  ## Every test under AddressSanitizer and UndefinedBehaviorSanitizer.
	cmake --preset asan
	cmake --build build/asan -j $(jobs)
	ctest --preset asan -j $(jobs)

# The packaged oneTBB looks like a race to ThreadSanitizer: its atomics are not instrumented. This one
# is built from the same Debian source, kept outside build/, and made once.
export GRAPEVINE_TSAN_TBB ?= $(HOME)/.cache/grapevine/tsan-tbb
tsan: packages test-packages tsan-tbb  ## Every test under ThreadSanitizer.
	cmake --preset tsan
	cmake --build build/tsan -j $(jobs)
	ctest --preset tsan -j $(jobs)

tsan-tbb: $(GRAPEVINE_TSAN_TBB)/lib/cmake/TBB/TBBConfig.cmake  ## oneTBB from Debian's source, built for ThreadSanitizer.
tbb_build := build/tsan-tbb
# Its own list of sources, so that the machine's stays as it is.
tbb_apt = apt-get -q -o Dir::Etc::SourceList=/dev/null -o Dir::Etc::SourceParts=$(CURDIR)/$(tbb_build)/parts \
  -o Dir::State::Lists=$(CURDIR)/$(tbb_build)/lists -o APT::Sandbox::User=
$(GRAPEVINE_TSAN_TBB)/lib/cmake/TBB/TBBConfig.cmake:
	@$(call install,$(build_packages) dpkg-dev)
	rm -rf $(tbb_build)
	mkdir -p $(tbb_build)/parts $(tbb_build)/lists/partial
	cat /dev/null $(wildcard /etc/apt/sources.list.d/debian.sources) | sed 's/^Types:.*/Types: deb-src/' > $(tbb_build)/parts/debian.sources
	cat /dev/null $(wildcard /etc/apt/sources.list) | sed -n 's/^deb /deb-src /p' > $(tbb_build)/parts/debian.list
	$(tbb_apt) update
	cd $(tbb_build) && $(tbb_apt) source onetbb
	cmake -G Ninja -S $$(echo $(tbb_build)/onetbb-*/) -B $(tbb_build)/cmake -DCMAKE_BUILD_TYPE=RelWithDebInfo \
	  -DTBB_SANITIZE=thread -DTBB_TEST=OFF -DTBB_STRICT=OFF -DTBBMALLOC_BUILD=OFF -DCMAKE_INSTALL_PREFIX=$(GRAPEVINE_TSAN_TBB) -DCMAKE_INSTALL_LIBDIR=lib
	cmake --build $(tbb_build)/cmake -j $(jobs)
	cmake --install $(tbb_build)/cmake

torture: packages test-packages  ## What must survive, a hundred times as often as in `make test`.
	cmake --preset dev
	cmake --build build/dev -j $(jobs)
	GRAPEVINE_TORTURE=100 ctest --preset dev -R 'Power|Faults|Logs/|Salvage' -j $(jobs)
	GRAPEVINE_TORTURE=100 python3 tests/durability/crash_test.py build/dev/grapevine

sources = $(shell git ls-files '*.cpp' '*.hpp')
format:  ## Lays the sources out.
	clang-format -i $(sources)

format-check:  ## Fails where a source is not laid out as .clang-format says.
	@clang-format --dry-run --Werror $(sources)

fuzz: packages fuzz-packages  ## Every fuzzer for a minute (fuzz_seconds=600: for ten).
	cmake --preset fuzz -DGRAPEVINE_FUZZ_SECONDS=$(fuzz_seconds)
	cmake --build build/fuzz -j $(jobs)
	ctest --preset fuzz -j $(jobs)

tidy: packages  ## clang-tidy, and every header by itself.
	cmake --preset tidy
	cmake --build --preset tidy -j $(jobs)

# Installs only what is missing, so that a machine that has everything needs no root and no network.
# A command of the package's name will do: node and npm often come from elsewhere than Debian.
packages:
	@$(call install,$(build_packages))

test-packages:
	@$(call install,$(test_packages))

fuzz-packages:
	@$(call install,$(fuzz_packages))

define install
missing=""; for p in $(1); do dpkg -s $$p 2>/dev/null | grep -q '^Status: install ok' || command -v $$p >/dev/null || missing="$$missing $$p"; done; \
if [ -n "$$missing" ]; then echo "installing from Debian:$$missing"; \
  $(sudo) apt-get update -q && DEBIAN_FRONTEND=noninteractive $(sudo) apt-get install -y -q --no-install-recommends $$missing; fi
endef

clean:  ## Removes everything that was built.
	rm -rf build
