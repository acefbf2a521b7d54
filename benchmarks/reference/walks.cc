// The walk benchmark's yardstick: PinSage's importance walks in C++, 64 side by side, with prefetching.
//
//   walks STEPS KEPT < input
//
// The input is five columns of uint32, each after its length: pin offsets, the pins' boards, board offsets,
// the boards' pins, seeds; then one byte for each round, so that rounds can alternate with another program's.
// The restart probability is 1/2. Prints one line a round: CPU seconds of the walking thread, and the mean
// weight of the seeds' first neighbours, which shows that two programs walk alike.
#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <vector>

namespace {

constexpr uint32_t kLanes = 64;
constexpr uint32_t kFree = UINT32_MAX;

std::vector<uint32_t> read_column() {
  uint32_t length = 0;
  if (std::fread(&length, sizeof length, 1, stdin) != 1) std::exit(1);
  std::vector<uint32_t> column(length);
  if (std::fread(column.data(), sizeof(uint32_t), length, stdin) != length) std::exit(1);
  return column;
}

double cpu_seconds() {
  timespec now;
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) + 1e-9 * static_cast<double>(now.tv_nsec);
}

uint32_t draw(uint32_t& state) {
  state ^= state << 13;
  state ^= state >> 17;
  state ^= state << 5;
  return state;
}

uint32_t below(uint32_t drawn, uint32_t bound) {
  return static_cast<uint32_t>((static_cast<uint64_t>(drawn) * bound) >> 32);
}

// Visits of one walk: open addressing, at most a quarter full, and a counting sort for the ranking.
class Visits {
 public:
  explicit Visits(uint32_t steps) : used_(steps), places_(steps + 1) {
    while ((1u << bits_) < 4 * steps) bits_++;
    slots_.assign(1u << bits_, Slot{kFree, 0});
  }

  void add(uint32_t pin) {
    const uint32_t mask = (1u << bits_) - 1;
    uint32_t at = (pin * 2654435769u) >> (32 - bits_);
    // One branch for both ends of a probe.
    while ((slots_[at].pin != pin) & (slots_[at].pin != kFree)) at = (at + 1) & mask;
    used_[size_] = at;
    size_ += slots_[at].pin == kFree;
    slots_[at].pin = pin;
    slots_[at].count++;
  }

  // Writes the most visited pins, but the seed, and their L1-normalised weights; then the table is empty.
  void drain(uint32_t seed, uint32_t kept, uint32_t* neighbours, float* weights) {
    uint32_t most = 0;
    for (uint32_t i = 0; i < size_; i++) {
      const Slot& slot = slots_[used_[i]];
      if (slot.pin == seed) continue;
      places_[slot.count]++;
      most = std::max(most, slot.count);
    }
    uint32_t place = 0;
    for (uint32_t count = most; count > 0; count--) {
      const uint32_t pins = places_[count];
      places_[count] = place;
      place += pins;
    }
    uint32_t sum = 0;
    for (uint32_t i = 0; i < size_; i++) {
      Slot& slot = slots_[used_[i]];
      const Slot held = slot;
      slot = {kFree, 0};
      if (held.pin == seed) continue;
      const uint32_t to = places_[held.count]++;
      if (to >= kept) continue;
      neighbours[to] = held.pin;
      weights[to] = static_cast<float>(held.count);
      sum += held.count;
    }
    std::fill(places_.begin(), places_.begin() + most + 1, 0);
    for (uint32_t i = 0; i < std::min(kept, place); i++) weights[i] /= static_cast<float>(sum);
    size_ = 0;
  }

 private:
  struct Slot {
    uint32_t pin, count;
  };
  uint32_t bits_ = 3;
  uint32_t size_ = 0;
  std::vector<Slot> slots_;
  std::vector<uint32_t> used_, places_;
};

}  // namespace

int main(int argc, char** argv) {
  if (argc != 3) return 2;
  const uint32_t steps = static_cast<uint32_t>(std::atoi(argv[1]));
  const uint32_t kept = static_cast<uint32_t>(std::atoi(argv[2]));
  const auto pin_offsets_column = read_column(), pin_boards_column = read_column();
  const auto board_offsets_column = read_column(), board_pins_column = read_column();
  const auto seeds = read_column();
  const uint32_t* pin_offsets = pin_offsets_column.data();
  const uint32_t* pin_boards = pin_boards_column.data();
  const uint32_t* board_offsets = board_offsets_column.data();
  const uint32_t* board_pins = board_pins_column.data();

  Visits visits(steps);
  std::vector<uint32_t> visited(steps * kLanes);
  std::vector<uint32_t> neighbours(seeds.size() * kept);
  std::vector<float> weights(seeds.size() * kept);
  uint32_t home[kLanes], state[kLanes], node[kLanes];

  for (uint32_t round = 0; std::getchar() != EOF; round++) {
    const double started = cpu_seconds();
    for (size_t first = 0; first < seeds.size(); first += kLanes) {
      const uint32_t lanes = static_cast<uint32_t>(std::min<size_t>(kLanes, seeds.size() - first));
      for (uint32_t i = 0; i < lanes; i++) {
        home[i] = seeds[first + i];
        state[i] = (home[i] * 2654435769u) ^ (round * 40503u + 1u);
        if (state[i] == 0) state[i] = 1;
        for (int k = 0; k < 8; k++) draw(state[i]);
        __builtin_prefetch(&pin_offsets[home[i]]);
      }
      const uint32_t* at = home;
      for (uint32_t step = 0; step < steps; step++) {
        uint32_t* next = &visited[step * kLanes];
        for (uint32_t i = 0; i < lanes; i++) {
          const uint32_t pin = (draw(state[i]) >> 31) ? home[i] : at[i];
          const uint32_t begin = pin_offsets[pin];
          node[i] = begin + below(draw(state[i]), pin_offsets[pin + 1] - begin);
          __builtin_prefetch(&pin_boards[node[i]]);
        }
        for (uint32_t i = 0; i < lanes; i++) {
          node[i] = pin_boards[node[i]];
          __builtin_prefetch(&board_offsets[node[i]]);
        }
        for (uint32_t i = 0; i < lanes; i++) {
          const uint32_t begin = board_offsets[node[i]];
          node[i] = begin + below(draw(state[i]), board_offsets[node[i] + 1] - begin);
          __builtin_prefetch(&board_pins[node[i]]);
        }
        for (uint32_t i = 0; i < lanes; i++) {
          next[i] = board_pins[node[i]];
          __builtin_prefetch(&pin_offsets[next[i]]);
        }
        at = next;
      }
      for (uint32_t i = 0; i < lanes; i++) {
        for (uint32_t step = 0; step < steps; step++) visits.add(visited[step * kLanes + i]);
        visits.drain(home[i], kept, &neighbours[(first + i) * kept], &weights[(first + i) * kept]);
      }
    }
    const double seconds = cpu_seconds() - started;
    double mean = 0;
    for (size_t i = 0; i < seeds.size(); i++) mean += weights[i * kept] / static_cast<double>(seeds.size());
    std::printf("%.6f %.6f\n", seconds, mean);
    std::fflush(stdout);
  }
  return neighbours[0] == kFree;
}
