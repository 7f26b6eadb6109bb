//! Designs: which points of the axes are simulated, each worked out from its number alone.
//!
//! | design            | points                                                    | can grow by           |
//! |-------------------|-----------------------------------------------------------|-----------------------|
//! | `grid`            | every combination of the levels                           | levels, replicates    |
//! | `random`          | independent draws                                         | points, replicates    |
//! | `latin-hypercube` | one draw in each of n strata of every axis                | replicates            |
//! | `sobol`           | a digitally shifted Sobol' sequence                       | points, replicates    |
//! | `morris`          | trajectories that change one axis (or group) at a time    | trajectories, replicates |
//! | `saltelli`        | two Sobol' matrices A and B, and A with columns of B      | points, replicates    |
//! | `points`          | the rows of a table                                       | rows, replicates      |
//!
//! Points are shares of one: an axis turns a share into a value by its quantile function, a list by equal steps. Whole
//! numbers from `low` to `high` are the roundings of a distribution from half below to half above, so that the ends
//! have their full chance.
//! Nothing of a design is kept in memory but its axes; every random number has an address (axis by name, point by
//! number), so adding points or axes moves no other coordinate of a random design.
//!
//! Morris (1991), *Technometrics* 33(2), 161–174; Saltelli et al. (2010), *Comput. Phys. Commun.* 181(2), 259–270;
//! McKay, Beckman & Conover (1979), *Technometrics* 21(2), 239–245.

use super::sobol;
use crate::draw::{Address, Block, Purpose, Seed};
use crate::number::f64s;
use crate::param::Value;

/// The replicate whose addresses serve designs, far from those of models.
const DESIGN_STREAM: u32 = u32::MAX - 1;
/// Smallest distance of a share from 0 and 1.
const HALF_STEP: f64 = 0.5 / 4_294_967_296.0;

/// How points are laid.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Method {
    Grid,
    Random,
    LatinHypercube,
    Sobol,
    Morris,
    Saltelli,
    Points,
}

impl Method {
    /// Every method with the word that files use.
    pub const ALL: [(&'static str, Self); 7] = [
        ("grid", Self::Grid),
        ("random", Self::Random),
        ("latin-hypercube", Self::LatinHypercube),
        ("sobol", Self::Sobol),
        ("morris", Self::Morris),
        ("saltelli", Self::Saltelli),
        ("points", Self::Points),
    ];

    /// The word in files.
    pub fn word(self) -> &'static str {
        Self::ALL.iter().find(|(_, method)| *method == self).map_or("", |(word, _)| word)
    }
}

/// One level of a list: what it is called, its number if it is one, and what it sets.
#[derive(Clone, Debug, PartialEq)]
pub struct Level {
    pub label: String,
    pub number: Option<f64>,
    pub settings: Vec<(String, Value)>,
}

/// The values an axis can take.
#[derive(Clone, Debug, PartialEq)]
pub enum Domain {
    List(Vec<Level>),
    Uniform {
        low: f64,
        high: f64,
    },
    LogUniform {
        low: f64,
        high: f64,
    },
    /// Normal, cut at `low` and `high`, which keep it inside what the setting allows.
    Normal {
        mean: f64,
        sd: f64,
        low: f64,
        high: f64,
    },
    Triangular {
        low: f64,
        mode: f64,
        high: f64,
    },
}

/// One thing that varies.
#[derive(Clone, Debug, PartialEq)]
pub struct Axis {
    /// The name: a column of the results.
    pub name: String,
    /// What it is called in figures, with its unit.
    pub label: String,
    /// The dotted paths it sets.
    pub paths: Vec<String>,
    /// Whether its values are whole numbers.
    pub whole: bool,
    pub domain: Domain,
    /// Axes of one group are moved together in `morris` and `saltelli`.
    pub group: String,
}

impl Axis {
    /// What it is called within a sentence: the label without its unit.
    pub fn spoken(&self) -> &str {
        let unit = self.label.strip_suffix(')').and_then(|label| label.rsplit_once(" ("));
        unit.map_or(&self.label, |(label, _)| label)
    }

    /// The levels, if it is a list.
    pub fn levels(&self) -> Option<&[Level]> {
        match &self.domain {
            Domain::List(levels) => Some(levels),
            _ => None,
        }
    }

    /// The value at a share in 0..=1: the position in the list, or the quantile.
    pub fn value(&self, share: f64) -> f64 {
        let share = share.clamp(0.0, 1.0);
        let half = if self.whole { 0.5 } else { 0.0 };
        // One half stays for the rounding: the ends are within what the setting allows.
        let kept =
            |value: f64, low: f64, high: f64| if self.whole { f64s::round(value).clamp(low, high) } else { value };
        match self.domain {
            Domain::List(ref levels) => {
                let n = levels.len() as f64;
                (share * n).floor().min(n - 1.0)
            }
            Domain::Uniform { low, high } => kept(low - half + share * (high - low + 2.0 * half), low, high),
            Domain::LogUniform { low, high } => {
                let (a, b) = (f64s::ln(low - half), f64s::ln(high + half));
                kept(f64s::exp(a + share * (b - a)), low, high).clamp(low, high)
            }
            Domain::Normal { mean, sd, low, high } => {
                let (a, b) = (normal_share((low - half - mean) / sd), normal_share((high + half - mean) / sd));
                kept(mean + sd * normal_quantile(a + share * (b - a)), low, high).clamp(low, high)
            }
            Domain::Triangular { low: least, mode, high: most } => {
                let (low, high) = (least - half, most + half);
                let turn = if high > low { (mode - low) / (high - low) } else { 1.0 };
                let value = if share < turn {
                    low + f64s::sqrt(share * (high - low) * (mode - low))
                } else {
                    high - f64s::sqrt((1.0 - share) * (high - low) * (high - mode))
                };
                kept(value, least, most)
            }
        }
    }

    /// How many values it can take, if they are finitely many.
    pub fn values(&self) -> Option<u64> {
        match &self.domain {
            Domain::List(levels) => Some(levels.len() as u64),
            Domain::Uniform { low, high }
            | Domain::LogUniform { low, high }
            | Domain::Normal { low, high, .. }
            | Domain::Triangular { low, high, .. } => self.whole.then_some((high - low) as u64 + 1),
        }
    }

    /// What a value sets.
    pub fn settings(&self, value: f64) -> Vec<(String, Value)> {
        if let Domain::List(levels) = &self.domain {
            return levels[value as usize].settings.clone();
        }
        let value = if self.whole { Value::Integer(value as i64) } else { Value::Number(value) };
        self.paths.iter().map(|path| (path.clone(), value.clone())).collect()
    }

    /// The value as a number: a level that is a word has its position.
    pub fn number(&self, value: f64) -> f64 {
        match &self.domain {
            Domain::List(levels) => levels[value as usize].number.unwrap_or(value),
            _ => value,
        }
    }

    /// The value as a text.
    pub fn text(&self, value: f64) -> String {
        match &self.domain {
            Domain::List(levels) => levels[value as usize].label.clone(),
            _ => format!("{value:?}"),
        }
    }

    /// Whether every value is a number.
    pub fn is_numeric(&self) -> bool {
        self.levels().is_none_or(|levels| levels.iter().all(|level| level.number.is_some()))
    }

    /// Where its addresses are: the first 40 bits of the hash of its name.
    fn lane(&self) -> u64 {
        let hash = blake3::hash(self.name.as_bytes());
        hash.as_bytes()[..5].iter().fold(0, |lane, byte| lane << 8 | u64::from(*byte))
    }
}

/// A design over axes.
#[derive(Clone, Debug)]
pub struct Design {
    pub method: Method,
    pub axes: Vec<Axis>,
    /// Points of a random design, of a hypercube or a sequence; rows of the matrices A and B; trajectories.
    pub points: u64,
    /// Levels of the grid that trajectories walk on.
    pub levels: u32,
    /// Seed of the points.
    pub seed: u64,
    /// Values row by row, for `points`.
    pub rows: Vec<Vec<f64>>,
}

impl Design {
    /// Groups in the order of their first axis, each with the axes in it.
    pub fn groups(&self) -> Vec<(String, Vec<usize>)> {
        let mut groups: Vec<(String, Vec<usize>)> = Vec::new();
        for (i, axis) in self.axes.iter().enumerate() {
            match groups.iter_mut().find(|(name, _)| *name == axis.group) {
                Some((_, members)) => members.push(i),
                None => groups.push((axis.group.clone(), vec![i])),
            }
        }
        groups
    }

    /// Points of one block: what belongs to one trajectory, or to one row of A and B.
    pub fn block(&self) -> u64 {
        match self.method {
            Method::Morris => self.groups().len() as u64 + 1,
            Method::Saltelli => self.groups().len() as u64 + 2,
            _ => 1,
        }
    }

    /// Number of points; saturates where a grid is beyond counting.
    pub fn len(&self) -> u64 {
        match self.method {
            Method::Grid => self
                .axes
                .iter()
                .map(|axis| axis.levels().map_or(1, |levels| levels.len() as u64))
                .fold(1, u64::saturating_mul),
            Method::Points => self.rows.len() as u64,
            _ => self.points.saturating_mul(self.block()),
        }
    }

    /// Whether there is no point.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The point in the `k`-th place of the order of work: so that every beginning of a grid is a balanced sample of
    /// it, its points are visited by a stride near the golden section of their number; other designs are balanced in
    /// the order of their numbers.
    pub fn visit(&self, k: u64) -> u64 {
        let n = self.len();
        if self.method != Method::Grid || n < 3 {
            return k;
        }
        (u128::from(k) * u128::from(stride(n)) % u128::from(n)) as u64
    }

    /// The values of point `i`, axis by axis: a number, or the position in a list.
    pub fn point(&self, i: u64) -> Vec<f64> {
        match self.method {
            Method::Grid => {
                let mut rest = i;
                let mut point = vec![0.0; self.axes.len()];
                for (value, axis) in point.iter_mut().zip(&self.axes).rev() {
                    let levels = axis.levels().map_or(1, |levels| levels.len() as u64);
                    *value = (rest % levels) as f64;
                    rest /= levels;
                }
                point
            }
            Method::Points => self.rows[i as usize].clone(),
            _ => self.shares(i).iter().zip(&self.axes).map(|(share, axis)| axis.value(*share)).collect(),
        }
    }

    /// The point as shares of one, for designs that are drawn.
    pub fn shares(&self, i: u64) -> Vec<f64> {
        let (row, part) = (i / self.block(), i % self.block());
        match self.method {
            Method::Grid | Method::Points => Vec::new(),
            Method::Random => self.axes.iter().map(|axis| uniform(self.draw(row, axis, 0))).collect(),
            Method::LatinHypercube => {
                let share = |axis: &Axis| {
                    let stratum = shuffled(row, self.points, |round| self.draw(round, axis, 1).low);
                    (stratum as f64 + uniform(self.draw(row, axis, 0))) / self.points as f64
                };
                self.axes.iter().map(share).collect()
            }
            Method::Sobol => self.axes.iter().enumerate().map(|(j, axis)| self.sobol(row, j, axis, 0)).collect(),
            Method::Saltelli => {
                let d = self.axes.len();
                let groups = self.groups();
                let from_b = |j: usize| match part as usize {
                    0 => false,
                    g if g <= groups.len() => groups[g - 1].1.contains(&j),
                    _ => true,
                };
                let share = |(j, axis): (usize, &Axis)| {
                    if from_b(j) { self.sobol(row, d + j, axis, 1) } else { self.sobol(row, j, axis, 0) }
                };
                self.axes.iter().enumerate().map(share).collect()
            }
            Method::Morris => self.trajectory(row, part as usize),
        }
    }

    /// The change of share in one step of a trajectory.
    pub fn delta(&self) -> f64 {
        let p = f64::from(self.levels);
        p / (2.0 * (p - 1.0))
    }

    /// The group that changes in step `step` (1 …) of trajectory `row`, and whether its shares rise.
    pub fn change(&self, row: u64, step: usize) -> (usize, Vec<bool>) {
        let groups = self.groups();
        let group = self.walk(row, groups.len())[step - 1];
        let rises = groups[group].1.iter().map(|axis| self.start(row, &self.axes[*axis]).1).collect();
        (group, rises)
    }

    /// The order in which groups change in a trajectory.
    fn walk(&self, row: u64, groups: usize) -> Vec<usize> {
        let seed = Seed::new(self.seed, DESIGN_STREAM);
        let key = |group: &usize| seed.block(Address::row(row as u32, Purpose::Sample).which(*group as u64)).high;
        let mut order: Vec<usize> = (0..groups).collect();
        order.sort_by_key(|group| (key(group), *group));
        order
    }

    /// Where an axis stands at the start of a trajectory, and whether its step goes up.
    fn start(&self, row: u64, axis: &Axis) -> (f64, bool) {
        let block = self.draw(row, axis, 2);
        let half = u64::from(self.levels / 2);
        let low = ((u128::from(block.low) * u128::from(half)) >> 64) as f64 / f64::from(self.levels - 1);
        let rises = block.high >> 63 == 1;
        (if rises { low } else { low + self.delta() }, rises)
    }

    fn trajectory(&self, row: u64, step: usize) -> Vec<f64> {
        let groups = self.groups();
        let changed = &self.walk(row, groups.len())[..step];
        let mut shares: Vec<f64> = self.axes.iter().map(|axis| self.start(row, axis).0).collect();
        for axis in changed.iter().flat_map(|group| &groups[*group].1) {
            let rises = self.start(row, &self.axes[*axis]).1;
            shares[*axis] += if rises { self.delta() } else { -self.delta() };
        }
        shares
    }

    fn sobol(&self, row: u64, dimension: usize, axis: &Axis, matrix: u64) -> f64 {
        // The shift is the same for all points: its address has no row.
        let shift = (self.draw(0, axis, 4 + matrix).low >> 32) as u32;
        f64::from(sobol::coordinate(row, dimension) ^ shift) / 4_294_967_296.0 + HALF_STEP
    }

    /// The random bits of a row and an axis; `lane` (0–7) tells uses apart.
    fn draw(&self, row: u64, axis: &Axis, lane: u64) -> Block {
        let address = Address::row(row as u32, Purpose::Sample).which(axis.lane() << 3 | lane);
        Seed::new(self.seed, DESIGN_STREAM).block(address)
    }
}

/// A share strictly between 0 and 1 from 52 bits.
fn uniform(block: Block) -> f64 {
    ((block.low >> 12) as f64 + 0.5) / 4_503_599_627_370_496.0
}

/// A stride through `n` things near n/φ that meets all of them.
fn stride(n: u64) -> u64 {
    let golden = (n as f64 * 0.618_033_988_749_894_9) as u64;
    let common = |a: u64| {
        let (mut a, mut b) = (a, n);
        while b > 0 {
            (a, b) = (b, a % b);
        }
        a
    };
    (0..n).flat_map(|off| [golden.saturating_sub(off), golden + off]).find(|s| *s > 0 && common(*s) == 1).unwrap_or(1)
}

/// The place of `i` in a permutation of `n` things that is worked out for one place at a time: a network of keyed
/// exchanges (swap-or-not), with as many rounds as make it look random.
///
/// Hoang, Morris & Rogaway (2012), *CRYPTO 2012*, LNCS 7417, 1–13.
fn shuffled(i: u64, n: u64, word: impl Fn(u64) -> u64) -> u64 {
    if n < 2 {
        return 0;
    }
    let rounds = 6 * u64::from(64 - n.leading_zeros()) + 8;
    let mut at = i;
    for round in 0..rounds {
        let key = word(3 * round + n) % n;
        let partner = (key + n - at) % n;
        let upper = at.max(partner);
        // One bit for the pair, drawn at the larger of the two so that both get the same.
        let bit =
            (word(3 * round + 1 + n) ^ upper.wrapping_mul(0x9e37_79b9_7f4a_7c15)).wrapping_mul(0xd1b5_4a32_d192_ed03);
        if (bit ^ (bit >> 29)) >> 31 & 1 == 1 {
            at = partner;
        }
    }
    at
}

/// Standard normal distribution function.
fn normal_share(z: f64) -> f64 {
    0.5 * (1.0 + f64s::erf(z / std::f64::consts::SQRT_2))
}

/// Standard normal quantile: the approximation of `number::normal`, made exact by two steps of Newton.
fn normal_quantile(p: f64) -> f64 {
    const TINY: f64 = 1e-6;
    let p = p.clamp(1e-12, 1.0 - 1e-12);
    let mut z = f64::from(crate::number::normal(p.clamp(TINY, 1.0 - TINY) as f32));
    for _ in 0..4 {
        let density = f64s::exp(-0.5 * z * z) / f64s::sqrt(2.0 * std::f64::consts::PI);
        z -= ((normal_share(z) - p) / density).clamp(-0.5, 0.5);
    }
    z
}

#[cfg(test)]
mod tests {
    use super::*;

    fn axis(name: &str, domain: Domain) -> Axis {
        Axis {
            name: name.into(),
            label: name.into(),
            paths: vec![name.into()],
            whole: false,
            domain,
            group: name.into(),
        }
    }

    fn unit(name: &str) -> Axis {
        axis(name, Domain::Uniform { low: 0.0, high: 1.0 })
    }

    fn list(name: &str, n: usize) -> Axis {
        let level = |i: usize| Level { label: i.to_string(), number: Some(i as f64), settings: Vec::new() };
        axis(name, Domain::List((0..n).map(level).collect()))
    }

    fn design(method: Method, axes: Vec<Axis>, points: u64) -> Design {
        Design { method, axes, points, levels: 4, seed: 3, rows: Vec::new() }
    }

    #[test]
    fn a_grid_has_every_combination_once_and_any_beginning_is_balanced() {
        let grid = design(Method::Grid, vec![list("a", 4), list("b", 5), list("c", 3)], 0);
        let points: Vec<Vec<f64>> = (0..60).map(|k| grid.point(grid.visit(k))).collect();
        let mut sorted = points.clone();
        sorted.sort_by(|a, b| a.partial_cmp(b).expect("numbers"));
        sorted.dedup();
        assert_eq!(sorted.len(), 60);
        for (axis, levels) in [(0, 4), (1, 5), (2, 3)] {
            for taken in [12, 20, 31, 47] {
                let mut hits = vec![0_i32; levels];
                points[..taken].iter().for_each(|point| hits[point[axis] as usize] += 1);
                let (low, high) = (hits.iter().min().expect("some"), hits.iter().max().expect("some"));
                assert!(high - low <= 3, "axis {axis} after {taken}: {hits:?}");
            }
        }
    }

    #[test]
    fn a_hypercube_hits_every_stratum_once() {
        for n in [1, 7, 100] {
            let cube = design(Method::LatinHypercube, vec![unit("a"), unit("b")], n);
            for axis in 0..2 {
                let mut strata: Vec<u64> = (0..n).map(|i| (cube.shares(i)[axis] * n as f64) as u64).collect();
                let shuffled = strata.clone();
                strata.sort_unstable();
                assert_eq!(strata, (0..n).collect::<Vec<_>>());
                assert!(n < 50 || shuffled != strata, "the strata come in another order");
            }
        }
    }

    #[test]
    fn a_hypercube_pairs_its_axes_at_random() {
        let cube = design(Method::LatinHypercube, vec![unit("a"), unit("b"), unit("c")], 500);
        let shares: Vec<Vec<f64>> = (0..500).map(|i| cube.shares(i)).collect();
        for (a, b) in [(0, 1), (0, 2), (1, 2)] {
            let product: f64 = shares.iter().map(|s| (s[a] - 0.5) * (s[b] - 0.5)).sum::<f64>() / 500.0;
            // Correlation 12 · product, whose standard error is 1/√500.
            assert!((12.0 * product).abs() < 4.0 / 500.0_f64.sqrt(), "axes {a} and {b}: {product}");
        }
    }

    #[test]
    fn more_points_or_another_axis_leave_old_coordinates_alone() {
        for method in [Method::Random, Method::Sobol, Method::Saltelli, Method::Morris] {
            let few = design(method, vec![unit("a"), unit("b")], 10);
            let many = design(method, vec![unit("a"), unit("b")], 40);
            assert!((0..few.len()).all(|i| few.point(i) == many.point(i)), "{method:?}");
        }
        let two = design(Method::Random, vec![unit("a"), unit("b")], 10);
        let three = design(Method::Random, vec![unit("new"), unit("b"), unit("a")], 10);
        assert!((0..10).all(|i| two.point(i)[0] == three.point(i)[2] && two.point(i)[1] == three.point(i)[1]));
    }

    #[test]
    fn a_saltelli_block_mixes_the_rows_of_two_matrices() {
        let mut axes = vec![unit("a"), unit("b"), unit("c")];
        axes[2].group = "a".into();
        let sample = design(Method::Saltelli, axes, 8);
        assert_eq!((sample.block(), sample.len()), (4, 32));
        for row in 0..8 {
            let part = |part: u64| sample.point(4 * row + part);
            let (a, first, second, b) = (part(0), part(1), part(2), part(3));
            assert_eq!(first, [b[0], a[1], b[2]], "the group changes together");
            assert_eq!(second, [a[0], b[1], a[2]]);
        }
    }

    #[test]
    fn a_trajectory_changes_one_axis_at_a_time_by_delta() {
        let walk = design(Method::Morris, vec![unit("a"), unit("b"), unit("c")], 50);
        assert!((walk.delta() - 2.0 / 3.0).abs() < 1e-15);
        for row in 0..50 {
            for step in 1..=3 {
                let before = walk.shares(row * 4 + step - 1);
                let after = walk.shares(row * 4 + step);
                let (group, rises) = walk.change(row, step as usize);
                for axis in 0..3 {
                    let change = after[axis] - before[axis];
                    let wanted = if axis == group { walk.delta() * if rises[0] { 1.0 } else { -1.0 } } else { 0.0 };
                    assert!((change - wanted).abs() < 1e-12);
                    assert!((-1e-12..=1.0 + 1e-12).contains(&after[axis]));
                }
            }
        }
    }

    #[test]
    fn every_whole_number_has_its_full_chance_in_every_design() {
        let dice = |domain| Axis { whole: true, ..axis("dice", domain) };
        let counts = |sample: &Design, low: i64| {
            let mut counts = [0_u32; 3];
            for i in 0..sample.len() {
                counts[(sample.point(i)[0] as i64 - low) as usize] += 1;
            }
            counts
        };
        let uniform = |low: f64| dice(Domain::Uniform { low, high: low + 2.0 });
        for (method, points, off) in [
            (Method::LatinHypercube, 300, 0),
            (Method::Sobol, 3 << 8, 4),
            (Method::Random, 3000, 120),
            (Method::Saltelli, 3 << 8, 20),
            (Method::Morris, 1500, 150),
        ] {
            let sample = Design { levels: 6, ..design(method, vec![uniform(4.0)], points) };
            let third = sample.len() as u32 / 3;
            let counts = counts(&sample, 4);
            assert!(counts.iter().all(|count| count.abs_diff(third) <= off), "{method:?}: {counts:?}");
        }
        assert_eq!(counts(&design(Method::LatinHypercube, vec![uniform(-1.0)], 300), -1), [100; 3]);
        // On a logarithmic axis chances fall as 1/k, on a roof they rise to the middle.
        let falling = dice(Domain::LogUniform { low: 1.0, high: 3.0 });
        let weights = [3.0_f64, 5.0 / 3.0, 7.0 / 5.0].map(f64::ln);
        for (count, weight) in counts(&design(Method::LatinHypercube, vec![falling], 3000), 1).iter().zip(weights) {
            assert!((f64::from(*count) - 3000.0 * weight / 7.0_f64.ln()).abs() <= 2.0, "{count}");
        }
        let roof = dice(Domain::Triangular { low: 0.0, mode: 1.0, high: 2.0 });
        let [low, middle, high] = counts(&design(Method::LatinHypercube, vec![roof], 900), 0);
        assert!(low == high && middle.abs_diff(500) <= 2, "2/9, 5/9 and 2/9 of the triangle: {low} {middle} {high}");
        let bell = dice(Domain::Normal { mean: 2.0, sd: 1.0, low: 1.0, high: 3.0 });
        let [low, middle, high] = counts(&design(Method::LatinHypercube, vec![bell], 1000), 1);
        // P(|z| < 0.5) = .3829 of P(|z| < 1.5) = .8664.
        assert!(low.abs_diff(high) <= 1 && middle.abs_diff(442) <= 2, "{low} {middle} {high}");
    }

    #[test]
    fn quantiles_by_hand() {
        let value = |domain, share| axis("a", domain).value(share);
        assert_eq!(value(Domain::Uniform { low: 2.0, high: 4.0 }, 0.25), 2.5);
        assert!((value(Domain::LogUniform { low: 1.0, high: 100.0 }, 0.5) - 10.0).abs() < 1e-9);
        let wide = Domain::Normal { mean: 1.0, sd: 2.0, low: -100.0, high: 100.0 };
        // The 97.5 % point of the standard normal distribution is 1.959964.
        assert!((value(wide, 0.975) - (1.0 + 2.0 * 1.959_963_985)).abs() < 1e-6);
        let cut = Domain::Normal { mean: 0.0, sd: 1.0, low: 0.0, high: 9.0 };
        assert!(value(cut.clone(), 0.0).abs() < 1e-9);
        // The median of the half normal is the upper quartile of the normal.
        assert!((value(cut, 0.5) - 0.674_489_75).abs() < 1e-6);
        let roof = Domain::Triangular { low: 0.0, mode: 1.0, high: 2.0 };
        assert!((value(roof.clone(), 0.5) - 1.0).abs() < 1e-12);
        assert!((value(roof, 0.125) - 0.5).abs() < 1e-12);
        assert_eq!([0.0, 0.33, 0.34, 1.0].map(|share| list("a", 3).value(share)), [0.0, 0.0, 1.0, 2.0]);
    }
}
