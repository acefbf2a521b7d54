// The walk benchmark's yardstick: PinSage's importance walks in C++, 64 side by side, with prefetching.
//
//   walks STEPS KEPT ROUNDS < input
//
// The input is five columns of uint32, each after its length: pin offsets, the pins' boards, board offsets,
// the boards' pins, seeds. The restart probability is 1/2. Prints one line a round: CPU seconds of the
// walking thread, and the mean weight of the seeds' first neighbours, which shows that two programs walk alike.
#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <functional>
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

// Visits of one walk: open addressing, at most half full.
class Visits {
 public:
  explicit Visits(uint32_t steps) {
    while ((1u << bits_) < 2 * steps) bits_++;
    slots_.assign(1u << bits_, Slot{kFree, 0});
    used_.resize(steps);
  }

  void add(uint32_t pin) {
    const uint32_t mask = (1u << bits_) - 1;
    uint32_t at = (pin * 2654435769u) >> (32 - bits_);
    while (slots_[at].pin != pin) {
      if (slots_[at].pin == kFree) {
        slots_[at] = {pin, 0};
        used_[size_++] = at;
        break;
      }
      at = (at + 1) & mask;
    }
    slots_[at].count++;
  }

  // Empties the table into `keys` (count above, pin below) and returns how many there were.
  uint32_t drain(uint32_t seed, uint64_t* keys) {
    uint32_t kept = 0;
    for (uint32_t i = 0; i < size_; i++) {
      Slot& slot = slots_[used_[i]];
      if (slot.pin != seed) keys[kept++] = (static_cast<uint64_t>(slot.count) << 32) | ~slot.pin;
      slot.pin = kFree;
    }
    size_ = 0;
    return kept;
  }

 private:
  struct Slot {
    uint32_t pin, count;
  };
  uint32_t bits_ = 3;
  uint32_t size_ = 0;
  std::vector<Slot> slots_;
  std::vector<uint32_t> used_;
};

}  // namespace

int main(int argc, char** argv) {
  if (argc != 4) return 2;
  const uint32_t steps = static_cast<uint32_t>(std::atoi(argv[1]));
  const uint32_t kept = static_cast<uint32_t>(std::atoi(argv[2]));
  const int rounds = std::atoi(argv[3]);
  const auto pin_offsets_column = read_column(), pin_boards_column = read_column();
  const auto board_offsets_column = read_column(), board_pins_column = read_column();
  const auto seeds = read_column();
  const uint32_t* pin_offsets = pin_offsets_column.data();
  const uint32_t* pin_boards = pin_boards_column.data();
  const uint32_t* board_offsets = board_offsets_column.data();
  const uint32_t* board_pins = board_pins_column.data();

  std::vector<Visits> visits(kLanes, Visits(steps));
  std::vector<uint64_t> keys(steps);
  std::vector<uint32_t> neighbours(seeds.size() * kept);
  std::vector<float> weights(seeds.size() * kept);
  uint32_t home[kLanes], at[kLanes], state[kLanes], edge[kLanes], board[kLanes];

  for (int round = 0; round < rounds; round++) {
    const double started = cpu_seconds();
    for (size_t first = 0; first < seeds.size(); first += kLanes) {
      const uint32_t lanes = static_cast<uint32_t>(std::min<size_t>(kLanes, seeds.size() - first));
      for (uint32_t i = 0; i < lanes; i++) {
        home[i] = at[i] = seeds[first + i];
        state[i] = (home[i] * 2654435769u) ^ (static_cast<uint32_t>(round) * 40503u + 1u);
        if (state[i] == 0) state[i] = 1;
        for (int k = 0; k < 8; k++) draw(state[i]);
        __builtin_prefetch(&pin_offsets[at[i]]);
      }
      for (uint32_t step = 0; step < steps; step++) {
        for (uint32_t i = 0; i < lanes; i++) {
          const uint32_t pin = (draw(state[i]) >> 31) ? home[i] : at[i];
          const uint32_t begin = pin_offsets[pin];
          edge[i] = begin + below(draw(state[i]), pin_offsets[pin + 1] - begin);
          __builtin_prefetch(&pin_boards[edge[i]]);
        }
        for (uint32_t i = 0; i < lanes; i++) {
          board[i] = pin_boards[edge[i]];
          __builtin_prefetch(&board_offsets[board[i]]);
        }
        for (uint32_t i = 0; i < lanes; i++) {
          const uint32_t begin = board_offsets[board[i]];
          edge[i] = begin + below(draw(state[i]), board_offsets[board[i] + 1] - begin);
          __builtin_prefetch(&board_pins[edge[i]]);
        }
        for (uint32_t i = 0; i < lanes; i++) {
          at[i] = board_pins[edge[i]];
          __builtin_prefetch(&pin_offsets[at[i]]);
          visits[i].add(at[i]);
        }
      }
      for (uint32_t i = 0; i < lanes; i++) {
        const uint32_t found = visits[i].drain(home[i], keys.data());
        const uint32_t top = std::min(kept, found);
        if (found > top) std::nth_element(keys.begin(), keys.begin() + top, keys.begin() + found, std::greater<>());
        std::sort(keys.begin(), keys.begin() + top, std::greater<>());
        uint64_t sum = 0;
        for (uint32_t k = 0; k < top; k++) sum += keys[k] >> 32;
        for (uint32_t k = 0; k < top; k++) {
          neighbours[(first + i) * kept + k] = ~static_cast<uint32_t>(keys[k]);
          weights[(first + i) * kept + k] = static_cast<float>(keys[k] >> 32) / static_cast<float>(sum);
        }
      }
    }
    const double seconds = cpu_seconds() - started;
    double mean = 0;
    for (size_t i = 0; i < seeds.size(); i++) mean += weights[i * kept] / static_cast<double>(seeds.size());
    std::printf("%.6f %.6f\n", seconds, mean);
  }
  return neighbours[0] == kFree;
}
