//! Randomness with addresses: every random number is a pure function of who, what, when and which one.
//!
//! ```text
//! word(seed; who, what, when, which) = Philox2x64-10(counter = address, key = mixed seed)
//! ```
//!
//! The generator is counter based (Salmon, Moraes, Dror & Shaw 2011, "Parallel random numbers: as easy as
//! 1, 2, 3", SC '11): no state is stored, passed around or shared between threads, so a number depends neither
//! on the order of execution nor on any other draw. Addresses are packed without loss, so two different
//! addresses never meet in the same counter.
//!
//! | field        | bits | meaning                                                    |
//! |--------------|------|------------------------------------------------------------|
//! | `slot`       | 32   | the firm's slot in the population (or another row)         |
//! | `generation` | 16   | the generation of the slot: 0 its first firm, 1 the next … |
//! | `what`       | 8    | the purpose, a [`Purpose`]                                 |
//! | `lane`       | 8    | a further block of the same address                        |
//! | `step`       | 16   | quarter since the start of the burn-in                     |
//! | `which`      | 48   | market, partner or ordinal                                 |

use rand::TryRng;
use std::convert::Infallible;

/// What a random number is for. The discriminant is part of the address: never reuse or reorder one (4, 8 and
/// 11 had their time).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum Purpose {
    /// Traits of a firm at birth.
    Birth = 1,
    /// Failure or incident, SNS adoption or abandonment, slack; contacts by search, unsolicited and through peers.
    Quarter = 2,
    /// Contacts through SNS, referrals and agents.
    Arrive = 3,
    /// Which market a contact is in, which partner it names, and how far below the share that passes it is.
    Contact = 5,
    /// Match quality and lifetime of a contact; of one through SNS, whether barriers stop the firm.
    Match = 6,
    /// Trust loop, deal or order, separation, order size and conversion of a tie.
    Tie = 7,
    /// Yearly growth of the firm, and change of orientation.
    Growth = 9,
    /// Platforms chosen and share of relational use.
    Platform = 10,
    /// What the founders bring.
    Founder = 12,
    /// The peer graph.
    Network = 13,
    /// Properties of a partner abroad.
    Partner = 14,
    /// Selection, take-up and delivery of support measures.
    Policy = 15,
    /// Sampling for statistics and figures, never for the model.
    Sample = 16,
    /// Which peer passes a contact on, and which of its markets.
    Peer = 17,
    /// Whether a contact through SNS arises among friends, and which.
    Friend = 18,
    /// Decision rules and theories written outside the crate.
    OwnRule = 40,
    OwnTheory = 41,
}

/// Where a random number lives. Build with [`Address::firm`] or [`Address::row`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Address {
    slot: u32,
    generation: u16,
    what: u8,
    step: u16,
    which: u64,
}

impl Address {
    /// An address of one firm: its slot and which generation of that slot.
    #[inline]
    pub fn firm(slot: u32, generation: u16, what: Purpose, step: u16) -> Self {
        Self { slot, generation, what: what as u8, step, which: 0 }
    }

    /// An address of anything that is not a firm: a row number.
    #[inline]
    pub fn row(row: u32, what: Purpose) -> Self {
        Self { slot: row, generation: u16::MAX, what: what as u8, step: 0, which: 0 }
    }

    /// The same address for a certain market, partner or ordinal (48 bits).
    #[inline]
    pub fn which(mut self, which: u64) -> Self {
        debug_assert!(which < 1 << 48, "an address holds 48 bits of `which`, not {which}");
        self.which = which;
        self
    }

    #[inline]
    fn counter(self, lane: u8) -> [u64; 2] {
        [
            (self.slot as u64) << 32 | (self.generation as u64) << 16 | (self.what as u64) << 8 | lane as u64,
            (self.step as u64) << 48 | self.which,
        ]
    }
}

/// The seed of a run, mixed with the replicate: the key of every address.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Seed(u64);

impl Seed {
    /// Mixes a user's seed and a replicate number, so that neighbouring seeds share nothing.
    pub fn new(seed: u64, replicate: u32) -> Self {
        Self(philox([seed, u64::from(replicate)], 0x666f_6e64_6163_6f00)[0])
    }

    /// The 128 bits that live at `address`.
    #[inline]
    pub fn block(self, address: Address) -> Block {
        let [low, high] = philox(address.counter(0), self.0);
        Block { low, high }
    }

    /// A stream that starts at `address`, for `rand` and `rand_distr`; at most 255 blocks of 128 bits.
    ///
    /// # Panics
    /// When more than 255 blocks are asked of one address: the address was too coarse.
    pub fn stream(self, address: Address) -> Stream {
        Stream { seed: self, address, lane: 0, spare: None }
    }
}

/// 128 random bits, to be read as a few uniforms.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Block {
    pub low: u64,
    pub high: u64,
}

impl Block {
    /// One of four independent uniforms in (0, 1), each of 32 bits.
    #[inline]
    pub fn uniform(self, lane: usize) -> f32 {
        unit(self.word(lane))
    }

    /// One of four 32-bit words.
    #[inline]
    pub fn word(self, lane: usize) -> u32 {
        debug_assert!(lane < 4, "a block has four words");
        let half = if lane < 2 { self.low } else { self.high };
        (half >> (32 * (lane & 1))) as u32
    }

    /// A uniform in (0, 1) from `bits` bits (at most 23), starting `from` the lowest of 128; they lie within one half.
    #[inline]
    pub fn part(self, (from, bits): (u32, u32)) -> f32 {
        debug_assert!(bits <= 23 && from % 64 + bits <= 64, "bits {from} to {} of a block", from + bits);
        let half = if from < 64 { self.low } else { self.high };
        let word = (half >> (from % 64)) as u32 & ((1 << bits) - 1);
        (word as f32 + 0.5) / (1_u32 << bits) as f32
    }

    /// A fifth uniform in (0, 1), from bits that the uniforms of the first three words leave over.
    #[inline]
    pub fn rest(self) -> f32 {
        let [a, b, c] = [0, 1, 2].map(|lane| self.word(lane) & 0x7f);
        ((a << 14 | b << 7 | c) as f32 + 0.5) * (1.0 / 2_097_152.0)
    }
}

/// A uniform in the open interval (0, 1) from the top 23 of 32 random bits (f32 can tell no more near 1).
#[inline]
pub fn unit(word: u32) -> f32 {
    ((word >> 9) as f32 + 0.5) * (1.0 / 8_388_608.0)
}

/// Random words from consecutive blocks of one address.
#[derive(Clone, Debug)]
pub struct Stream {
    seed: Seed,
    address: Address,
    lane: u8,
    spare: Option<u64>,
}

impl Stream {
    fn word(&mut self) -> u64 {
        if let Some(word) = self.spare.take() {
            return word;
        }
        let [low, high] = philox(self.address.counter(self.lane), self.seed.0);
        self.lane = self.lane.checked_add(1).expect("one address gives at most 255 blocks; use `which` for more");
        self.spare = Some(high);
        low
    }
}

impl TryRng for Stream {
    type Error = Infallible;

    fn try_next_u32(&mut self) -> Result<u32, Infallible> {
        Ok((self.word() >> 32) as u32)
    }

    fn try_next_u64(&mut self) -> Result<u64, Infallible> {
        Ok(self.word())
    }

    fn try_fill_bytes(&mut self, bytes: &mut [u8]) -> Result<(), Infallible> {
        for piece in bytes.chunks_mut(8) {
            let word = self.word().to_le_bytes();
            piece.copy_from_slice(&word[..piece.len()]);
        }
        Ok(())
    }
}

const MULTIPLIER: u64 = 0xD2B7_4407_B1CE_6E93;
const WEYL: u64 = 0x9E37_79B9_7F4A_7C15;
const ROUNDS: usize = 10;

/// Philox2x64 with ten rounds (Salmon et al. 2011).
#[inline]
fn philox(counter: [u64; 2], key: u64) -> [u64; 2] {
    let [mut left, mut right] = counter;
    let mut key = key;
    for _ in 0..ROUNDS {
        let product = u128::from(left) * u128::from(MULTIPLIER);
        left = (product >> 64) as u64 ^ key ^ right;
        right = product as u64;
        key = key.wrapping_add(WEYL);
    }
    [left, right]
}

#[cfg(test)]
mod tests {
    use super::*;
    use rand::RngExt;

    #[test]
    fn known_answers_of_the_authors() {
        assert_eq!(philox([0, 0], 0), [0xca00_a045_9843_d731, 0x66c2_4222_c9a8_45b5]);
        assert_eq!(philox([u64::MAX; 2], u64::MAX), [0x65b0_21d6_0cd8_310f, 0x4d02_f322_2f86_df20]);
        assert_eq!(
            philox([0x243f_6a88_85a3_08d3, 0x1319_8a2e_0370_7344], 0xa409_3822_299f_31d0),
            [0x0a5e_742c_2997_341c, 0xb0f8_83d3_8000_de5d]
        );
    }

    #[test]
    fn every_part_of_an_address_matters() {
        let seed = Seed::new(7, 0);
        let base = Address::firm(1, 2, Purpose::Tie, 3).which(4);
        let others = [
            Address::firm(2, 2, Purpose::Tie, 3).which(4),
            Address::firm(1, 3, Purpose::Tie, 3).which(4),
            Address::firm(1, 2, Purpose::Match, 3).which(4),
            Address::firm(1, 2, Purpose::Tie, 4).which(4),
            Address::firm(1, 2, Purpose::Tie, 3).which(5),
            Address::row(1, Purpose::Tie).which(4),
        ];
        for other in others {
            assert_ne!(base.counter(0), other.counter(0));
            assert_ne!(seed.block(base), seed.block(other));
        }
        assert_ne!(Seed::new(7, 0), Seed::new(7, 1));
        assert_ne!(Seed::new(7, 1), Seed::new(8, 0));
    }

    #[test]
    fn uniforms_fill_the_open_interval_evenly() {
        assert!(unit(0) > 0.0 && unit(u32::MAX) < 1.0);
        let seed = Seed::new(1, 0);
        let n = 100_000;
        let sum: f64 = (0..n).map(|i| f64::from(seed.block(Address::row(i, Purpose::Sample)).uniform(2))).sum();
        let error = (sum / f64::from(n) - 0.5) / (1.0 / 12.0 / f64::from(n)).sqrt();
        assert!(error.abs() < 4.0, "the mean is {error} standard errors off");
    }

    #[test]
    fn a_stream_serves_rand() {
        let mut stream = Seed::new(1, 0).stream(Address::row(0, Purpose::Sample));
        let draws: Vec<u8> = (0..100).map(|_| stream.random_range(0..10)).collect();
        assert!((0..10).all(|digit| draws.contains(&digit)));
    }
}
