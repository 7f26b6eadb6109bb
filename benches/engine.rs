//! How fast the model runs: whole quarters by number of firms, threads and notes; and the ground it stands on.
//!
//! The population is a few years old when the clock starts, so that ties, markets and careers are there. Numbers of
//! `cargo bench -p fondaco-benches --bench engine`; whole runs are measured by the example `whole_run`.

use criterion::{BatchSize, BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use fondaco::draw::{Address, Purpose, Seed};
use fondaco::economy::accounts::Notes;
use fondaco::engine::Simulation;
use fondaco::engine::model::Model;
use fondaco::experiment::Plan;
use fondaco::mechanism::kernel::Cumulative;
use fondaco::mechanism::partner::Partner;
use fondaco::number::{exp, ln, normal, poisson};
use fondaco::scenario::Loaded;
use std::hint::black_box;

/// Quarters before the clock starts, and quarters timed: two years, so that yearly work has its share.
const BEFORE: u16 = 80;
const TIMED: u16 = 8;

/// What `fondaco run` notes by default.
const LIVES: Notes = Notes { events: false, panel: false, firms: false, lives: true };

fn model(firms: u32) -> Model {
    let text = format!("population.firms = {firms}\nrun.burn_in = 10\nrun.years = 40");
    let loaded = Loaded::read("bench.toml", &text, &[]).expect("the settings are right");
    Plan::new(&loaded).expect("the plan can be made").model(0).expect("the network can be made")
}

/// A simulation after [`BEFORE`] quarters.
fn grown(model: &Model, notes: Notes) -> Simulation<'_> {
    let mut simulation = Simulation::new(model, notes);
    for _ in 0..BEFORE {
        quarter(&mut simulation);
    }
    simulation
}

/// A quarter, and at the end of a year what a run does with the accounts, short of writing them down.
fn quarter(simulation: &mut Simulation) {
    simulation.step();
    if simulation.year_closed() {
        black_box(simulation.collect_year());
        for chunk in &mut simulation.economy.chunks {
            let accounts = &mut chunk.accounts;
            black_box((
                accounts.events.drain(..).count(),
                accounts.panel.drain(..).count(),
                accounts.firms.drain(..).count(),
            ));
            accounts.lives.clear();
        }
    }
}

/// Times [`TIMED`] quarters on the threads of a pool, each time from the same state.
fn time(
    group: &mut criterion::BenchmarkGroup<criterion::measurement::WallTime>,
    id: BenchmarkId,
    start: &Simulation,
    pool: &rayon::ThreadPool,
) {
    group.throughput(Throughput::Elements(start.economy.len() as u64 * u64::from(TIMED)));
    group.bench_function(id, |bencher| {
        let again = || {
            pool.install(|| {
                let mut simulation = Simulation::new(start.model, Notes::default());
                simulation.economy = start.economy.clone();
                simulation
            })
        };
        bencher.iter_batched(
            again,
            |mut simulation| {
                pool.install(|| (0..TIMED).for_each(|_| quarter(&mut simulation)));
                simulation
            },
            BatchSize::PerIteration,
        );
    });
}

/// A pool of so many threads; a simulation asks at its start how many there are.
fn pool(threads: usize) -> rayon::ThreadPool {
    rayon::ThreadPoolBuilder::new().num_threads(threads).build().expect("threads can be started")
}

fn by_size(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("firm-quarters, one thread");
    group.sample_size(10);
    for firms in [10_000, 100_000] {
        let model = model(firms);
        time(&mut group, BenchmarkId::from_parameter(firms), &grown(&model, LIVES), &pool(1));
    }
    group.finish();
}

fn by_threads(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("firm-quarters of 100000 firms, by threads");
    group.sample_size(10);
    let model = model(100_000);
    for threads in [1, 2] {
        time(&mut group, BenchmarkId::from_parameter(threads), &grown(&model, LIVES), &pool(threads));
    }
    group.finish();
}

fn by_notes(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("firm-quarters of 10000 firms, by notes");
    group.sample_size(20);
    let model = model(10_000);
    let choices = [
        ("nothing", Notes::default()),
        ("lives", LIVES),
        ("events", Notes { events: true, ..LIVES }),
        ("everything", Notes { events: true, panel: true, firms: true, lives: true }),
    ];
    for (name, notes) in choices {
        time(&mut group, BenchmarkId::from_parameter(name), &grown(&model, notes), &pool(1));
    }
    group.finish();
}

/// The arithmetic below the phases, each on a thousand numbers.
fn ground(criterion: &mut Criterion) {
    const N: u32 = 1000;
    let mut group = criterion.benchmark_group("ground");
    group.throughput(Throughput::Elements(u64::from(N)));
    let seed = Seed::new(1, 0);
    let draws: Vec<f32> = (0..N).map(|i| seed.block(Address::row(i, Purpose::Sample)).uniform(0)).collect();
    group.bench_function("block of four uniforms", |bencher| {
        let block = |i| seed.block(Address::firm(black_box(i), 0, Purpose::Sample, 7)).low;
        bencher.iter(|| (0..N).fold(0, |bits, i| bits ^ block(i)));
    });
    let mut each = |name: &str, f: &dyn Fn(f32) -> f32| {
        group.bench_function(name, |bencher| {
            bencher.iter(|| black_box(&draws).iter().fold(0.0, |sum, u| sum + f(*u)));
        });
    };
    let (partner, markets) = (Partner::default(), Cumulative::new((1..=60).map(|rank| 1.0 / rank as f32)));
    each("exp", &|u| exp(-4.0 * u));
    each("ln", &|u| ln(u));
    each("normal", &|u| normal(u));
    each("poisson", &|u| poisson(0.3, u) as f32);
    each("partner", &|u| partner.draw(50_000, u) as f32);
    each("market", &|u| f32::from(markets.draw(u)));
    group.finish();
}

criterion_group!(benches, by_size, by_threads, by_notes, ground);
criterion_main!(benches);
